"""Small objects that valid calls are made of, each made once."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import numpy as np
import sympy

import riskcalc as rc
from riskcalc.allocation.compute_optimal import ComputeOptimal
from riskcalc.allocation.isoflop import Isoflop
from riskcalc.allocation.production import Production
from riskcalc.least_squares.least_squares import LeastSquares
from riskcalc.scaling import Phase, PhaseDiagram
from tests.arguments.strange import PROBLEM, RUN

POWER_LAW = rc.PowerLaw(a=2, dimension=12)
SIGNAL = rc.PowerLawSignal(b=3)
INFINITE = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3), noise=1)
ISOTROPIC = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=12), signal=rc.GaussianPrior(), noise=1)
OUTPUTS = rc.MultipleOutputs(spectrum=POWER_LAW, signals=[SIGNAL, SIGNAL])
WHOLE_RUN = rc.Run(
    rc.Problem(spectrum=POWER_LAW, signal=SIGNAL), model_size=12, schedule=rc.Constant("1/10"), steps=[4]
)
LONG_RUN = rc.Run(INFINITE, model_size=100, schedule=rc.Constant("1/10"), steps=[100])
FIT = LeastSquares(problem=PROBLEM, model_size=4, samples=8)
ROWS = np.random.default_rng(0).standard_normal((24, 8))
LABELS = ROWS @ 0.5 ** np.arange(8) + np.random.default_rng(1).standard_normal(24)
SKETCH = np.random.default_rng(2).standard_normal((4, 12)) / 2
LINE = rc.PiecewisePolynomial.monomial(1)
PROFILE = rc.Zonal(rc.PiecewisePolynomial([-1, 0, 1], [[-1], [1]]))
STEPS = np.geomspace(1, 1000, 13)
EXCESS = 0.01 + STEPS**-0.5
REPLICATES = EXCESS * np.exp(0.01 * np.random.default_rng(3).standard_normal((6, 13)))


def theorem_run(problem: Any = INFINITE, *, averaging: Any = None, schedule: Any = None) -> rc.Run:
    """At the end of a halving schedule, as the theorems want it."""
    schedule = rc.Geometric("1/100") if schedule is None else schedule
    return rc.Run(problem, model_size=4, schedule=schedule, steps=[1024], averaging=averaging)


@cache
def scattered() -> rc.RiskCurve:
    """A curve that knows how single sketches scatter."""
    return dataclasses.replace(curve(), shift=[0.0, 0.01], spread=[0.0, 0.1])


@cache
def curve() -> rc.RiskCurve:
    return rc.Exact(seed=0).curve(RUN)


@cache
def reuse_rates() -> list[Any]:
    return [rc.reuse_rate(PROBLEM, model_size=4, samples=6, passes=[1, 2], step_size="1/10")]


@cache
def fit() -> Any:
    return rc.fit_exponents((STEPS, EXCESS), floor=0)


@cache
def law() -> Any:
    sizes, samples = (axis.ravel() for axis in np.meshgrid([10.0, 30.0, 100.0], [100.0, 1000.0, 10_000.0]))
    return rc.fit_scaling_law(sizes, samples, 1 + 2 / sizes + 3 * samples**-0.5)


LOG_STEPS = np.arange(100, 2001, 100)


@cache
def log_curve() -> Any:
    sizes = 1 - LOG_STEPS / 2100
    return rc.loss_curve(LOG_STEPS, 2 + 5 * np.cumsum(sizes) ** -0.5 + 0.1 * sizes, sizes)


@cache
def curves_fit() -> Any:
    return rc.fit_curves([log_curve()])


@cache
def cross_check() -> Any:
    return rc.crosscheck(RUN, methods=[rc.Exact(seed=0)])


@cache
def sweep() -> Any:
    return rc.model_size_sweep(PROBLEM, samples=8, step_size="1/10", model_sizes=[2, 4])


def isoflop_curves() -> list[Isoflop]:
    """By hand: finding an optimum takes seconds."""
    sizes = np.array([10.0, 20.0, 40.0])
    optimum = ComputeOptimal(
        compute=1e6,
        batch_size=1,
        model_size=20.0,
        steps=50_000,
        step_size=0.1,
        step_size_rule="fixed",
        excess=0.1,
        error=1e-9,
        local=None,
        asymptotic=None,
        approach=None,
        notes=(),
        asked={},
    )
    excess = np.array([0.2, 0.1, 0.2])
    return [Isoflop(compute=1e6, model_sizes=sizes, steps=1e6 / sizes, excess=excess, optimum=optimum)]


def production() -> Production:
    """By hand, as well."""
    sizes, samples = 2.0 ** np.arange(1, 6), 2.0 ** np.arange(3, 8)
    excess = 1 / sizes[:, None] + 1 / samples
    return Production(
        model_sizes=sizes,
        samples=samples,
        excess=excess,
        size_exponent=None,
        asked={"step_size": "1/10", "schedule": "geometric"},
    )


@cache
def best_schedule() -> Any:
    return rc.optimal_schedule(
        WHOLE_RUN.problem, model_size=12, horizon=8, named=[rc.Cosine(1)], iterations=2, method=rc.Unsketched()
    )


@cache
def data_report() -> Any:
    return rc.analyse_data((ROWS, LABELS), resamples=20, sketches=2, runs=1, steps=[4], model_size=2)


@cache
def diagram() -> PhaseDiagram:
    """One phase by hand: deriving the true diagram takes seconds."""
    a, b = sympy.Symbol("a", positive=True), sympy.Symbol("b", real=True)
    phase = Phase(
        name="I",
        exponents={"M": 1 / (a + 1)},
        loss_exponent=b / (a + 1),
        balance=("F_0", "F_pp"),
        region=a > 0,
        samples=(),
    )
    return PhaseDiagram(letters=(a, b), domain=sympy.And(a > 0, b > 1), phases=(phase,), boundaries=(), certificates=())
