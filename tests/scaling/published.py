"""The published terms typed once more, and the best exponents among them by HiGHS in floats: an independent reference.

Terms: Paquette et al. (arXiv 2405.15074), Lin et al. (arXiv 2406.08466), and for other schedules the noise with the
smaller of a and p + 1, p the power at which the schedule ends (0 constant, infinite geometric).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import linprog


def best_loss(a, b, *, end, noise, free, data, size=None):
    """The exponent of the smallest loss; with `size`, of the smallest at that exponent of the model size."""
    found = [_solved(*_window(a, b, end, noise), a, free, data, size)]
    if noise:
        found.append(_solved(*_late(a, b, end), a, free, data, size))
    return -min((value for value in found if value is not None), default=math.inf)


# forms in (1, m, g, t): exponents of the budget, M, gamma and t


def _window(a, b, end, noise):
    time, m, g, t = (np.array(row, dtype=float) for row in ((0, 0, 1, 1), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)))
    terms = [-min(b - 1, a) * m, -(b - 1) / a * time]
    if b > a + 1:
        if a > 1:
            terms.append(-m - (1 - 1 / a) * time)
        terms.append(g - (2 - 1 / a) * time if a > 0.5 else g + (1 - 2 * a) * m)
    if noise:
        terms.append(time / min(a, end + 1) - t if a > 0.5 else 2 * g + t + (1 - 2 * a) * m)
    return terms, [time - a * m, -time]


def _late(a, b, end):
    time, m, g, t = (np.array(row, dtype=float) for row in ((0, 0, 1, 1), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)))
    noise = m - t if math.isinf(end) else g - end / (end + 1) * time + max(0.0, 1 - a / (end + 1)) * m
    return [-min(b - 1, a) * m, noise], [a * m - time, -time]


def _solved(terms, limits, a, free, data, size):
    """min l with terms <= l: unknowns (m, g, l), t = 1 - m or 1."""
    largest = min(0.0, a - 1)

    def row(form, level):
        constant, m, g, t = form
        constant, m = constant + t, m - (0 if data else t)
        return [m, g, -level], -constant

    stable = [np.array([0, 0, 1, 0]), np.array([0, 1 - a, 1, 0])]
    rows = [row(form, 1) for form in terms] + [row(np.asarray(form, dtype=float), 0) for form in [*limits, *stable]]
    rows += [([0, 0, 0], 1.0)] if data else [row(np.array([0.0, 0, 0, -1]), 0)]
    equal = [] if free else [([-largest, 1, 0], 0.0)]
    equal += [] if size is None else [([1, 0, 0], size)]
    found = linprog(
        [0, 0, 1],
        A_ub=[left for left, _ in rows],
        b_ub=[right for _, right in rows],
        A_eq=[left for left, _ in equal] or None,
        b_eq=[right for _, right in equal] or None,
        bounds=[(0, None), (None, None), (None, None)],
        method="highs",
    )
    return found.fun if found.status == 0 else None
