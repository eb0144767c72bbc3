"""Valid calls of the classes: problems, schedules, runs, roads, laws."""

from __future__ import annotations

import math

import numpy as np

import riskcalc as rc
from tests.arguments import subjects
from tests.arguments.kinds import (
    FLAG,
    FUNCTION,
    MATRIX,
    NONNEGATIVE,
    OBJECT,
    POSITIVE,
    REAL,
    VECTOR,
    Kind,
    number,
    object_of,
    one_of,
    several,
    whole,
    words,
)
from tests.arguments.strange import PROBLEM
from tests.arguments.table import call, default, valid

SIGNALS = object_of(rc.PowerLawSignal)
SCHEDULES = object_of(rc.Constant)
SEED, COUNT = whole(0), whole(1)
INSIDE = number(least=0, most=1)
ROW = several(INSIDE, empty=True)
POINTS_INSIDE = one_of(INSIDE, ROW, several(ROW), several(several(ROW)))
TOLERANCE, DIGITS = number(above=0, below=1), whole(1, most=1000)
FRACTION = number(above=0, most=1)

call(
    "PowerLaw",
    rc.PowerLaw,
    given={"a": valid(2, POSITIVE), "dimension": default(12, COUNT), "scale": valid(1, POSITIVE)},
)
call(
    "LogarithmicPowerLaw",
    rc.LogarithmicPowerLaw,
    given={"a": valid(2, POSITIVE), "dimension": default(12, COUNT), "scale": valid(1, POSITIVE)},
)
call("ExplicitSpectrum", rc.ExplicitSpectrum, given={"values": valid([1.0, 0.5], several(NONNEGATIVE))})
call("ExplicitSignal", rc.ExplicitSignal, given={"values": valid([1.0, 0.5], VECTOR)})
call(
    "PowerLawSignal",
    rc.PowerLawSignal,
    given={"b": valid(3, REAL), "scale": valid(1, POSITIVE), "signs": default(1, SEED)},
)
call("GaussianPrior", rc.GaussianPrior, given={"b": default(3, REAL), "scale": valid(1, POSITIVE)})
call(
    "Problem",
    rc.Problem,
    given={
        "spectrum": valid(subjects.POWER_LAW, OBJECT),
        "signal": valid(subjects.SIGNAL, SIGNALS),
        "noise": valid("1/10", NONNEGATIVE),
    },
)
call(
    "MultipleOutputs",
    rc.MultipleOutputs,
    given={
        "spectrum": valid(subjects.POWER_LAW, OBJECT),
        "signals": valid([subjects.SIGNAL, subjects.SIGNAL], several(SIGNALS)),
        "noises": valid(1, one_of(NONNEGATIVE, several(NONNEGATIVE))),
        "counts": default([1, 2], several(COUNT)),
        "noise_correlation": default("1/2", one_of(number(least=-1, most=1), MATRIX)),
    },
)
OF_OUTPUTS = {
    "problem": valid(PROBLEM, object_of(rc.Problem)),
    "outputs": valid(2, COUNT),
    "seed": default(1, SEED),
    "noise_correlation": default("1/2", one_of(number(least=-1, most=1), MATRIX)),
}
call("MultipleOutputs.every_output", rc.MultipleOutputs.every_output, given=OF_OUTPUTS)
call("MultipleOutputs.total", rc.MultipleOutputs.total, given=OF_OUTPUTS)
call(
    "MultipleOutputs.with_noise_covariance",
    subjects.OUTPUTS.with_noise_covariance,
    given={"covariance": valid([[1.0, 0.5], [0.5, 1.0]], MATRIX)},
)

