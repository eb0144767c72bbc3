"""The method `Exact`: the exact expected risk given the sketch, or averaged over several sketches."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from riskcalc.curve import Claim, RiskCurve, Run, Warrant, checked_run, fresh_samples
from riskcalc.curve.escalation import check_tolerance, escalated
from riskcalc.dynamics import Modes
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.exact.given_modes import verified_response
from riskcalc.exact.given_sketch import check_independent, check_memory, sketch_modes
from riskcalc.exact.over_sketches import COMBINED, over_sketches
from riskcalc.numeric.field import MOST_DIGITS, Field, check_field
from riskcalc.order import FullBatch
from riskcalc.problem import gaussian_sketch
from riskcalc.problem.sketch import MaybeSketch, checked_sketch, read_sketch
from riskcalc.quantity import GivenFloat, GivenWhole, MaybeWhole, Real, chosen, flag, frozen, given, number, whole

_DATA = 2**31  # key of the data below the seed, beyond those of sketches


@frozen(kw_only=True, eq=False)
class Exact:
    """Exact expected risk for Gaussian covariates, over the SGD samples, given the sketch.

    On a data set of FullBatch(samples=N), drawn from the seed as well, it is exact given sketch and data, averaged
    over the noise of the labels; sketches=K then averages over K sketches, each with its own data.

    Parameters
    ----------
    seed : whole number, default 0
        Of the sketch, and of the data where there is a data set.
    sketch : array_like or None, default None
        An M x v matrix to use in place of a drawn one.
    sketches : whole number, default 1
        Average over K sketches, drawn from K independent children of the seed; the curve then carries a standard
        error.
    combine : str, default "mean"
        How several sketches are combined: "mean"; "stable", the mean over those that are not past their limit of
        stability; or "median", which needs none to be within it.
    tolerance : number, default 1e-09
        Largest relative error of the excess at any recorded step. Where float64 cannot state it, the sketch is
        answered with more digits, and the curve's `method` says why; where that fails too, it is an error. Bias and
        variance are known to the same absolute accuracy.
    digits : whole number or None, default None
        Significant digits of the excess, up to 1000, for one sketch of at most 1000 features, computed in `field`
        (an `Arb()`, which is the default, or an `Mpmath()`) and printed in the curve's `decimals`; the entries of
        the sketch are the binary fractions they are. None computes in float64.
    field : Field or None, default None
        Kind of number for more digits.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: finite dimension, whole M <= dimension, with digits at most as many as there are positive eigenvalues;
    Gaussian covariates.

    Source: D01, D03, D21, D26, D37.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=200), signal=PowerLawSignal(b=3))
    >>> curve = Exact(seed=0).curve(Run(problem, model_size=20, schedule=Constant("3/10"), steps=[0, 1000]))
    >>> print(curve.claim, f"{curve.excess[0]:.6f}")
    given sketch 1.202044
    >>> run = Run(problem, model_size=20, schedule=Constant("3/10"), steps=[10**18])
    >>> Exact(seed=0, digits=40).curve(run).decimals["excess"]
    ('0.04065506956775005482765971559809799921750',)
    """

    seed: GivenWhole = given(default=0)
    sketch: MaybeSketch = given(default=None)
    sketches: GivenWhole = given(default=1)
    combine: str = "mean"
    tolerance: GivenFloat = given(default=1e-9)
    digits: MaybeWhole = given(default=None)
    field: Field | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", whole(self.seed, "seed"))
        object.__setattr__(self, "sketches", whole(self.sketches, "sketches", least=1))
        object.__setattr__(self, "tolerance", float(number(self.tolerance, "tolerance")))
        check_tolerance(self.tolerance)
        chosen(self.combine, "combine", COMBINED)
        object.__setattr__(self, "sketch", read_sketch(self.sketch))
        if self.sketch is not None and self.sketches > 1:
            raise InvalidInput("a sketch passed in is one sketch: leave sketches=1, or leave the sketch out")
        if self.combine != "mean" and self.sketches == 1:
            raise InvalidInput(f"combine={self.combine!r} is over several sketches: say how many, sketches=...")
        check_field(self.field)
        if self.digits is not None:
            object.__setattr__(self, "digits", whole(self.digits, "digits", least=1))
            if self.digits > MOST_DIGITS:
                raise InvalidInput(f"digits go up to {MOST_DIGITS}, not {self.digits}")
            if self.sketches > 1:
                raise InvalidInput(
                    "digits belong to one sketch: the standard error of an average over sketches is far above them; "
                    "leave sketches=1, or leave digits out"
                )
        elif self.field is not None:
            raise InvalidInput("say how many digits: other fields than float64 need digits=...")

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The curve of a run; `force` lets an unstable one through."""
        checked_run(run)
        let = flag(force, "force")
        if run.data.samples is not None:
            return self._on_data(run, let)
        if self.digits is not None:
            (sketch,) = self._sketches(run)
            return self._precise(run, sketch, self.digits, let)
        if self.sketches == 1:
            (sketch,) = self._sketches(run)
            return self._given(run, sketch, let)
        return over_sketches(
            run,
            self._sketches(run),
            partial(self._given, run),
            combine=self.combine,
            force=let,
            described=self._described,
        )

    def _given(self, run: Run, sketch: Real, force: bool) -> RiskCurve:
        """The curve of one sketch, in floats, with more digits where those do not suffice."""
        try:
            answer = verified_response(
                run, sketch_modes(run.problem, sketch), tolerance=self.tolerance, force=force
            )
        except ToleranceNotMet as failure:
            return escalated(
                failure,
                lambda: self._in_longer_floats(run, sketch),
                lambda digits: self._precise(run, sketch, digits, force, vanishing=True),
                tolerance=self.tolerance,
            )
        return RiskCurve(
            steps=run.steps,
            excess=answer.excess,
            bias=answer.bias,
            variance=answer.variance,
            irreducible=float(run.problem.noise),
            approximation=answer.floor,
            claim=Claim.GIVEN_SKETCH,
            warrant=Warrant.COMPUTED,
            error=answer.error,
            asked=run.question,
            method=self._described | {"kappa": answer.stability.kappa},
        )

    def _on_data(self, run: Run, force: bool) -> RiskCurve:
        """The curve given sketch and data, or the average over both."""
        from riskcalc.exact.given_data import given_data

        if self.digits is not None:
            raise InvalidInput("given the data, Exact() answers in float64: leave digits out")
        if not isinstance(run.data, FullBatch):
            raise InvalidInput(
                f"Exact() averages over no order of the data but the full batch, not over {run.data}: use Equivalent() "
                "or MonteCarlo()"
            )

        def given_both(placed: tuple[int, Real], let: bool) -> RiskCurve:
            place, sketch = placed
            seed = np.random.SeedSequence(self.seed, spawn_key=(_DATA, place))
            found = given_data(run, sketch, seed, tolerance=self.tolerance, force=let)
            return RiskCurve(
                steps=run.steps,
                excess=found.floor + found.bias + found.variance,
                bias=found.bias,
                variance=found.variance,
                training=found.training,
                irreducible=float(run.problem.noise),
                approximation=found.floor,
                claim=Claim.GIVEN_SKETCH_AND_DATA,
                warrant=Warrant.COMPUTED,
                error=found.error,
                asked=run.question,
                method=self._described | {"data": f"seed {self.seed}", "kappa": found.stability.kappa},
            )

        placed = enumerate(self._sketches(run))  # drawn one after the other: they may be large
        if self.sketches == 1:
            return given_both(next(placed), force)
        return over_sketches(
            run, placed, given_both, combine=self.combine, force=force, described=self._described
        )

    def _in_longer_floats(self, run: Run, sketch: Real) -> RiskCurve:
        from riskcalc.exact.extended import curve_in_longer_floats

        described = {"name": "exact", "sketch": self._origin, "sketches": 1}
        return curve_in_longer_floats(run, sketch, tolerance=self.tolerance, described=described)

    def modes(self, run: Run) -> Iterator[Modes]:
        """The modes of each sketch."""
        for sketch in self._sketches(fresh_samples(checked_run(run), method="Exact().modes")):
            yield sketch_modes(run.problem, sketch)

    def _precise(self, run: Run, sketch: Real, digits: int, force: bool, *, vanishing: bool = False) -> RiskCurve:
        from riskcalc.exact.precise.curve import precise_curve

        described: dict[str, object] = {"name": "exact", "sketch": self._origin, "sketches": 1}
        return precise_curve(
            run, sketch, digits=digits, field=self.field, described=described, force=force, vanishing=vanishing
        )

    @property
    def _origin(self) -> str:
        return f"seed {self.seed}" if self.sketch is None else "given"

    @property
    def _described(self) -> dict[str, Any]:
        return {"name": "exact", "sketch": self._origin, "sketches": self.sketches, "tolerance": self.tolerance}

    def _sketches(self, run: Run) -> Iterator[Real]:
        model_size, dimension = whole(run.model_size, "model_size", least=1), run.problem.dimension
        if self.sketch is not None:
            sketch = checked_sketch(self.sketch, model_size=model_size, dimension=dimension)
            if self.digits is None:
                check_independent(sketch)
            yield sketch
            return
        if dimension is not None and self.digits is None:
            check_memory(run.problem, model_size=model_size, dimension=dimension)
        seeds = np.random.SeedSequence(self.seed)
        for seed in [seeds] if self.sketches == 1 else seeds.spawn(self.sketches):
            yield gaussian_sketch(model_size=model_size, dimension=dimension, seed=seed)
