"""The method `Unsketched`: the exact expected risk of SGD on the features themselves."""

from __future__ import annotations

from collections.abc import Iterator

from riskcalc.curve import Claim, RiskCurve, Run, Warrant, checked_run, fresh_samples
from riskcalc.curve.escalation import check_tolerance, escalated
from riskcalc.dynamics import Modes
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.exact.given_modes import verified_response
from riskcalc.problem import Problem
from riskcalc.quantity import GivenFloat, flag, frozen, given, number
from riskcalc.spectral.eigenvalue_modes import eigenvalue_modes


@frozen(kw_only=True)
class Unsketched:
    """Exact expected risk for Gaussian covariates when the sketch is the identity: M = v, no approximation error.

    Parameters
    ----------
    tolerance : number, default 1e-09
        Largest relative error of the excess at any recorded step. Where float64 cannot state it, laws, and lists of
        at most 1000 coordinates, are computed with more digits, and the curve's `method` says why; else it is an
        error. Bias and variance are known to the same absolute accuracy.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: finite dimension, equal to the model size of the run; any size for power laws. Gaussian covariates.

    Source: D01, D03, D26, D37.

    Examples
    --------
    >>> from riskcalc import Cosine, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=20_000), signal=PowerLawSignal(b="5/2"), noise=1)
    >>> curve = Unsketched().curve(Run(problem, model_size=20_000, schedule=Cosine("1/10"), steps=[0, 10**6]))
    >>> [f"{excess:.6g}" for excess in curve.excess]
    ['1.34149', '0.000718766']
    """

    tolerance: GivenFloat = given(default=1e-9)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tolerance", float(number(self.tolerance, "tolerance")))
        check_tolerance(self.tolerance)

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The curve of a run; `force` lets an unstable one through."""
        let = flag(force, "force")
        try:
            return self._in_floats(run, force=let)
        except ToleranceNotMet as failure:
            return escalated(
                failure,
                lambda: self._in_longer_floats(run),
                lambda digits: self._precise(run, digits, let, vanishing=True),
                tolerance=self.tolerance,
            )

    def _in_longer_floats(self, run: Run) -> RiskCurve:
        from riskcalc.exact.extended import curve_in_longer_floats

        described = {"name": "unsketched", "sketch": "identity"}
        return curve_in_longer_floats(run, None, tolerance=self.tolerance, described=described)

    def _precise(self, run: Run, digits: int, force: bool, *, vanishing: bool = False) -> RiskCurve:
        from riskcalc.exact.precise.curve import precise_curve

        described: dict[str, object] = {"name": "unsketched", "sketch": "identity"}
        return precise_curve(
            run, None, digits=digits, field=None, described=described, force=force, vanishing=vanishing
        )

    def _in_floats(self, run: Run, *, force: bool) -> RiskCurve:
        (modes,) = self.modes(run)
        found = verified_response(run, modes, tolerance=self.tolerance, force=force)
        return RiskCurve(
            steps=run.steps,
            excess=found.excess,
            bias=found.bias,
            variance=found.variance,
            irreducible=float(run.problem.noise),
            approximation=0.0,
            claim=Claim.GIVEN_SKETCH,
            warrant=Warrant.COMPUTED,
            error=found.error,
            asked=run.question,
            method={
                "name": "unsketched",
                "sketch": "identity",
                "tolerance": self.tolerance,
                "kappa": found.stability.kappa,
            },
        )

    def modes(self, run: Run) -> Iterator[Modes]:
        """The one list of modes: the eigenvalues, gathered where they are many."""
        fresh_samples(checked_run(run), method="Unsketched()")
        if run.problem.dimension is not None and run.model_size != run.problem.dimension:
            raise InvalidInput(
                f"without a sketch the model has all {run.problem.dimension} features, not {run.model_size}: "
                f"use model_size={run.problem.dimension}, or a road that sketches"
            )
        if not isinstance(run.problem, Problem):
            raise InvalidInput("Unsketched() is for one output: ask for each of the outputs by itself, and add")
        yield eigenvalue_modes(run.problem, reach=run.schedule.peak(horizon=run.horizon) * run.steps[-1])
