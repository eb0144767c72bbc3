"""Bias, variance and training loss at the recorded steps, computed at one resolution and checked at another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.curve.stability import Stability
from riskcalc.equivalent.reuse.setting import Setting
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.required_sums import require_sums
from riskcalc.quantity import Real
from riskcalc.spectral.reuse_nodes import Shape

_SAFETY = 4.0
_EPS = float(np.finfo(np.float64).eps)
_ROUNDINGS = 64.0
_SUM_RULE = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """One value a recorded step. start: bias + approximation and training loss at step 0, for the sum rules.

    rounded: the size of what cancels in the excess, which rounding leaves a few units of; 0 where that is little.
    """

    bias: Real
    variance: Real
    training: Real
    start: tuple[float, float]
    rounded: Real | float = 0.0

    def cancelling(self, floor: float) -> float:
        """The largest size of what cancels, over the excess."""
        excess = np.abs(floor + self.bias + self.variance)
        shares = np.divide(self.rounded, excess, out=np.zeros_like(excess), where=excess > 0)
        return float(np.max(shares, initial=0.0))

    def check(self, setting: Setting, noise: float) -> None:
        """Before the first step the excess is the signal power, and the training loss the power of the labels."""
        power = setting.sums.moments().signal
        rules = {
            "excess at step 0 = sum of the signal power": (self.start[0], power),
            "training loss at step 0 = power of the labels": (self.start[1], power + noise),
        }
        require_sums(rules, tolerance=_SUM_RULE)


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """The two contours of a double integral, and one that modes are followed on, where there is a feedback.

    points, degree: of the inverse transforms and panels that follow them.
    """

    rows: Shape
    columns: Shape
    modes: Shape
    points: int
    degree: int


def _resolution(rows: float, columns: float, modes: float, digits: float, *, check: bool) -> Resolution:
    around, across, followed = (Shape(height=height, digits=digits) for height in (rows, columns, modes))
    points, degree = (28, 16) if check else (30, 19)
    return Resolution(rows=around, columns=across, modes=followed, points=points, degree=degree)


# The check of each pair comes first: wider contours with fewer nodes, and none in common.
LADDER = (
    (_resolution(0.85, 0.75, 0.44, 17.0, check=True), _resolution(0.8, 0.7, 0.4, 19.0, check=False)),
    (_resolution(0.6, 0.5, 0.25, 18.0, check=True), _resolution(0.55, 0.45, 0.22, 20.0, check=False)),
)


def verified(
    at: Callable[[tuple[Resolution, Resolution]], Iterable[Parts]],
    setting: Setting,
    *,
    noise: float,
    tolerance: float,
    ladder: Iterable[tuple[Resolution, Resolution]] = LADDER,
) -> tuple[Parts, float]:
    """The first answer that its check confirms, and a bound of its relative error; a sum rule that fails is an error.

    Formula: 4 |difference| over the excess, of the training loss over the risk, and what rounding leaves: 64 eps, and
        4 eps of what cancels in the excess. Source: D56.
    """
    best = np.inf
    for resolutions in ladder:
        check, answer = at(resolutions)
        error = _SAFETY * _difference(check, answer, setting.approximation, noise)
        error += _EPS * (_ROUNDINGS + _SAFETY * answer.cancelling(setting.approximation))
        if error <= tolerance:
            answer.check(setting, noise)
            return answer, error
        best = min(best, error)
    raise ToleranceNotMet(
        f"two contours agree to {best:.1e} only, and the tolerance is {tolerance:.1e}: allow more, use fewer steps, or "
        "for full batch ask for digits=... of the first few hundred steps"
    )


def _difference(one: Parts, other: Parts, floor: float, noise: float) -> float:
    excess = floor + other.bias + other.variance
    parts = np.maximum(np.abs(one.bias - other.bias), np.abs(one.variance - other.variance))
    training = np.abs(one.training - other.training)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = float(np.max(np.maximum(parts / np.abs(excess), training / np.abs(excess + noise))))
    return found if np.isfinite(found) else np.inf


def curve_of(
    run: Run, setting: Setting, parts: Parts, *, error: float, tolerance: float, stability: Stability
) -> RiskCurve:
    """The answer."""
    floor = setting.approximation
    return RiskCurve(
        steps=run.steps,
        excess=floor + parts.bias + parts.variance,
        bias=parts.bias,
        variance=parts.variance,
        training=np.maximum(parts.training, 0.0),  # which rounding may have left below it
        irreducible=float(run.problem.noise),
        approximation=floor,
        claim=Claim.DETERMINISTIC_EQUIVALENT,
        warrant=Warrant.COMPUTED,
        error=error,
        asked=run.question,
        method={
            "name": "equivalent",
            "tolerance": tolerance,
            "kappa": stability.kappa,
            "floor": setting.marks.sketch.floor,
        },
    )
