"""Negative control: the population spectrum cut at M, as if the features were the leading coordinates.

Formula: z_j = lambda_j, f_j = lambda_j w_j^2, k_j = lambda_j^2 for the M largest eigenvalues; the floor is the signal
power beyond them.
"""

from __future__ import annotations

import numpy as np

from riskcalc.curve import Run
from riskcalc.dynamics import Modes, respond
from riskcalc.quantity import Real


def without_sketch(run: Run) -> Real:
    """Excess at the recorded steps, wrong on purpose; finite dimension, whole model size."""
    eigenvalues, power = run.problem.eigenvalues(), run.problem.signal_power()
    order = np.argsort(-eigenvalues, kind="stable")
    kept, cut = order[: int(run.model_size)], order[int(run.model_size) :]
    modes = Modes(
        position=eigenvalues[kept],
        signal=power[kept],
        kernel=eigenvalues[kept] ** 2,
        floor=float(power[cut].sum()),
        paired=False,
    )
    answer = respond(
        modes,
        run.schedule,
        steps=run.steps,
        horizon=run.horizon,
        batch_size=run.batch_size,
        noise=float(run.problem.noise),
        averaging=run.averaging,
    )
    return modes.floor + answer.bias + answer.variance
