"""Risk curves of a data set: SGD on its rows beside what its spectrum and its fitted power law predict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.dataset.eigen import Eigen
from riskcalc.dataset.exponents import DataExponents
from riskcalc.dataset.noise import LabelNoise
from riskcalc.dataset.training import Training
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput, RiskcalcError
from riskcalc.exact import Exact
from riskcalc.problem import MultipleOutputs, PowerLaw, PowerLawSignal, Problem, gaussian_sketch
from riskcalc.progress import progress
from riskcalc.quantity import Real
from riskcalc.schedule import Constant
from riskcalc.simulation import Ambient, DataRows, MonteCarlo

_MODEL_SIZE = 32
_RECORDS = 13


@dataclass(frozen=True, kw_only=True, eq=False)
class DataCurves:
    """Risks as shares of the labels' variance, one run of SGD on sketched kernel features.

    measured: SGD on the rows, each step's sample drawn from them with replacement, averaged over sketches and runs.
    exact: the second-moment recursion on the same sketches, as if the features were Gaussian. equivalent: the
    deterministic equivalent of the measured spectrum. power_law: that of the fitted power law. Either is None where it
    has no answer; missing: the reason, by name.
    gap: relative difference of measured and exact excess, sketch by sketch, and its standard error: shape (steps,).
    """

    run: Run
    sketches: int
    runs: int
    measured: RiskCurve
    exact: RiskCurve
    equivalent: RiskCurve | None
    power_law: RiskCurve | None
    missing: dict[str, str]
    gap: Real
    gap_error: Real

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        named = {"measured": self.measured, "exact": self.exact}
        beside = {"equivalent": self.equivalent, "power_law": self.power_law}
        named |= {name: curve for name, curve in beside.items() if curve is not None}
        return {
            "model_size": int(self.run.model_size),
            "batch_size": self.run.batch_size,
            "schedule": self.run.schedule.describe(),
            "sketches": self.sketches,
            "runs": self.runs,
            "sampling": "rows with replacement",
            "steps": list(self.run.steps),
            **{name: _plain(curve) for name, curve in named.items()},
            "gap": self.gap.tolist(),
            "gap_error": self.gap_error.tolist(),
            "missing": dict(self.missing),
        }


def data_curves(eigen: Eigen, noise: LabelNoise, fits: DataExponents, sgd: Training, *, seed: int) -> DataCurves:
    """Run SGD on the rows, and the roads beside it."""
    many, each, problem = sgd.sketches, sgd.runs, eigen.problem()
    run = Run(
        problem,
        model_size=_model_size(sgd.model_size, eigen),
        schedule=Constant(sgd.step_size),
        batch_size=sgd.batch_size,
        steps=_recorded(eigen.rows) if sgd.steps is None else sgd.steps,
    )
    exact = Exact(seed=seed, sketches=many).curve(run)  # first: it refuses an unstable run
    by_sketch = _exact_by_sketch(run, many, seed)
    sampled = _measured(eigen, run, sketches=many, runs=each, seed=seed)
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = sampled / by_sketch - 1
    measured = RiskCurve(
        steps=run.steps,
        excess=sampled.mean(axis=0),
        standard_error=sampled.std(axis=0, ddof=1) / np.sqrt(many),
        irreducible=float(problem.noise),
        approximation=exact.approximation,
        claim=Claim.AVERAGED_OVER_SKETCHES,
        warrant=Warrant.SAMPLED,
        asked=run.question,
        method={"name": "montecarlo", "runs": each, "sketches": many, "seed": seed, "simulator": "data rows"},
    )
    beside, missing = _beside(eigen, noise, fits, run)
    return DataCurves(
        run=run,
        sketches=many,
        runs=each,
        measured=measured,
        exact=exact,
        equivalent=beside.get("equivalent"),
        power_law=beside.get("power_law"),
        missing=missing,
        gap=gaps.mean(axis=0),
        gap_error=gaps.std(axis=0, ddof=1) / np.sqrt(many),
    )


def _model_size(size: int | None, eigen: Eigen) -> int:
    dimension = eigen.dimension
    if size is None:
        return max(1, min(_MODEL_SIZE, dimension // 2))
    if size > dimension:
        raise InvalidInput(
            f"model_size {size} exceeds the {dimension} directions that this kernel has on {eigen.rows} rows: use at "
            f"most {dimension}"
        )
    return size


def _recorded(rows: int) -> list[int]:
    """As many steps as there are rows."""
    return sorted({0, *(round(step) for step in np.geomspace(1, rows, _RECORDS))})


def _exact_by_sketch(run: Run, sketches: int, seed: int) -> Real:
    """Excess given each of the sketches that Exact and MonteCarlo draw for this seed, shape (sketches, steps)."""
    size, found = int(run.model_size), []
    with progress(sketches, "sketches") as more:
        for child in np.random.SeedSequence(seed).spawn(sketches):
            sketch = gaussian_sketch(model_size=size, dimension=run.problem.dimension, seed=child)
            found.append(Exact(sketch=sketch).curve(run).excess)
            more(1)
    return np.array(found)


def _measured(eigen: Eigen, run: Run, *, sketches: int, runs: int, seed: int) -> Real:
    """Excess of SGD on the rows, the mean of each sketch's runs, shape (sketches, steps).

    Output by output with one seed: every output sees the same rows in the same order, as the rows of one M x P matrix
    do.
    """
    features = eigen.features()
    problems = run.problem.problems if isinstance(run.problem, MultipleOutputs) else (run.problem,)
    total = np.zeros((sketches, len(run.steps)))
    for problem, labels in zip(problems, eigen.labels.T, strict=True):
        road = MonteCarlo(
            runs=runs,
            seed=seed,
            sketch_seed=seed,
            sketches=sketches,
            simulator=Ambient(covariates=DataRows(features, labels)),
        )
        own = Run(problem, model_size=run.model_size, schedule=run.schedule, steps=run.steps, batch_size=run.batch_size)
        total += road.samples(own)
    return total


def _beside(
    eigen: Eigen, noise: LabelNoise, fits: DataExponents, run: Run
) -> tuple[dict[str, RiskCurve], dict[str, str]]:
    """The curves that are there for comparison: what one of them has no answer for takes that one alone away."""
    found: dict[str, RiskCurve] = {}
    missing: dict[str, str] = {}
    makers: dict[str, Callable[[], RiskCurve]] = {
        "equivalent": lambda: Equivalent().curve(run),
        "power_law": lambda: _power_law(eigen, noise, fits, run),
    }
    for name, make in makers.items():
        try:
            found[name] = make()
        except RiskcalcError as error:
            missing[name] = str(error)
    return found, missing


def _power_law(eigen: Eigen, noise: LabelNoise, fits: DataExponents, run: Run) -> RiskCurve:
    """The equivalent of the fitted laws in as many directions as the data have, with the estimated noise."""
    if fits.spectrum is None or fits.signal is None:
        raise InvalidInput("b is not determined" if fits.spectrum is not None else "a and b are not determined")
    spectrum, signal = fits.spectrum.terms[0], fits.signal.terms[0]
    problem = Problem(
        spectrum=PowerLaw(a=spectrum.exponent, scale=spectrum.coefficient, dimension=eigen.dimension),
        signal=PowerLawSignal(b=signal.exponent, scale=signal.coefficient),
        noise=noise.variance,
    )
    law = Run(problem, model_size=run.model_size, schedule=run.schedule, steps=run.steps, batch_size=run.batch_size)
    return Equivalent().curve(law)


def _plain(curve: RiskCurve) -> dict[str, Any]:
    error = curve.standard_error
    return {
        "risk": np.asarray(curve.risk).tolist(),
        "excess": np.asarray(curve.excess).tolist(),
        "irreducible": curve.irreducible,
        "standard_error": None if error is None else np.asarray(error).tolist(),
        "claim": curve.claim.value,
        "warrant": curve.warrant.value,
    }
