"""The method `Equivalent`: risk curves by the deterministic equivalent, verified by a second resolution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskcalc.curve import Claim, LastIterate, RiskCurve, Run, Warrant, checked_run
from riskcalc.curve.sum import one_run_a_law
from riskcalc.dynamics import Modes, Response, respond
from riskcalc.equivalent.landmarks import Landmarks, landmarks
from riskcalc.equivalent.several_laws import sum_over_laws
from riskcalc.equivalent.spectral_measure import modes_in_u, modes_in_z
from riskcalc.equivalent.stability import stability
from riskcalc.equivalent.sums import SpectralSums, spectral_sums
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.numeric.field import MOST_DIGITS, Field, check_field
from riskcalc.quantity import flag, number, whole
from riskcalc.schedule import constant_size

Contour = Callable[..., Modes]


@dataclass(frozen=True, kw_only=True)
class _Resolution:
    """One discretisation: the contour, its height, points of the inverse transform, degree along a smooth schedule."""

    contour: Contour
    height: float
    nodes: int
    degree: int


# Step by step and along a smooth schedule, a wide contour needs few nodes and so little work.
_STEPWISE = (
    _Resolution(contour=modes_in_u, height=0.9, nodes=28, degree=16),
    _Resolution(contour=modes_in_u, height=0.8, nodes=28, degree=19),
)
# From fast to robust; two neighbours must agree. The contours in the z-plane may come close to the spectrum, as they
# must where M is small or the step size near its limit.
_LADDER = (
    _Resolution(contour=modes_in_u, height=0.48, nodes=28, degree=16),
    _Resolution(contour=modes_in_u, height=0.4, nodes=30, degree=19),
    _Resolution(contour=modes_in_z, height=0.4, nodes=28, degree=16),
    _Resolution(contour=modes_in_z, height=0.25, nodes=30, degree=19),
    _Resolution(contour=modes_in_z, height=0.1, nodes=28, degree=16),
    _Resolution(contour=modes_in_z, height=0.04, nodes=30, degree=19),
    _Resolution(contour=modes_in_z, height=0.015, nodes=28, degree=16),
)


_GUARD = 6.5  # digits of the contour rule beyond the tolerance
_LEAST = 14.0  # digits, below which the sum rules could not be checked
_MOST_GROWTH = 3.0  # costs a digit


@dataclass(frozen=True, kw_only=True)
class Equivalent:
    """Deterministic equivalent of the expected risk, averaged over sketches, for large M.

    tolerance: largest relative error of the excess at any recorded step, verified by a second resolution; a curve
    that misses it is an error. Bias and variance are known to the same absolute accuracy.
    digits: significant digits of the excess, up to 1000, computed in `field` (an `Arb()`, which is the default, or an
        `Mpmath()`) and printed in the curve's `decimals`; None computes in float64. certified: with a proved radius.
    Valid: any real 1 <= M < v, infinite v with a > 1 and b > 1. The distance to the true average is O(1/M).
    Source: D02, D03, D26; Paquette et al. (arXiv 2405.15074), their equations for the deterministic equivalent.

    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    >>> run = Run(problem, model_size="1e6", schedule=Constant("3/10"), steps=[10**6])
    >>> f"{Equivalent().curve(run).excess[0]:.9e}"
    '8.407015198e-08'
    >>> Equivalent(digits=40).curve(run).decimals["excess"]
    ('8.407015197921790915459711252491117924161e-8',)
    """

    tolerance: float = 1e-9
    digits: int | None = None
    field: Field | None = None
    certified: bool = False

    def __post_init__(self) -> None:
        check_field(self.field)
        object.__setattr__(self, "certified", flag(self.certified, "certified"))
        if self.digits is not None:
            object.__setattr__(self, "digits", whole(self.digits, "digits", least=1))
            if self.digits > MOST_DIGITS:
                raise InvalidInput(f"digits go up to {MOST_DIGITS}, not {self.digits}")
        elif self.certified or self.field is not None:
            raise InvalidInput("say how many digits: certified answers and other fields than float64 need digits=...")
        object.__setattr__(self, "tolerance", float(number(self.tolerance, "tolerance")))
        if not 1e-13 <= self.tolerance < 1:
            raise InvalidInput(f"tolerance must lie between 1e-13 (what float64 verifies) and 1, not {self.tolerance}")

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The curve of a run; `force` lets an unstable one through."""
        let = flag(force, "force")
        if len(laws := one_run_a_law(checked_run(run))) > 1:
            return sum_over_laws(run, self, laws, force=let)
        if self.digits is not None:
            from riskcalc.equivalent.precise.curve import precise_curve

            return precise_curve(run, digits=self.digits, field=self.field, certified=self.certified, force=let)
        sums, model_size = spectral_sums(run.problem), float(run.model_size)
        marks = landmarks(sums, model_size)
        peak = run.schedule.peak(horizon=run.horizon)
        found = stability(sums, model_size, marks, step_size=peak, batch_size=run.batch_size)
        if not let:
            found.require(peak=constant_size(run.schedule, horizon=run.horizon) is None)
        response, error = self._verified(run, sums, marks, stepwise=not found.stable)
        return RiskCurve(
            steps=run.steps,
            excess=marks.approximation + response.bias + response.variance,
            bias=response.bias,
            variance=response.variance,
            irreducible=float(run.problem.noise),
            approximation=marks.approximation,
            claim=Claim.DETERMINISTIC_EQUIVALENT,
            warrant=Warrant.COMPUTED,
            error=error,
            asked=run.describe(),
            method={"name": "equivalent", "tolerance": self.tolerance, "kappa": found.kappa, "floor": marks.floor},
        )

    def _verified(self, run: Run, sums: SpectralSums, marks: Landmarks, *, stepwise: bool) -> tuple[Response, float]:
        """The response at the first resolution that agrees with its neighbour, and their difference."""
        ladder: tuple[_Resolution, ...] = _LADDER
        if stepwise or run.schedule.stages(horizon=run.horizon) is None:
            ladder = _STEPWISE + _LADDER
        best, coarse, reason = float("inf"), None, ""
        for resolution in ladder:
            try:
                fine = self._response(run, sums, marks, resolution, stepwise=stepwise)
            except ToleranceNotMet as error:
                reason = f"; {error}"
                break
            if coarse is not None and fine is not None:
                best = fine.difference(coarse, floor=marks.approximation)
                if best <= self.tolerance:
                    return fine, max(best, float(np.finfo(float).eps))  # no float is known better
            coarse = fine
        raise ToleranceNotMet(
            f"two resolutions of the equivalent differ by {best:.2g} relative, more than the tolerance "
            f"{self.tolerance:.2g}: ask for a larger tolerance, or move away from the edge of stability{reason}"
        )

    def _response(
        self, run: Run, sums: SpectralSums, marks: Landmarks, resolution: _Resolution, *, stepwise: bool
    ) -> Response | None:
        """The response at one resolution, None where its contour reaches so far out that modes would grow."""
        digits = min(16.0, max(_LEAST, _GUARD - np.log10(self.tolerance)))
        modes = resolution.contour(sums, float(run.model_size), marks, height=resolution.height, digits=digits)
        if not stepwise and _growth(modes, run) > _MOST_GROWTH:
            return None
        return respond(
            modes,
            run.schedule,
            steps=run.steps,
            horizon=run.horizon,
            batch_size=run.batch_size,
            noise=float(run.problem.noise),
            nodes=resolution.nodes,
            degree=resolution.degree,
            stepwise=stepwise,
            averaging=run.averaging,
        )


def _growth(modes: Modes, run: Run) -> float:
    """log of the largest |q|^t on the contour at the peak step size; a run that is stable has none on the spectrum.

    Where iterates are averaged, |1 - gamma z|^t must not grow either.
    """
    peak = run.schedule.peak(horizon=run.horizon)
    largest = np.abs(modes.factor(peak, run.batch_size)).max()
    if not isinstance(run.averaging, LastIterate):
        largest = max(largest, np.abs(1 - peak * modes.position).max())
    return float(run.steps[-1] * np.log(largest))
