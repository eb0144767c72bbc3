"""Methods with a memory: their update as it is written, and what it makes of all second moments of a mode.

What the update does to unit vectors says how it moves the errors (A, from a gradient that is zero), what a gradient
kicks (d), where it is taken (c) and what is read (r). With X = z E[u u^T] of a mode,
X <- A_z X A_z^T + (1/B) (z^2 c.X.c + k (E + tau^2)) d d^T, A_z = A + z d c^T, E = sum c.X.c, step by step in balls or
80-bit floats; where neither coefficients nor step size change, by powers of the whole map in balls. No transform, no
eigenvalue, no generating function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx

from tests.oracle import arithmetic
from tests.oracle.arithmetic import Arithmetic, middle, real
from tests.oracle.floats80 import ball
from tests.oracle.modes import Modes
from tests.oracle.questions import Memory

BITS = 320
Gradient = Callable[[Any], Any]


def update(memory: Memory, t: int, gamma: Any, buffers: list, gradient: Gradient, number: Callable) -> tuple[list, Any]:
    """The buffers after step t, and the model that is read then."""
    beta = number(memory.beta)
    *first, mean = buffers if memory.rate is not None else [*buffers, None]
    if memory.name == "heavy-ball":
        theta, m = first
        m = beta * m + gradient(theta)
        after = [theta - gamma * m, m]
    elif memory.name == "nesterov":
        theta, v = first
        v = beta * v - gamma * gradient(theta + beta * v)
        after = [theta + v, v]
    elif memory.name == "lookahead":
        theta, m = first
        g = gradient(theta)
        m = beta * m + g
        after = [theta - gamma * (g + beta * m), m]
    elif memory.name == "two-buffer":
        theta, m = first
        g = gradient(theta)
        m = beta * m + g
        after = [theta - gamma * g - number(memory.delta) * m, m]
    elif memory.name == "dana":
        theta, m = first
        g = gradient(theta)
        m = (1 - number(memory.memory) / (number(memory.memory) + t)) * m + g
        after = [theta - gamma * g - number(memory.delta) * number(1 + t) ** -number(memory.decay) * m, m]
    else:
        assert memory.name == "schedule-free", memory.name
        z, x = first
        z = z - gamma * gradient((1 - beta) * z + beta * x)
        share = 1 / number(t + 1)
        after = [z, (1 - share) * x + share * z]
    read = after[1 if memory.name == "schedule-free" else 0]
    if mean is None:
        return after, read
    mean = (1 - number(memory.rate)) * mean + number(memory.rate) * read
    return [*after, mean], mean


def start(memory: Memory) -> list[int]:
    """The errors at the start, the model's being 1; momentum starts at zero."""
    pair = [1, 1] if memory.name == "schedule-free" else [1, 0]
    return pair if memory.rate is None else [*pair, 1]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A, d, c and r."""

    still: list[list]
    kick: list
    drive: list
    read: list


def step_of(memory: Memory, t: int, gamma: Any, numbers: Arithmetic) -> Step:
    """By the update of unit vectors, one after the other, and of nothing but a gradient."""
    number, size = numbers.number, len(start(memory))
    zero, one = number(0), number(1)
    columns, drive = [], []
    for k in range(size):
        asked: list = []
        unit = [one if j == k else zero for j in range(size)]
        moved, _ = update(memory, t, gamma, unit, lambda at, asked=asked: asked.append(at) or zero, number)
        columns.append(moved)
        drive.append(asked[0])
    kick, _ = update(memory, t, gamma, [zero] * size, lambda _: one, number)
    last = size - 1 if memory.rate is not None else 1 if memory.name == "schedule-free" else 0
    read = [one if k == last else zero for k in range(size)]
    return Step(still=[list(row) for row in zip(*columns, strict=True)], kick=kick, drive=drive, read=read)


def followed(memory: Memory, modes: Modes, sizes: np.ndarray, steps: tuple[int, ...], batch: int, tau2: Any) -> list:
    """Bias and variance at each of the steps, every step made."""
    numbers = arithmetic.of(modes.z)
    begin, sample = start(memory), numbers.number(Fraction(1, batch))
    buffers = range(len(begin))
    nothing = 0 * modes.f
    state = [[[modes.f * (begin[i] * begin[j]) for j in buffers] for i in buffers]]
    state.append([[nothing for _ in buffers] for _ in buffers])
    found, last = {}, max(steps)
    for t in range(last + 1):
        size = sizes[t] if t < last else sizes[-1] if last else numbers.number(0)
        step = step_of(memory, t, size, numbers)
        if t in steps:
            found[t] = [real(_square(step.read, one)).sum() for one in state]
        if t == last:
            break
        moving = [[a + modes.z * (d * c) for a, c in zip(row, step.drive, strict=True)]
                  for row, d in zip(step.still, step.kick, strict=True)]  # fmt: skip
        for place, one in enumerate(state):
            seen = _square(step.drive, one)
            noise = sample * (modes.z * modes.z * seen + modes.k * (real(seen).sum() + (tau2 if place else 0)))
            half = [[sum(moving[i][k] * one[k][j] for k in buffers) for j in buffers] for i in buffers]
            state[place] = [
                [middle(sum(half[i][k] * moving[j][k] for k in buffers) + noise * (step.kick[i] * step.kick[j]))
                 for j in buffers] for i in buffers
            ]  # fmt: skip
    return [found[t] for t in steps]


def _square(weights: list, moments: list) -> Any:
    pairs = [(i, j) for i, w in enumerate(weights) for j, v in enumerate(weights) if w != 0 and v != 0]
    return sum(moments[i][j] * (weights[i] * weights[j]) for i, j in pairs)


def by_powers(
    memory: Memory, modes: Modes, gamma: Fraction, steps: tuple[int, ...], batch: int, noise: Fraction
) -> list:
    """The same for constant coefficients in balls: the map of all moments of all modes, to the power t."""
    with ctx.workprec(BITS):
        z, f, k, floor = modes.balls
        step, begin = step_of(memory, 0, ball(gamma), arithmetic.BALLS), start(memory)
        pairs = [(i, j) for i in range(len(begin)) for j in range(len(begin))]
        width, count = len(pairs), len(z)
        sample, size = ball(Fraction(1, batch)), width * count + 1
        feed = [step.kick[i] * step.kick[j] for i, j in pairs]
        seen = [step.drive[i] * step.drive[j] for i, j in pairs]
        rows = [[arb(0)] * size for _ in range(size)]
        rows[-1][-1] = arb(1)
        for n in range(count):
            moving = [[a + z[n] * d * c for a, c in zip(row, step.drive, strict=True)]
                      for row, d in zip(step.still, step.kick, strict=True)]  # fmt: skip
            for p, (i, j) in enumerate(pairs):
                row = rows[n * width + p]
                for q, (a, b) in enumerate(pairs):
                    row[n * width + q] += moving[i][a] * moving[j][b] + sample * z[n] * z[n] * feed[p] * seen[q]
                    for other in range(count):
                        row[other * width + q] += sample * k[n] * feed[p] * seen[q]
                row[-1] = sample * k[n] * feed[p]
        read = [[step.read[i] * step.read[j] for i, j in pairs] * count + [arb(0)]]
        bias = [x * (begin[i] * begin[j]) for x in f for i, j in pairs] + [arb(0)]
        variance = [arb(0)] * (size - 1) + [floor + ball(noise)]
        vectors, square, at = [arb_mat([[x] for x in vector]) for vector in (bias, variance)], arb_mat(rows), 0
        found = []
        for t in steps:
            vectors = [_raised(square, vector, t - at) for vector in vectors]
            at = t
            found.append([(arb_mat(read) * vector)[0, 0] for vector in vectors])
        return found


def _raised(matrix: arb_mat, vector: arb_mat, count: int) -> arb_mat:
    while count:
        if count & 1:
            vector = matrix * vector
        count >>= 1
        if count:
            matrix = matrix * matrix
    return vector


def feedback(memory: Memory, modes: Modes, gamma: float, batch: int, t: int) -> float:
    """kappa of the method as it stands at step t, inf where some mode by itself does not fall; in float64."""
    step = step_of(memory, t, gamma, arithmetic.FLOATS64)
    still, kick, drive = np.array(step.still), np.array(step.kick), np.array(step.drive)
    size = 2 if memory.rate is not None else len(kick)  # a mean only follows
    still, kick, drive = still[:size, :size], kick[:size], drive[:size]
    feed, seen = np.kron(kick, kick), np.kron(drive, drive)
    moved = np.abs(modes.z) > 1e-12 * np.abs(modes.z).max()  # the others add nothing, and hardly fall
    z, k = (values[moved].astype(complex)[:, None, None] for values in (modes.z, modes.k))
    moving = still + z * np.outer(kick, drive)
    both = moving[:, :, None, :, None] * moving[:, None, :, None, :]
    whole = both.reshape(len(z), size * size, size * size) + z * z / batch * np.outer(feed, seen)
    if np.abs(np.linalg.eigvals(whole)).max() >= 1:
        return np.inf
    kicks = np.broadcast_to(feed[:, None], (len(z), size * size, 1))
    try:
        response = np.linalg.solve(np.eye(size * size) - whole, kicks)
    except np.linalg.LinAlgError:  # a mode that floats do not see fall
        return np.inf
    return float((k / batch * (seen @ response)[..., None]).real.sum())
