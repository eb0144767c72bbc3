"""What has decayed to nothing: a proved bound where neither floor nor noise is left, instead of a small difference.

With m_i = z_i (2 - gamma (1 + 1/B) z_i) for the largest step size gamma of the run, a rate r < min m_i such that
(gamma/B) sum_i k_i/(m_i - r) <= 1, and h_i = k_i/(m_i - r): one step of size s <= gamma multiplies h by at most
1 - s r, because its losses are at least s m_i and its feedback is s^2 k_i/B sum h <= s k_i. Hence

    E(t) <= max_i(f_i/h_i) sum_i h_i exp(-r sum_(s<t) gamma_s),

for averages at their first iterate (the excess is convex). Modes may be put together in blocks, with the least m and
the sum of k of a block; so long spectra have a bound too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.oracle import arithmetic
from tests.oracle.floats80 import LD, longdouble
from tests.oracle.measures import SHORT, eigenvalue, power
from tests.oracle.modes import Modes
from tests.oracle.questions import Question, Schedule
from tests.oracle.schedules import sizes_at, staged, stages

PIECES = 4000


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """Modes in blocks: the least and the largest z, the sums of k, and the largest f/k of a single mode."""

    low: np.ndarray
    high: np.ndarray
    k: np.ndarray
    ratio: np.ndarray


def persistence(low: np.ndarray, high: np.ndarray, k: np.ndarray, gamma: np.longdouble, batch: int) -> np.longdouble:
    """The largest r, from below; no more than 0 where the feedback is not less than 1."""
    m = _movement(low, high, gamma, batch)
    least, share = m.min(), gamma / LD(batch)
    if not (least > 0 and (share * k / m).sum() < 1):
        return LD(0)
    near, far = LD(0), LD(1)
    for _ in range(70):
        middle = (near + far) / 2
        near, far = (middle, far) if (share * k / (m - middle * least)).sum() <= 1 else (near, middle)
    return near * least


def _movement(low: np.ndarray, high: np.ndarray, gamma: np.longdouble, batch: int) -> np.ndarray:
    """The least m of each block: m is concave in z."""
    most = gamma * (1 + 1 / LD(batch))
    return np.minimum(low * (2 - most * low), high * (2 - most * high))


def log_bounds(question: Question, modes: Modes, firsts: list[int | None]) -> np.ndarray:
    """The natural logarithm of a bound of the excess at each step; infinite where none is known."""
    none = np.full(len(question.steps), np.inf)
    if question.noise != 0 or modes.floor != 0:
        return none
    blocks, gamma = _blocks(question, modes), longdouble(question.schedule.peak)
    rate = persistence(blocks.low, blocks.high, blocks.k, gamma, question.batch_size)
    if rate <= 0:
        return none
    m = _movement(blocks.low, blocks.high, gamma, question.batch_size)
    h = blocks.k / (m - rate)
    largest = np.log((blocks.ratio * (blocks.high * (2 - gamma * blocks.low) - rate)).max() * h.sum())
    held = [t if first is None else first for t, first in zip(question.steps, firsts, strict=True)]
    return largest - rate * np.array([moved(question.schedule, t, question.horizon) for t in held], dtype=LD)


def _blocks(question: Question, modes: Modes) -> Blocks:
    if not np.iscomplexobj(modes.z):
        z, k = arithmetic.rounded(modes.z), arithmetic.rounded(modes.k)
        return Blocks(low=z, high=z, k=k, ratio=arithmetic.rounded(modes.f) / k)
    spectrum, signal, length = question.spectrum, question.signal, question.spectrum.dimension
    ends = np.floor(np.exp2(np.arange(np.log2(SHORT), np.log2(float(length)), 1 / 32).astype(LD)))
    edges = np.unique(np.concatenate([np.arange(1, SHORT, dtype=LD), ends, [LD(length + 1)]]))
    first, last = edges[:-1], edges[1:] - 1
    high, low = eigenvalue(spectrum, first), eigenvalue(spectrum, last)
    largest = np.maximum(power(spectrum, signal, first), power(spectrum, signal, last))
    return Blocks(low=low, high=high, k=(last - first + 1) * high**2, ratio=largest / low**2)


def moved(schedule: Schedule, t: int, horizon: int) -> np.longdouble:
    """The sum of the first t step sizes, from below: a smooth schedule rises, then falls."""
    if staged(schedule):
        return sum((LD(min(b, t) - a) * longdouble(g) for a, b, g in stages(schedule, horizon) if a < t), LD(0))
    edges = sorted({t * k // PIECES for k in range(PIECES + 1)})
    starts, lengths = edges[:-1], np.diff(np.array(edges, dtype=LD))
    ends = [edge - 1 for edge in edges[1:]]
    least = np.minimum(*(sizes_at(schedule, where, horizon) for where in (starts, ends)))
    return (lengths * least).sum() if t else LD(0)
