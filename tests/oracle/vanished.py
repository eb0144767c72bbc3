"""What has decayed to nothing: a proved bound where neither floor nor noise is left, instead of a small difference.

D01.6 with h_i = gamma k_i/(z_i B (2 - gamma (1 + 1/B) z_i)): T h = h - (1 - kappa)(gamma^2/B) k <= rho h, with
rho = 1 - (1 - kappa) min_i (1 - q_i), so that E(t) <= max_i(f_i/h_i) kappa rho^t; a smaller step size later keeps it.
"""

from __future__ import annotations

import numpy as np

from tests.oracle.floats80 import LD, longdouble
from tests.oracle.modes import Modes
from tests.oracle.questions import Question
from tests.oracle.schedules import stages


def log_bounds(question: Question, modes: Modes, firsts: list[int | None]) -> np.ndarray:
    """The natural logarithm of a bound of the excess at each step; infinite where none is known."""
    none = np.full(len(question.steps), np.inf)
    if np.iscomplexobj(modes.z) or modes.floor != 0 or question.noise != 0:
        return none
    if question.schedule.name not in ("constant", "geometric"):
        return none
    _, end, size = stages(question.schedule, question.horizon)[0]
    gamma, batch = longdouble(size), LD(question.batch_size)
    loss = gamma * modes.z * (2 - gamma * (1 + 1 / batch) * modes.z)
    h = gamma * gamma * modes.k / (batch * loss)
    kappa = h.sum()
    rate = -np.log1p(-(1 - kappa) * loss.min())
    largest = np.log((modes.f / h).max() * kappa)
    held = [t if first is None else first for t, first in zip(question.steps, firsts, strict=True)]
    return largest - rate * np.array([min(t, end) for t in held], dtype=LD)
