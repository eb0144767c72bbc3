"""The method `Exact`: the exact expected risk given the sketch, or averaged over several sketches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.curve import Claim, RiskCurve, Run, Warrant, checked_run
from riskcalc.dynamics import Modes
from riskcalc.errors import InvalidInput
from riskcalc.exact.given_modes import verified_response
from riskcalc.exact.given_sketch import check_independent, sketch_modes
from riskcalc.numeric.field import MOST_DIGITS, Field, check_field
from riskcalc.problem import gaussian_sketch
from riskcalc.problem.sketch import checked_sketch, read_sketch
from riskcalc.quantity import flag, number, whole

Real = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Exact:
    """Exact expected risk for Gaussian covariates, over the SGD samples, given the sketch.

    seed: the sketch is drawn from it. sketch: an M x v matrix to use instead. sketches: average over K sketches, drawn
    from K independent children of the seed; the curve then carries a standard error.
    tolerance: largest relative error of the excess between two resolutions of the dynamics; bias and variance are known
        to the same absolute accuracy.
    digits: significant digits of the excess, up to 1000, for one sketch of at most 1000 features, computed in `field`
        (an `Arb()`, which is the default, or an `Mpmath()`) and printed in the curve's `decimals`; the entries of the
        sketch are the binary fractions they are. None computes in float64.
    Valid: finite dimension, whole M <= number of positive eigenvalues; Gaussian covariates.
    Source: D01, D03, D21, D26.

    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=200), signal=PowerLawSignal(b=3))
    >>> curve = Exact(seed=0).curve(Run(problem, model_size=20, schedule=Constant("3/10"), steps=[0, 1000]))
    >>> print(curve.claim, f"{curve.excess[0]:.6f}")
    given sketch 1.202044
    >>> run = Run(problem, model_size=20, schedule=Constant("3/10"), steps=[10**18])
    >>> Exact(seed=0, digits=40).curve(run).decimals["excess"]
    ('0.04065506956775005482765971559809799921750',)
    """

    seed: int = 0
    sketch: Real | None = None
    sketches: int = 1
    tolerance: float = 1e-9
    digits: int | None = None
    field: Field | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", whole(self.seed, "seed"))
        object.__setattr__(self, "sketches", whole(self.sketches, "sketches", least=1))
        object.__setattr__(self, "tolerance", float(number(self.tolerance, "tolerance")))
        if not 0 < self.tolerance < 1:
            raise InvalidInput(f"tolerance must lie between 0 and 1, not {self.tolerance}")
        object.__setattr__(self, "sketch", read_sketch(self.sketch))
        if self.sketch is not None and self.sketches > 1:
            raise InvalidInput("a sketch passed in is one sketch: leave sketches=1, or leave the sketch out")
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
        if self.digits is not None:
            return self._precise(run, self.digits, let)
        answers = [verified_response(run, modes, tolerance=self.tolerance, force=let) for modes in self.modes(run)]
        excess = np.stack([answer.excess for answer in answers])
        several = len(answers) > 1
        return RiskCurve(
            steps=run.steps,
            excess=excess.mean(axis=0),
            bias=np.mean([answer.bias for answer in answers], axis=0),
            variance=np.mean([answer.variance for answer in answers], axis=0),
            standard_error=excess.std(axis=0, ddof=1) / np.sqrt(len(answers)) if several else None,
            irreducible=float(run.problem.noise),
            approximation=float(np.mean([answer.floor for answer in answers])),
            claim=Claim.AVERAGED_OVER_SKETCHES if several else Claim.GIVEN_SKETCH,
            warrant=Warrant.SAMPLED if several else Warrant.COMPUTED,
            error=max(answer.error for answer in answers),
            asked=run.describe(),
            method={
                "name": "exact",
                "sketch": self._origin,
                "sketches": self.sketches,
                "tolerance": self.tolerance,
                "kappa": max(answer.stability.kappa for answer in answers),
            },
        )

    def modes(self, run: Run) -> Iterator[Modes]:
        """The modes of each sketch."""
        for sketch in self._sketches(checked_run(run)):
            yield sketch_modes(run.problem, sketch)

    def _precise(self, run: Run, digits: int, force: bool) -> RiskCurve:
        from riskcalc.exact.precise.curve import precise_curve

        if force:
            raise InvalidInput(
                "an unstable run cannot be forced with digits=...: leave digits out, or use a smaller step size"
            )
        (sketch,) = self._sketches(run)
        described = {"sketch": self._origin, "sketches": 1}
        return precise_curve(run, sketch, digits=digits, field=self.field, described=described)

    @property
    def _origin(self) -> str:
        return f"seed {self.seed}" if self.sketch is None else "given"

    def _sketches(self, run: Run) -> Iterator[Real]:
        model_size, dimension = whole(run.model_size, "model_size", least=1), run.problem.dimension
        if self.sketch is not None:
            sketch = checked_sketch(self.sketch, model_size=model_size, dimension=dimension)
            if self.digits is None:
                check_independent(sketch)
            yield sketch
            return
        seeds = np.random.SeedSequence(self.seed)
        for seed in [seeds] if self.sketches == 1 else seeds.spawn(self.sketches):
            yield gaussian_sketch(model_size=model_size, dimension=dimension, seed=seed)
