"""How far the modes of a contour may grow: a run that is stable on the spectrum need not be so around it.

The response of a stable run is a sum over a contour on which single modes may grow and cancel, at the price of digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from riskcalc.curve.averaging import Averaging, LastIterate
from riskcalc.spectral.modes import Modes

_MOST = 3.0  # costs a digit


def grows_too_much(
    modes: Modes, pieces: Iterable[tuple[float, int]], *, batch_size: int, averaging: Averaging
) -> bool:
    """Whether some mode grows by so much in one of the pieces that digits of the response are lost.

    pieces: step size and number of steps. The peak over the whole run is the strictest choice. Stage by stage is what
    a search can bear: each stage is one transform, and what the stages lose together the road finds afterwards.
    """
    return any(
        log_growth(modes, step_size, steps=steps, batch_size=batch_size, averaging=averaging) > _MOST
        for step_size, steps in pieces
    )


def log_growth(modes: Modes, step_size: float, *, steps: int, batch_size: int, averaging: Averaging) -> float:
    """log of the largest |q_n|^steps.

    Formula: |1 - d|^2 - 1 = |d|^2 - 2 Re d with d = 1 - q_n, so that rounding costs steps * 1e-16 of d and not of 1.
        Where iterates are averaged, |1 - gamma z_n|^steps counts as well.

    >>> modes = Modes(position=np.array([1e-20j]), signal=np.ones(1), kernel=np.ones(1), floor=0.0, paired=True)
    >>> log_growth(modes, 0.5, steps=10**18, batch_size=1, averaging=LastIterate()) < 1e-15
    True
    """
    decrements = [modes.decrement(step_size, batch_size)]
    if not isinstance(averaging, LastIterate):
        decrements.append(step_size * modes.position)
    largest = max(float(np.max(np.abs(each) ** 2 - 2 * np.real(each))) for each in decrements)
    return steps / 2 * math.log1p(largest) if largest > -1 else -math.inf
