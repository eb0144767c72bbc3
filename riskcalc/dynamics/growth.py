"""How far the modes of a contour may grow: a run that is stable on the spectrum need not be so around it.

The response of a stable run is a sum over a contour on which single modes may grow and cancel, at the price of digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np

from riskcalc.curve.averaging import Averaging, LastIterate
from riskcalc.optimiser import Optimiser
from riskcalc.quantity import Array, Real
from riskcalc.spectral.modes import Modes

_MOST = 3.0  # costs a digit
_HARDLY = 1.0  # of modes that turn round: what grows changes fast, and panels would have to be short
_EACH = 32  # first steps, each looked at
_PLACES = 240  # later ones
_FASTEST = 1 - 1e-12  # what falls faster is gone


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


def grows_when_trained(modes: Modes, optimiser: Optimiser, sizes: Callable[[Real], Real], *, last: int) -> bool:
    """The same of any method along a run up to step `last`; sizes: the step sizes at real-valued steps.

    Formula: at frozen coefficients a mode falls by |1 - w| a step, w the eigenvalue of G = drift - z kick drive^T, on
        the buffers that drive, that falls least; the log of its square, added up from the start to any step. Weakly
        damped modes turn round, on a contour at complex frequencies: there they grow with the sine of the angle.
        Source: D42.
    """
    steps = _places(last)
    if not steps.size:  # before the first step
        return False
    if optimiser.steady and np.ptp(sizes(steps)) == 0:
        steps = steps[-1:]  # one step stands for all
    found = optimiser.coefficients(steps, sizes(steps))
    core = slice(optimiser.core)
    moving = found.kick[:, core, None] * found.drive[core]
    grown = np.zeros(modes.position.size)
    weights = np.diff(steps, prepend=-1.0)
    for drift, kicked, weight in zip(found.drift[:, core, core], moving, weights, strict=True):
        grown += weight * _log_factor(drift - modes.position[:, None, None] * kicked)
        if grown.max() > _HARDLY:
            return True
    return False


def _places(last: int) -> Real:
    """Steps that stand for the ones before them, up to `last`, denser than the run can change."""
    early = np.arange(min(last, _EACH))
    return np.unique([*early, *np.geomspace(_EACH, last, _PLACES)]) if last > _EACH else early.astype(float)


def _log_factor(loss: Array) -> Real:
    """log |1 - w|^2 of each 1 x 1 or 2 x 2 matrix, w its eigenvalue that falls least."""
    if loss.shape[-1] == 1:
        least = loss[:, 0, 0]
    else:
        (a, b), (c, d) = loss.transpose(1, 2, 0)
        half, product = (a + d) / 2, a * d - b * c
        root = np.sqrt(half**2 - product)
        far = np.where(np.real(np.conj(half) * root) > 0, half + root, half - root)
        pair = np.stack([far, np.divide(product, far, out=np.zeros_like(far), where=far != 0)])
        return np.asarray(_log_square(pair).max(axis=0))
    return _log_square(least)


def _log_square(loss: Array) -> Real:
    return np.asarray(np.log1p(np.maximum(np.abs(loss) ** 2 - 2 * np.real(loss), -_FASTEST)))


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
