"""Random valid questions over the documented domain, its edges sought on purpose. A seed and a number name one."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np

from tests.oracle.questions import Question, Schedule, Signal, Spectrum
from tests.oracle.reference import largest

EDGES = (0.98, 0.99, 0.995, 0.999, 0.9999, 0.99999, 0.999999)
VECTOR = 10**5  # longer spectra are power laws with a power law of a signal
Rng = np.random.Generator


def question(seed: int, number: int) -> Question:
    """The number-th question of a seed."""
    rng = np.random.default_rng([seed, number])
    road = str(rng.choice(["exact", "equivalent", "unsketched"], p=[0.4, 0.45, 0.15]))
    spectrum = random_spectrum(rng, road)
    signal = random_signal(rng, spectrum)
    if road == "unsketched" and (spectrum.dimension or 0) > VECTOR:
        signal = replace(signal, prior=False)
    size = random_size(rng, road, spectrum)
    sketch = None
    if road == "exact":
        sketch = rng.standard_normal((int(size), _length(spectrum))) / math.sqrt(float(size))
    batch = 1 if rng.random() < 0.5 else int(10 ** rng.uniform(0, 6))
    noise = Fraction(0) if rng.random() < 0.4 else decimal(10 ** rng.uniform(-6, 2), 3)
    name = str(
        rng.choice(
            ["constant", "geometric", "polynomial", "cosine", "wsd", "custom"], p=[0.42, 0.14, 0.1, 0.08, 0.1, 0.16]
        )
    )
    tail = None
    if rng.random() < 0.25:
        tail = [Fraction(1), Fraction(1, 2), Fraction(1, 1000), decimal(rng.uniform(0.01, 0.99), 3)][rng.integers(4)]
    steps, horizon = _steps(rng, name)
    draft = Question(
        road=road, spectrum=spectrum, signal=signal, noise=noise, model_size=size, batch_size=batch,
        schedule=Schedule(name="constant", peak=Fraction(1)), steps=steps, horizon=horizon, tail=tail, sketch=sketch,
    )  # fmt: skip
    share = float(rng.choice(EDGES)) if rng.random() < 0.3 else float(rng.uniform(0.02, 0.97))
    peak = decimal(share * float(largest(draft)), 13)
    return replace(draft, schedule=_schedule(rng, name, peak, horizon), share=share)


def decimal(value: float, digits: int) -> Fraction:
    """Rounded to so many digits, then exact."""
    return Fraction(f"{value:.{digits - 1}e}")


def _near(rng: Rng, value: Fraction) -> Fraction:
    """A value, or one close to it on either side."""
    if rng.random() < 0.3:
        return value
    return value + Fraction(int(rng.choice([-1, 1])), 10 ** int(rng.integers(1, 10)))


def _length(spectrum: Spectrum) -> int:
    return len(spectrum.listed) or spectrum.dimension or 0


def random_spectrum(rng: Rng, road: str) -> Spectrum:
    what = rng.random()
    if what < 0.17:
        return Spectrum(listed=_ragged(rng))
    longest = {"exact": 2.3, "unsketched": 3.5, "equivalent": 4.0}[road]
    dimension: int | None = int(10 ** rng.uniform(0.31, longest))
    if road == "unsketched" and rng.random() < 0.15:
        dimension = int(10 ** rng.uniform(3.5, 18))
    if road == "equivalent":
        if rng.random() < 0.45:
            dimension = None
        elif rng.random() < 0.1:
            dimension = int(10 ** rng.uniform(4, 15))
    scale = Fraction(1) if rng.random() < 0.8 else decimal(10 ** rng.uniform(-4, 4), 2)
    if what < 0.24:
        dimension = dimension and min(dimension, VECTOR)
        return Spectrum(a=decimal(rng.uniform(1.2, 4), 3), dimension=dimension, scale=scale, logarithmic=True)
    pick = rng.random()
    if pick < 0.2:
        a = _near(rng, Fraction(1))
    elif pick < 0.35:
        a = Fraction(int(rng.integers(1, 9)), int(rng.integers(1, 4)))
    elif pick < 0.42:
        a = decimal(rng.uniform(4, 8 if dimension is None or dimension > 100 else 16), 3)
    elif pick < 0.45:
        a = decimal(rng.uniform(0.02, 0.3), 3)
    else:
        a = decimal(rng.uniform(0.3, 4), 3)
    if dimension is None and a <= 1:
        a = 2 - a if a < 1 else Fraction(2)
    if dimension is not None and dimension > 10**5 and a < 0.3:
        a = 1 - a
    return Spectrum(a=a, dimension=dimension, scale=scale)


def _ragged(rng: Rng) -> tuple[float, ...]:
    """Eigenvalues in no order: spread over decades, some repeated, some zero, one large among them."""
    count = int(10 ** rng.uniform(0.31, 2.3))
    values = 10 ** rng.uniform(-rng.uniform(0, 8), 0, count)
    if rng.random() < 0.3:
        values = np.round(values, 1)
    if rng.random() < 0.2:
        values[rng.integers(count)] *= 10 ** rng.uniform(1, 6)
    if np.count_nonzero(values) < 2:
        values = np.linspace(1, 2, count)
    return tuple(float(value) for value in values)


def random_signal(rng: Rng, spectrum: Spectrum) -> Signal:
    prior = bool(rng.random() < 0.2)
    scale = Fraction(1) if rng.random() < 0.8 else decimal(10 ** rng.uniform(-4, 4), 2)
    if spectrum.listed:
        if prior:
            return Signal(prior=True, scale=scale)
        return Signal(listed=tuple(float(w) for w in rng.standard_normal(len(spectrum.listed))))
    if spectrum.logarithmic and rng.random() < 0.6:
        return Signal(prior=True, scale=scale)
    infinite = spectrum.dimension is None
    pick = rng.random()
    if pick < 0.15:
        b = _near(rng, Fraction(1))
    elif pick < 0.45:
        b = _near(rng, [spectrum.a, spectrum.a + 1, 2 * spectrum.a + 1][rng.integers(3)])
    else:
        b = decimal(rng.uniform(1.02 if infinite else -0.5, 6), 3)
    if infinite and b <= 1:
        b = 2 - b if b < 1 else Fraction(3, 2)
    return Signal(b=b, scale=scale, prior=prior)


def random_size(rng: Rng, road: str, spectrum: Spectrum) -> Fraction:
    positive = sum(value > 0 for value in spectrum.listed) or spectrum.dimension
    if road == "unsketched":
        return Fraction(_length(spectrum))
    if road == "exact":
        most = min(positive, 10 if rng.random() < 0.8 else 40)
        if positive <= 40 and rng.random() < 0.15:
            return Fraction(max(1, positive - int(rng.integers(0, 2))))
        return Fraction(int(rng.integers(1, most + 1)))
    if rng.random() < 0.1:
        return Fraction(1)
    if positive is None:
        far = 6.0 if rng.random() < 0.93 else 9.0
        size = 10 ** rng.uniform(0, far)
    elif positive <= 10**4 and rng.random() < 0.2:
        return max(Fraction(1), positive - [Fraction(1), Fraction(1, 2), Fraction(1, 100)][rng.integers(3)])
    else:
        size = float(positive) ** rng.uniform(0, 0.99)
        size = min(size, 1e6)
    whole = Fraction(max(1, int(size)))
    return whole if rng.random() < 0.7 else max(Fraction(1), decimal(size, 4))


def _steps(rng: Rng, name: str) -> tuple[tuple[int, ...], int]:
    top = 3.5 if name == "custom" or rng.random() < 0.9 else 18.0
    if name in ("constant", "geometric"):
        top = 18.0 if rng.random() < 0.5 else 5.0
    last = max(1, int(10 ** rng.uniform(0, top)))
    if rng.random() < 0.02 and top == 18.0:
        last = 10**18
    some = {last} if rng.random() < 0.5 else {last, int(last ** rng.random()), int(rng.integers(0, 4))}
    steps = tuple(sorted(step for step in some if step <= last))
    horizon = last if rng.random() < 0.7 or name == "custom" else int(last * rng.uniform(1, 2))
    return steps, min(horizon, 10**18)


def _schedule(rng: Rng, name: str, peak: Fraction, horizon: int) -> Schedule:
    if name == "polynomial":
        power = [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3), decimal(rng.uniform(0.1, 5), 2)]
        return Schedule(name=name, peak=peak, power=power[rng.integers(5)])
    if name == "wsd":
        decay = [Fraction(1, 5), Fraction(1), decimal(rng.uniform(0.05, 0.9), 2)][rng.integers(3)]
        warmup = Fraction(0) if rng.random() < 0.5 else decimal(rng.uniform(0, float(1 - decay)) * 0.99 + 1e-3, 2)
        if warmup + decay > 1:
            warmup = Fraction(0)
        power = [Fraction(1), Fraction(1, 2), Fraction(3)][rng.integers(3)]
        return Schedule(name=name, peak=peak, decay=decay, warmup=warmup, power=power)
    if name == "custom":
        top = float(peak)
        if rng.random() < 0.5:
            values = top * rng.random(horizon)
        else:
            values = top * np.repeat(rng.random(1 + horizon // 50), 50)[:horizon]
        values[rng.integers(horizon)] = top
        return Schedule(name=name, peak=Fraction(top), listed=tuple(float(value) for value in values))
    return Schedule(name=name, peak=peak)


def tolerance(seed: int, number: int) -> float:
    """What is asked of the road: mostly the default."""
    return float(np.random.default_rng([seed, number, 1]).choice([1e-9, 1e-6, 1e-12], p=[0.7, 0.1, 0.2]))