call("Constant", rc.Constant, given={"step_size": valid("1/10", POSITIVE)})
call(
    "Cosine",
    rc.Cosine,
    given={"step_size": valid("1/10", POSITIVE), "floor": valid("1/10", number(least=0, below=1))},
)
call("Geometric", rc.Geometric, given={"step_size": valid("1/10", POSITIVE)})
call("Polynomial", rc.Polynomial, given={"step_size": valid("1/10", POSITIVE), "power": valid(1, NONNEGATIVE)})
call(
    "WarmupStableDecay",
    rc.WarmupStableDecay,
    given={
        "step_size": valid("1/10", POSITIVE),
        "decay": valid("1/5", FRACTION),
        "warmup": valid("1/5", number(least=0, below=1)),
        "power": valid(1, POSITIVE),
        "floor": valid("1/10", number(least=0, below=1)),
        "shape": valid("power", words("power", "cosine", "1-sqrt")),
    },
)
call(
    "InverseSquareRoot",
    rc.InverseSquareRoot,
    given={
        "step_size": valid("1/10", POSITIVE),
        "timescale": valid(10, POSITIVE),
        "fraction": default(None, OBJECT),  # one of the two lengths, not both
    },
)
call(
    "MultiStep",
    rc.MultiStep,
    given={
        "step_size": valid("1/10", POSITIVE),
        "milestones": valid(["1/2", "3/4"], several(one_of(FRACTION, COUNT), empty=True)),
        "factor": valid("1/10", number(above=0, below=1)),
    },
)
call(
    "Warmup",
    rc.Warmup,
    given={
        "schedule": valid(rc.Constant("1/10"), SCHEDULES),
        "steps": valid(2, COUNT),
        "fraction": default(None, OBJECT),
        "start": valid("1/10", number(least=0, below=1)),
    },
)
call("Custom", rc.Custom, given={"values": valid([0.3, 0.2, 0.1], several(NONNEGATIVE))})
call(
    "Custom.from_function",
    rc.Custom.from_function,
    given={"function": valid(lambda step, horizon: 1 / (1 + step), FUNCTION), "horizon": valid(3, whole(1, most=100))},
)
for schedule in (
    rc.Constant("1/10"),
    rc.Cosine("1/10"),
    rc.Geometric("1/10"),
    rc.Polynomial("1/10", power=1),
    rc.WarmupStableDecay("1/10", warmup="1/5"),
    rc.InverseSquareRoot("1/10", timescale=2),
    rc.MultiStep("1/10", milestones=["1/2"]),
    rc.Warmup(rc.Cosine("1/10"), steps=1),
    rc.Custom([0.3, 0.2, 0.1, 0.05]),
):
    name = type(schedule).__name__
    HORIZON = {"horizon": valid(3, COUNT)}
    STRETCH = {"start": valid(1, whole(0, most=2)), "stop": valid(2, whole(1, most=3)), **HORIZON}
    call(f"{name}.step_sizes", schedule.step_sizes, given=STRETCH)
    for method in ("stages", "peak", "check", "breaks"):
        if hasattr(schedule, method):
            call(f"{name}.{method}", getattr(schedule, method), given=HORIZON)
    if hasattr(schedule, "with_step_size"):
        call(f"{name}.with_step_size", schedule.with_step_size, given={"step_size": valid("1/5", POSITIVE)})

AVERAGING = object_of(rc.LastIterate)
call(
    "Run",
    rc.Run,
    given={
        "problem": valid(PROBLEM, object_of(rc.Problem)),
        "model_size": valid(4, number(least=1)),
        "schedule": valid(rc.Constant("1/10"), SCHEDULES),
        "steps": valid([0, 8], one_of(whole(0), several(whole(0)))),
        "batch_size": valid(1, COUNT),
        "step_size": default("1/10", POSITIVE),
        "horizon": default(8, COUNT),
        "averaging": default(rc.LastIterate(), AVERAGING),
        "optimiser": default(rc.HeavyBall("1/2"), object_of(rc.SGD)),
        "data": default(rc.WithReplacement(samples=10), object_of(rc.OnePass)),
    },
)
SHARE = number(least=0, below=1)
call("OnePass", rc.OnePass, given={})
for _order in ("FullBatch", "WithReplacement", "Reshuffled"):
    call(_order, getattr(rc, _order), given={"samples": valid(10, number(least=1))})
call("HeavyBall", rc.HeavyBall, given={"beta": valid("1/2", SHARE)})
call(
    "Nesterov",
    rc.Nesterov,
    given={"beta": valid("1/2", SHARE), "at": valid("lookahead", words("iterate", "lookahead"))},
)
call("ScheduleFree", rc.ScheduleFree, given={"beta": valid("1/2", INSIDE)})
call(
    "TwoBuffer",
    rc.TwoBuffer,
    given={"delta": valid("1/10", NONNEGATIVE), "mu": valid("1/2", SHARE), "eta": valid(1, POSITIVE)},
)
call(
    "Dana",
    rc.Dana,
    given={"delta": valid("1/10", NONNEGATIVE), "decay": valid("1/2", NONNEGATIVE), "memory": valid(8, POSITIVE)},
)
call(
    "DanaDecaying",
    rc.DanaDecaying,
    given={"delta": valid("1/10", NONNEGATIVE), "memory": valid(8, POSITIVE)},
)
call("DanaDecaying.on", rc.DanaDecaying(delta="1/10", memory=8).on, given={"a": valid(2, POSITIVE)})
call(
    "from_pytorch",
    rc.from_pytorch,
    given={
        "lr": valid("1/10", POSITIVE),
        "momentum": valid("1/2", SHARE),
        "dampening": valid(0, SHARE),
        "nesterov": valid(False, FLAG),
    },
)
call(
    "from_optax",
    rc.from_optax,
    given={
        "learning_rate": valid("1/10", POSITIVE),
        "momentum": default("1/2", SHARE),
        "nesterov": valid(False, FLAG),
    },
)
for translated in (rc.to_pytorch, rc.to_optax):
    call(
        translated.__name__,
        translated,
        given={"optimiser": valid(rc.HeavyBall("1/2"), object_of(rc.HeavyBall)), "step_size": valid("1/10", POSITIVE)},
    )
call("TailAverage", rc.TailAverage, given={"fraction": valid("1/2", FRACTION)})
call("ExponentialAverage", rc.ExponentialAverage, given={"rate": valid("1/2", FRACTION)})
for averaging in (rc.LastIterate(), rc.IterateAverage(), rc.TailAverage("1/2"), rc.ExponentialAverage("1/2")):
    call(f"{type(averaging).__name__}.first", averaging.first, given={"step": valid(8, whole(0))})

