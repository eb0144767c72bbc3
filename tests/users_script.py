"""What a user writes, for a type checker: text and NumPy's numbers where numbers are read, lists where several are.

It is checked strictly, against the checkout and against the wheel, so that each `ignore` is a refusal that is needed;
and it is run, so that what checkers let through is what the package takes.
"""

from fractions import Fraction
from typing import assert_type

import numpy as np
from numpy.typing import NDArray

import riskcalc as rc
from riskcalc.agreement import Effort
from riskcalc.dataset import Rbf
from riskcalc.fitting import Huber, Studentised

# spectra, signals, problems
law = rc.PowerLaw(a="3/2", dimension="1e3", scale=np.float64(0.5))
rc.LogarithmicPowerLaw(a="3/2", dimension=np.int64(100))
signal = rc.PowerLawSignal(b="17/5", scale=Fraction(1, 2), signs="7")
rc.GaussianPrior(b="2", scale="1/3")
problem = rc.Problem(spectrum=law, signal=signal, noise="1e-2")
rc.MultipleOutputs(spectrum=law, signals=[signal, signal], noises=["1/2", 1], counts=[1, "2"])
assert_type(law.a, Fraction | float)
assert_type(law.dimension, int | None)
assert_type(problem.noise, Fraction | float)

# schedules and averages
constant = rc.Constant("3/10")
schedules = [
    constant,
    rc.Geometric("3/10"),
    rc.Polynomial("3/10", power="1/2"),
    rc.Cosine("3/10", floor="1/10"),
    rc.MultiStep("3/10", milestones=["1/2", Fraction(3, 4)], factor="1/3"),
    rc.WarmupStableDecay("3/10", decay="1/5", warmup="1/10", floor="1/100"),
    rc.InverseSquareRoot("3/10", timescale="1e3"),
    rc.Warmup(constant, steps="10"),
    rc.Warmup(constant, fraction="1/10", start="1/4"),
]
assert_type(constant.step_size, Fraction | float)
assert_type(constant.step_sizes(0, 2, horizon=10), NDArray[np.float64])
assert_type(rc.MultiStep("3/10", ["1/2"]).milestones, tuple[Fraction | float, ...])

# runs and their methods
run = rc.Run(problem, model_size="20", schedule=constant, steps=["1e1", 100], averaging=rc.TailAverage("1/2"))
curve = rc.risk(run)
assert_type(curve, rc.RiskCurve)
assert_type(curve.excess, NDArray[np.float64])
methods = [
    rc.Equivalent(tolerance="1e-8", digits=None),
    rc.Exact(seed="1", sketch=[[1.0, 0.5], [0.0, 1.0]], tolerance="1e-8"),
    rc.Unsketched(tolerance="1e-8"),
    rc.Asymptotic(digits="20"),
    rc.MonteCarlo(runs="10", seed="2", chunk="5", simulator=rc.Ambient(covariates=rc.StudentT("9/2"))),
]
assert_type(rc.Exact(seed="1").seed, int)
assert_type(rc.Equivalent().tolerance, float)
rc.LeastSquaresSimulation(runs="10", seed="0")
rc.FourthMoments(covariates=rc.KernelFeatures(rc.Brownian()), seed="3")
rc.ridge_risk(problem, model_size="10", samples="1e2", ridge="1/100")

# kernels, fits, efforts
rc.PeriodicMatern(order="1", length="1/2")
rc.PeriodicSobolev(order="1", constant="1/2")
rc.ArcCosine(order="1", d="3")
rc.GaussianLine(length="1/2", spread="2")
rc.Zonal(np.abs, breaks=[0.0])
Rbf(bandwidth="1/2")
Studentised(resamples="200", seed="1")
Huber(scale="1/100")
Effort(draws="1e6", plain_steps="100")

# what is no number, and what is left out


def refused() -> None:
    """Never called: each line is an error to a checker, and would be one to the package."""
    rc.PowerLaw(a=[2])  # type: ignore[arg-type]
    rc.PowerLaw()  # type: ignore[call-arg]
    rc.Constant(None)  # type: ignore[arg-type]
    rc.Run(problem, model_size=None, schedule=constant, steps=[1])  # type: ignore[arg-type]
    law.a = 2  # type: ignore[misc]
