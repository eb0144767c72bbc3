"""From the second moments after every step to the excess at the recorded steps, by the definition of the average.

Formula: for the mean of theta_s, ..., theta_(t-1): floor + sum_i l_i A_i/(t - s)^2 with
A_i = sum_(r=s)^(t-1) m_i(r) (2 G_i(r) - 1), G_i(r) = 1 + (1 - gamma_r l_i) G_i(r+1), G_i(t) = 0: later iterates
remember theta_r by a product of factors 1 - gamma l_i. Run backwards in time, unlike the road's own recursion.
Source: D24.
"""

from __future__ import annotations

import numpy as np

from riskcalc.agreement.recursion import EVERY_TERM, Terms, recursion
from riskcalc.agreement.trained_recursion import trained_excess
from riskcalc.curve import LastIterate, Run, fresh_samples
from riskcalc.dynamics import Modes
from riskcalc.optimiser import SGD
from riskcalc.quantity import Real
from riskcalc.schedule import listed_sizes


def slow_excess(
    modes: Modes, run: Run, *, terms: Terms = EVERY_TERM, crossed: bool = True, noise: float | None = None
) -> Real:
    """Excess at the recorded steps of a run, step by step; crossed as in `recorded_excess`, noise if not the run's."""
    fresh_samples(run, method="the recursion of one pass")
    if run.training != SGD():
        return trained_excess(modes, run, terms=terms, noise=noise)
    step_sizes = listed_sizes(run.schedule, 0, run.steps[-1], horizon=run.horizon)
    label_noise = float(run.problem.noise) if noise is None else noise
    moments = recursion(modes, step_sizes, batch_size=run.batch_size, noise=label_noise, terms=terms)
    return recorded_excess(modes, moments, step_sizes, run, crossed=crossed)


def recorded_excess(modes: Modes, moments: Real, step_sizes: Real, run: Run, *, crossed: bool = True) -> Real:
    """Excess at the recorded steps from the moments after 0, 1, ... steps, shape (steps + 1, M).

    crossed: False leaves the products of different iterates out, wrong on purpose.
    """
    eigenvalues = np.real(modes.position)
    steps = np.array(run.steps)
    if isinstance(run.averaging, LastIterate):
        return np.asarray(modes.floor + moments[steps] @ eigenvalues)
    firsts = np.array([run.averaging.first(step) for step in run.steps])
    squares, later = np.zeros((steps.size, eigenvalues.size)), np.zeros((steps.size, eigenvalues.size))
    for step in range(steps[-1] - 1, -1, -1):
        inside = (firsts <= step) & (step < steps)
        later[inside] = 1 + (1 - step_sizes[step] * eigenvalues) * later[inside]
        squares[inside] += moments[step] * (2 * later[inside] - 1 if crossed else 1)
    counts = np.maximum(steps - firsts, 1)
    means = squares / counts[:, None].astype(np.float64) ** 2
    means[steps == firsts] = moments[0]  # step 0
    return np.asarray(modes.floor + means @ eigenvalues)
