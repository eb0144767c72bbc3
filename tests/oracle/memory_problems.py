"""Random questions for methods with a memory: problems as for SGD, but few features, and steps that a slow route makes.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from tests.oracle.memory import feedback
from tests.oracle.problems import EDGES, Rng, decimal, random_signal, random_size, random_spectrum
from tests.oracle.questions import Memory, Question, Schedule
from tests.oracle.reference import MEMORY_AXES, memory_modes, real_modes

NAMES = ("heavy-ball", "nesterov", "lookahead", "two-buffer", "schedule-free", "dana")
FEW = 8  # features given a sketch
STEPWISE = 2.5  # log10 of the steps that are made one by one


def remembering(seed: int, number: int) -> Question:
    """The number-th question of a seed, of a method with a memory."""
    rng = np.random.default_rng([seed, number, 2])
    road = str(rng.choice(["exact", "equivalent", "unsketched"], p=[0.4, 0.4, 0.2]))
    over = _short(rng, road)
    of = random_signal(rng, over)
    size = random_size(rng, road, over)
    sketch = None
    if road == "exact":
        size = min(size, Fraction(FEW))
        length = len(over.listed) or over.dimension
        sketch = rng.standard_normal((int(size), length)) / np.sqrt(float(size))
    memory = _memory(rng)
    constant = rng.random() < 0.6
    steps = _steps(rng, at_once=constant and memory.steady and road != "equivalent")
    draft = Question(
        road=road, spectrum=over, signal=of, noise=Fraction(0) if rng.random() < 0.4 else decimal(rng.uniform(0, 2), 3),
        model_size=size, batch_size=1 if rng.random() < 0.5 else int(10 ** rng.uniform(0, 4)),
        schedule=Schedule(name="constant", peak=Fraction(1)), steps=steps, horizon=steps[-1], memory=memory,
        sketch=sketch,
    )  # fmt: skip
    share = float(rng.choice(EDGES[:3])) if rng.random() < 0.2 else float(rng.uniform(0.02, 0.95))
    peak = decimal(share * _largest(draft), 13)
    name = "constant" if constant else str(rng.choice(["cosine", "geometric", "polynomial"]))
    return replace(draft, schedule=Schedule(name=name, peak=peak, power=Fraction(1)), share=share)


def _short(rng: Rng, road: str):
    """A spectrum that a slow route bears."""
    while True:
        found = random_spectrum(rng, road)
        length = len(found.listed) or found.dimension
        if found.logarithmic or (length is None and found.a < Fraction(6, 5)):
            continue
        if road == "equivalent" or length <= (12 if road == "unsketched" else 200):
            return found


def _memory(rng: Rng) -> Memory:
    name = str(rng.choice(NAMES))
    beta = [Fraction(9, 10), Fraction(1, 2), Fraction(99, 100), decimal(rng.uniform(0, 0.97), 3)][rng.integers(4)]
    rate = decimal(10 ** rng.uniform(-4, 0), 2) if rng.random() < 0.15 else None
    return Memory(
        name=name, beta=beta, rate=rate, delta=decimal(10 ** rng.uniform(-4, -0.7), 2),
        decay=[Fraction(1, 2), Fraction(1), decimal(rng.uniform(0.4, 1.5), 2)][rng.integers(3)],
        memory=decimal(rng.uniform(1, 20), 2),
    )  # fmt: skip


def _steps(rng: Rng, *, at_once: bool) -> tuple[int, ...]:
    last = max(1, int(10 ** rng.uniform(0, 18 if at_once and rng.random() < 0.5 else STEPWISE)))
    return tuple(sorted({last, int(last ** rng.random()), int(rng.integers(0, min(last, 4) + 1))}))


def _largest(question: Question) -> float:
    """The largest step size that is stable at the first and at the last step, to a percent; a memory of its own may
    leave none: then a small one, for the road to refuse or to answer."""
    modes = memory_modes(question, MEMORY_AXES[0]) if question.road == "equivalent" else real_modes(question)

    def stable(size: float) -> bool:
        about = question.memory, modes, size, question.batch_size
        return max(feedback(*about, t) for t in (0, question.steps[-1] - 1)) < 1

    size = 4 / float(np.abs(modes.z).max())
    for _ in range(40):
        if stable(size):
            break
        size /= 2
    low, high = size, 2 * size
    for _ in range(6):
        middle = (low + high) / 2
        low, high = (middle, high) if stable(middle) else (low, middle)
    return low