FIELD = default(rc.Arb(), OBJECT)
OFF = Kind(name="off", accepts=lambda value: FLAG.accepts(value) and not value)
call(
    "Equivalent",
    rc.Equivalent,
    given={
        "tolerance": valid(1e-9, TOLERANCE),
        "digits": default(20, DIGITS),
        "field": FIELD,
        "certified": valid(False, FLAG),
        "finite_size": valid(False, OFF),  # with digits it has no meaning, and drawn targets have none without it
        "drawn_targets": valid(False, OFF),
    },
)
call("Asymptotic", rc.Asymptotic, given={"digits": default(20, DIGITS)})
call("Unsketched", rc.Unsketched, given={"tolerance": valid(1e-9, TOLERANCE)})
call(
    "Exact",
    rc.Exact,
    given={
        "seed": valid(0, SEED),
        "sketch": default(None, MATRIX),
        "sketches": valid(1, COUNT),
        "combine": valid("mean", words("mean")),  # of one sketch there is no other
        "tolerance": valid(1e-9, TOLERANCE),
        "digits": default(20, DIGITS),
        "field": FIELD,
    },
)
call(
    "FourthMoments",
    rc.FourthMoments,
    given={
        "covariates": valid(rc.KernelFeatures(rc.Brownian()), OBJECT),
        "moments": valid(rc.Moments.ALL, OBJECT),
        "seed": valid(0, SEED),
        "sketch": default(None, MATRIX),
    },
)
call(
    "MonteCarlo",
    rc.MonteCarlo,
    given={
        "runs": valid(2, COUNT),
        "seed": valid(0, SEED),
        "sketch_seed": valid(0, SEED),
        "sketch": default(None, MATRIX),
        "sketches": valid(1, COUNT),
        "simulator": valid(rc.Reduced(), OBJECT),
        "chunk": default(2, COUNT),
    },
)
call("LeastSquaresSimulation", rc.LeastSquaresSimulation, given={"runs": valid(2, whole(2)), "seed": valid(0, SEED)})
call("Ambient", rc.Ambient, given={"covariates": valid(rc.Gaussian(), OBJECT)})
call("StudentT", rc.StudentT, given={"degrees_of_freedom": valid(9, number(above=4))})
call(
    "DataRows", rc.DataRows, given={"features": valid(np.eye(2).tolist(), MATRIX), "labels": valid([1.0, 2.0], VECTOR)}
)
call("KernelFeatures", rc.KernelFeatures, given={"kernel": valid(rc.Brownian(), OBJECT)})
for noun in ("Arb", "Mpmath", "Brownian", "BrownianBridge", "Gaussian", "Rademacher", "Reduced"):
    call(noun, getattr(rc, noun), given={})
for noun in ("SGD", "LastIterate", "IterateAverage", "LeastSquaresEquivalent"):
    call(noun, getattr(rc, noun), given={})

call("ArcCosine", rc.ArcCosine, given={"order": valid(1, whole(0, most=1)), "d": valid(3, whole(3))})
call("DotProduct", rc.DotProduct, given={"function": valid(np.exp, FUNCTION), "d": valid(3, whole(3))})
call("GaussianLine", rc.GaussianLine, given={"length": valid(1, POSITIVE), "spread": valid(1, POSITIVE)})
call(
    "PeriodicMatern",
    rc.PeriodicMatern,
    given={"order": valid(1, whole(1, most=8)), "length": valid(1, number(least=0.01, most=100))},
)
call("PeriodicSobolev", rc.PeriodicSobolev, given={"order": valid(1, COUNT), "constant": valid(1, POSITIVE)})
call(
    "PiecewisePolynomial",
    rc.PiecewisePolynomial,
    given={"ends": valid([0, "1/2", 1], VECTOR), "pieces": valid([[1], [0]], MATRIX)},
)
call("PiecewisePolynomial.step", rc.PiecewisePolynomial.step, given={"at": valid("1/3", number(above=0, below=1))})
call("PiecewisePolynomial.tent", rc.PiecewisePolynomial.tent, given={"at": valid("1/3", number(above=0, below=1))})
call("PiecewisePolynomial.monomial", rc.PiecewisePolynomial.monomial, given={"power": valid(2, whole(0, most=1000))})
call("PiecewisePolynomial.jumps", subjects.LINE.jumps, given={"order": valid(1, whole(0))})
call(
    "PiecewisePolynomial.__call__",
    subjects.LINE.__call__,
    given={"points": valid([0.25, 0.5], POINTS_INSIDE)},
)
call(
    "Zonal",
    rc.Zonal,
    given={
        "profile": valid(math.sqrt, FUNCTION),
        "breaks": valid((0.5,), several(number(above=-1, below=1), empty=True)),
    },
)
call("Zonal.__call__", subjects.PROFILE.__call__, given={"points": valid([[0.0, 0.6, 0.8]], MATRIX)})
