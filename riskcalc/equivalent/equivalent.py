"""The method `Equivalent`: risk curves by the deterministic equivalent, verified by a second resolution."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.curve import Claim, RiskCurve, Run, Warrant, checked_run
from riskcalc.curve.escalation import check_tolerance, escalated
from riskcalc.curve.stability import trained_stability
from riskcalc.curve.sum import one_run_a_law
from riskcalc.dynamics import Modes, Resolution, Verified, verified
from riskcalc.dynamics.growth import grows_too_much, grows_when_trained
from riskcalc.dynamics.response import goes_one_by_one
from riskcalc.equivalent.known import Contour, Known, known_of
from riskcalc.equivalent.several_laws import sum_over_laws
from riskcalc.errors import ConsistencyError, InvalidInput, ToleranceNotMet, UnstableRun
from riskcalc.numeric.field import MOST_DIGITS, Field, check_field
from riskcalc.problem import Problem
from riskcalc.quantity import GivenFloat, MaybeWhole, flag, frozen, given, number, whole
from riskcalc.schedule import constant_size
from riskcalc.spectral.contour_modes import modes_in_u, modes_in_z

if TYPE_CHECKING:
    from riskcalc.equivalent.finite_size import FiniteSize


@dataclass(frozen=True, kw_only=True)
class _Rung:
    """One discretisation: the contour, its height, points of the inverse transform, degree along a smooth schedule.

    spare: digits of the contour rule beyond those of a check.
    """

    contour: Contour
    height: float
    nodes: int
    degree: int
    spare: float


def _rung(contour: Contour, height: float, *, check: bool) -> _Rung:
    if check:
        return _Rung(contour=contour, height=height, nodes=28, degree=16, spare=0.0)
    return _Rung(contour=contour, height=height, nodes=30, degree=19, spare=3.0)


def _ladder(limit: float, *, stepwise: bool) -> tuple[_Rung, ...]:
    """From fast to robust; checks and answers alternate, as `verified` wants them, and two neighbours must agree.

    limit: where q is 1 again, inf for a run that is not stable. Step by step and along a smooth schedule, a wide
    contour needs few nodes and so little work; whole stages need a narrow one (D03). The contours in the z-plane stay
    where nothing grows, as they must where M is small or the step size near its largest.
    """
    lens = partial(modes_in_z, limit=limit)
    wide: tuple[_Rung, ...] = (_rung(modes_in_u, 0.9, check=True), _rung(modes_in_u, 0.8, check=False))
    if limit < math.inf:  # a wide contour without a limit grows faster than the run
        wide += (_rung(lens, 0.75, check=True), _rung(lens, 0.65, check=False))
    narrow = (
        _rung(modes_in_u, 0.48, check=True),
        _rung(modes_in_u, 0.4, check=False),
        _rung(lens, 0.4, check=True),
        _rung(lens, 0.3, check=False),
        _rung(lens, 0.15, check=True),
        _rung(lens, 0.06, check=False),
        _rung(lens, 0.02, check=True),
    )
    return wide + narrow if stepwise else narrow


def _limit(run: Run) -> float:
    """The position beyond which a mode by itself grows at some step of the run.

    inf where the spectrum reaches beyond it, as it may on the way of a method that changes: no contour passes between.
    """
    peak, last = run.schedule.peak(horizon=run.horizon), max(0, run.steps[-1] - 1)
    steps = (0,) if run.training.steady else (0, 1, 10, 100, last)
    limit = min(run.training.frozen(step, peak).edge(run.batch_size) for step in steps)
    # where the spectrum of the features ends is the same for all outputs
    one = run.problem if isinstance(run.problem, Problem) else run.problem.problems[0]
    return limit if limit > known_of(one, run.model_size).marks.largest else math.inf


def _low_ladder(limit: float, *, in_panels: bool) -> tuple[_Rung, ...]:
    """For a memory: modes turn round, damped little or hardly at all, and on a wide contour grow or change fast.

    in_panels: which ask more of a wide contour than of many nodes.
    """
    lens = partial(modes_in_z, limit=limit)
    heights = _LOW[2:] if in_panels else _LOW
    degrees = (18, 20)  # panels that double are followed to 3^-degree or so
    return tuple(
        replace(_rung(contour, height, check=place % 2 == 0), degree=degrees[place % 2])
        for contour, heights in ((modes_in_u, heights), (lens, heights[:-4]))
        for place, height in enumerate(heights)
    )


_LOW = (0.48, 0.4, 0.24, 0.2, 0.12, 0.1, 0.06, 0.05, 0.03, 0.025, 0.015, 0.0125)
_GUARD = 5.5  # digits of a check's contour rule beyond the tolerance
_LEAST, _MOST = 14.0, 15.0  # digits of a check: below, the sum rules could not be checked; above, there are none


@frozen(kw_only=True)
class Equivalent:
    """Deterministic equivalent of the expected risk, averaged over sketches, for large M.

    Parameters
    ----------
    tolerance : number, default 1e-09
        Largest relative error of the excess at any recorded step. Where float64 cannot state it, the curve is
        computed with more digits, and its `method` says why; where that fails too, it is an error. Bias and
        variance are known to the same absolute accuracy.
    digits : whole number or None, default None
        Significant digits of the excess, up to 1000, computed in `field` (an `Arb()`, which is the default, or an
        `Mpmath()`) and printed in the curve's `decimals`; None computes in float64.
    field : Field or None, default None
        Kind of number for more digits.
    certified : bool, default False
        Whether the radius of the excess is proved.
    finite_size : bool, default False
        Give the curve its `shift`, what the average over sketches adds at order 1/M, and its `spread`, the standard
        deviation of one sketch.
    drawn_targets : bool, default False
        The spread is that of a sketch with a target drawn from the prior of the problem; else the risk is averaged
        over it.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: any real M >= 1 but the number v of positive eigenvalues itself, infinite v with a > 1 and b > 1; with
    certified=True and on data sets M < v. The distance to the true average is O(1/M); with
    its shift O(1/M^2), for real Gaussian sketches that are not near their limit of stability.

    Source: D02, D03, D26, D37; D50 to D54; Paquette et al. (arXiv 2405.15074), their equations for the
    deterministic equivalent.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    >>> run = Run(problem, model_size="1e6", schedule=Constant("3/10"), steps=[10**6])
    >>> f"{Equivalent().curve(run).excess[0]:.9e}"
    '8.407015198e-08'
    >>> small = Run(problem, model_size=1000, schedule=Constant("3/10"), steps=[10**6])
    >>> curve = Equivalent(finite_size=True).curve(small)
    >>> f"{curve.excess[0]:.6e} {curve.shift[0]:+.3e} {curve.spread[0]:.3e}"
    '1.178997e-05 +2.055e-08 7.148e-07'
    >>> Equivalent(digits=40).curve(run).decimals["excess"]
    ('8.407015197921790915459711252491117924161e-8',)
    """

    tolerance: GivenFloat = given(default=1e-9)
    digits: MaybeWhole = given(default=None)
    field: Field | None = None
    certified: bool = False
    finite_size: bool = False
    drawn_targets: bool = False

    def __post_init__(self) -> None:
        check_field(self.field)
        for name in ("certified", "finite_size", "drawn_targets"):
            object.__setattr__(self, name, flag(getattr(self, name), name))
        if self.digits is not None:
            object.__setattr__(self, "digits", whole(self.digits, "digits", least=1))
            if self.digits > MOST_DIGITS:
                raise InvalidInput(f"digits go up to {MOST_DIGITS}, not {self.digits}")
        elif self.certified or self.field is not None:
            raise InvalidInput("say how many digits: certified answers and other fields than float64 need digits=...")
        if self.finite_size and self.digits is not None:
            raise InvalidInput(
                "shift and spread are computed in float64, and no ball holds what is left of the series in 1/M: leave "
                "digits and certified out, or finite_size"
            )
        if self.drawn_targets and not self.finite_size:
            raise InvalidInput("drawn_targets is about the spread: it needs finite_size=True")
        object.__setattr__(self, "tolerance", float(number(self.tolerance, "tolerance")))
        check_tolerance(self.tolerance)

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The curve of a run; `force` lets an unstable one through."""
        let = flag(force, "force")
        if self.finite_size:
            from riskcalc.equivalent.finite_size import with_finite_size

            try:
                curve = self.alone.curve(run)
            except UnstableRun as unstable:
                if not let:
                    raise
                reason = f"a forced run has no shift and no spread: leave finite_size out ({unstable})"
                raise InvalidInput(reason) from None
            return with_finite_size(run, curve, limit=_limit(run), drawn=self.drawn_targets)
        if len(laws := one_run_a_law(checked_run(run))) > 1:
            return sum_over_laws(run, self, laws, force=let)
        if run.data.samples is not None:
            from riskcalc.equivalent.reuse.orders import reuse_curve

            return reuse_curve(run.data, run, self, force=let)
        if self.digits is not None:
            from riskcalc.equivalent.precise.curve import precise_curve

            return precise_curve(run, digits=self.digits, field=self.field, certified=self.certified, force=let)
        try:
            return self._in_floats(run, force=let)
        except ToleranceNotMet as failure:
            return escalated(
                failure,
                lambda: self._in_longer_floats(run),
                lambda digits: replace(self, digits=digits).curve(run, force=let),
                tolerance=self.tolerance,
            )

    def across_sketches(self, run: Run) -> FiniteSize:
        """Shift and scatter of a run part by part, and the covariance of one sketch's excess between its steps."""
        from riskcalc.equivalent.finite_size import finite_size

        excess = self.alone.curve(run).excess
        return finite_size(run, excess, limit=_limit(run), drawn=self.drawn_targets, crossed=True)

    @property
    def alone(self) -> Equivalent:
        """The road without what finite sketches add."""
        return replace(self, finite_size=False, drawn_targets=False)

    def _in_longer_floats(self, run: Run) -> RiskCurve:
        from riskcalc.equivalent.extended import curve_in_longer_floats

        return curve_in_longer_floats(run, tolerance=self.tolerance)

    def _in_floats(self, run: Run, *, force: bool) -> RiskCurve:
        known = known_of(run.problem, run.model_size)
        marks = known.marks
        found = trained_stability(
            run,
            lambda size: known.stability(step_size=size, batch_size=run.batch_size),
            lambda frozen: known.kappa(frozen, batch_size=run.batch_size),
        )
        if not force:
            found.require(peak=constant_size(run.schedule, horizon=run.horizon) is None)
        answer = self._verified(run, known, stepwise=not found.stable)
        response, error = answer.response, answer.error
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
            asked=run.question,
            method={"name": "equivalent", "tolerance": self.tolerance, "kappa": found.kappa, "floor": marks.floor},
        )

    def _verified(self, run: Run, known: Known, *, stepwise: bool) -> Verified:
        """The response at the first resolution that its neighbour confirms."""
        peak, training = run.schedule.peak(horizon=run.horizon), run.training
        limit = math.inf if stepwise else _limit(run)
        staged = training.steady and run.schedule.stages(horizon=run.horizon) is not None
        ladder = _ladder(limit, stepwise=stepwise or not staged)
        if training.core > 1 and not stepwise:
            last, horizon = run.steps[-1], run.horizon
            singly = goes_one_by_one(run.schedule, last=last, horizon=horizon, steady=training.steady)
            ladder = _low_ladder(limit, in_panels=not (staged or singly))
        digits = min(_MOST, max(_LEAST, _GUARD - math.log10(self.tolerance)))

        def resolution(rung: _Rung) -> Resolution:
            def lay() -> Modes | None:
                try:
                    modes = known.modes(rung.contour, height=rung.height, digits=digits + rung.spare)
                except ConsistencyError:
                    if rung.contour is not modes_in_u:
                        raise
                    return None  # where M is small, the spectrum bulges out of a low ellipse: the lens holds it
                # None where the contour reaches so far out that modes would grow
                if stepwise:
                    return modes
                if len(training.start) == 1:
                    grows = grows_too_much(
                        modes, [(peak, run.steps[-1])], batch_size=run.batch_size, averaging=run.averaging
                    )
                else:
                    grows = grows_when_trained(
                        modes, training, lambda steps: np.full_like(steps, peak), last=run.steps[-1]
                    )
                return None if grows else modes

            return Resolution(lay=lay, nodes=rung.nodes, degree=rung.degree)

        return verified(run, map(resolution, ladder), tolerance=self.tolerance, stepwise=stepwise)
