"""Valid calls of the functions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import riskcalc as rc
from riskcalc.agreement import Effort
from riskcalc.asymptotic.shape import Shape
from riskcalc.dataset import Linear
from riskcalc.fitting import Huber, Studentised
from riskcalc.schedule import Schedule
from tests.arguments import subjects
from tests.arguments.kinds import (
    FLAG,
    MATRIX,
    NONNEGATIVE,
    OBJECT,
    POSITIVE,
    REAL,
    TEXT,
    VECTOR,
    Kind,
    number,
    object_of,
    one_of,
    several,
    whole,
    words,
)
from tests.arguments.strange import PROBLEM, RUN
from tests.arguments.table import call, default, valid

SEED, COUNT, SIZE = whole(0), whole(1), number(least=1)
A_PROBLEM, A_RUN = valid(PROBLEM, object_of(rc.Problem)), valid(RUN, object_of(rc.Run))
INFINITE = valid(subjects.INFINITE, object_of(rc.Problem))
EXACT, WHOLE = default(rc.Exact(seed=0), object_of(rc.Equivalent)), default(rc.Unsketched(), object_of(rc.Equivalent))
LEVEL = number(least=0.5, below=1)
NOISE = one_of(FLAG, NONNEGATIVE)
PATH = valid("none", TEXT)

call("risk", rc.risk, given={"run": A_RUN, "method": EXACT, "force": valid(False, FLAG)})
call("output_curves", rc.output_curves, given={"run": A_RUN, "method": EXACT, "force": valid(False, FLAG)})
call(
    "crosscheck",
    rc.crosscheck,
    given={
        "run": A_RUN,
        "methods": default([rc.Exact(seed=0)], OBJECT),
        "seed": valid(0, SEED),
        "level": valid(1e-3, number(above=0, most=0.5)),
        "effort": default(Effort(fewest_runs=10, draws=1e4), OBJECT),
    },
)
call(
    "sweep",
    rc.sweep,
    heavy=True,
    given={
        "problem": A_PROBLEM,
        "model_size": valid(4, one_of(SIZE, several(SIZE))),
        "schedule": valid("constant", object_of(rc.Constant)),
        "steps": valid([8], one_of(whole(0, most=10**18), several(whole(0, most=10**18)))),
        "step_size": default("1/10", one_of(POSITIVE, several(POSITIVE))),
        "optimiser": default(rc.SGD(), object_of(rc.SGD)),
        "batch_size": valid(1, one_of(COUNT, several(COUNT))),
        "noise": default(0, one_of(NONNEGATIVE, several(NONNEGATIVE))),
        "horizon": default(8, whole(8, most=10**18)),
        "averaging": default(rc.LastIterate(), object_of(rc.LastIterate)),
        "data": default(rc.OnePass(), object_of(rc.OnePass)),
        "method": default(rc.Exact(seed=0), object_of(rc.Equivalent)),
        "executor": default(None, OBJECT),
        "store": default(None, TEXT),
        "progress": default(False, FLAG),
    },
)
call(
    "ridge_risk",
    rc.ridge_risk,
    given={
        "problem": A_PROBLEM,
        "model_size": valid(4, SIZE),
        "samples": valid(8, SIZE),
        "ridge": valid("1/10", NONNEGATIVE),
        "method": default(rc.LeastSquaresSimulation(runs=2), OBJECT),
    },
)
call(
    "tuned_ridge",
    rc.tuned_ridge,
    given={"problem": A_PROBLEM, "model_size": valid(4, SIZE), "samples": valid(8, SIZE)},
)
call(
    "bayes_risk",
    rc.bayes_risk,
    given={"problem": A_PROBLEM, "samples": valid(8, number(least=1e-12, most=1e24))},
)
MEMBERS = {
    "members": default(2, SIZE),
    "sketch": valid("own", words("own", "shared")),
    "data": valid("shared", words("own", "shared")),
}
RIDGED = {
    "problem": A_PROBLEM,
    "model_size": valid(4, SIZE),
    "samples": valid(8, SIZE),
    "ridge": valid("1/10", NONNEGATIVE),
}
call("ensemble_ridge", rc.ensemble_ridge, given=RIDGED | MEMBERS)
call("ridge_variances", rc.ridge_variances, given=RIDGED)
DESCENT = valid(replace(RUN, data=rc.FullBatch(samples=8)), object_of(rc.Run))
call("ensemble_risk", rc.ensemble_risk, given={"run": DESCENT} | MEMBERS)
call(
    "width_correction",
    rc.width_correction,
    given={
        "problem": A_PROBLEM,
        "times": valid([1, 10], one_of(number(above=0, most=1e100), several(number(above=0, most=1e100)))),
    },
)
call("descent_variances", rc.descent_variances, given={"run": DESCENT})
TWO = Kind(name="two numbers", accepts=lambda value: several(NONNEGATIVE).accepts(value) and len(value) == 2)
call(
    "two_ridges",
    rc.two_ridges,
    given={
        "problem": A_PROBLEM,
        "model_size": valid(4, SIZE),
        "samples": valid(8, SIZE),
        "ridges": valid([0.1, 0.5], TWO),
    },
)

call(
    "quadratic_risk",
    rc.quadratic_risk,
    given={
        "run": A_RUN,
        "start": valid("1/10", POSITIVE),
        "method": default(rc.QuadraticSGD(runs=3), OBJECT),
    },
)
call(
    "quadratic_stationary",
    rc.quadratic_stationary,
    given={
        "problem": A_PROBLEM,
        "model_size": valid(4, whole(1, most=12)),
        "step_size": valid("1/10", POSITIVE),
        "batch_size": valid(1, COUNT),
    },
)
call("QuadraticSGD", rc.QuadraticSGD, given={"runs": valid(3, whole(2)), "seed": valid(0, SEED)})
call(
    "MeanField",
    rc.MeanField,
    given={name: valid(3, whole(2)) for name in ("particles", "replicas", "places")} | {"seed": valid(0, SEED)},
)

EXPONENT = default(None, REAL)
call(
    "exponents",
    rc.exponents,
    heavy=True,
    given={
        "a": EXPONENT,
        "b": EXPONENT,
        "alpha": default(1, POSITIVE),
        "beta": default("3/4", REAL),
        "noise": valid(0, NOISE),
        "budget": default("compute", words("compute", "data", "data-set")),
        "schedule": default("cosine", one_of(words("constant", "cosine", "geometric"), object_of(Schedule))),
        "warmup": default("1/10", POSITIVE),
        "shape": default(None, object_of(Shape)),
        "step_size": default("free", words("largest", "free")),
        "free_batch": valid(False, FLAG),
        "outputs": default(None, number(least=0, below=1)),
        "normalisation": default(None, words("every", "total")),
        "outputs_free": valid(False, FLAG),
        "compute": default(None, number(least=1)),
        "optimiser": default(None, object_of(rc.SGD)),
        "parameterisation": valid("quadratic", words("linear", "quadratic")),
    },
)
call(
    "phase_diagram",
    rc.phase_diagram,
    heavy=True,
    given={
        "noise": valid(0, NOISE),
        "budget": default("compute", words("compute", "data", "data-set")),
        "schedule": default("cosine", one_of(words("constant", "cosine", "geometric"), object_of(Schedule))),
        "warmup": default(None, POSITIVE),
        "shape": default(None, object_of(Shape)),
        "step_size": default("free", words("largest", "free")),
        "free_batch": valid(False, FLAG),
        "outputs": default(None, number(least=0, below=1)),
        "normalisation": default(None, words("every", "total")),
        "outputs_free": valid(False, FLAG),
        "compute": default(None, number(least=1)),
        "optimiser": default(None, object_of(rc.SGD)),
        "parameterisation": valid("quadratic", words("linear", "quadratic")),
        "paper_letters": valid(True, FLAG),
    },
)
call(
    "compute_optimal",
    rc.compute_optimal,
    heavy=True,
    given={
        "problem": INFINITE,
        "compute": valid(1e6, number(above=1, most=1e30)),
        "step_size": default("1/10", POSITIVE),
        "stable_fraction": default(None, number(above=0, below=1)),
        "batch_size": valid(1, COUNT),
        "samples": default(None, COUNT),
        "ratio": default(None, number(above=1)),
        "local": valid(False, FLAG),
        "method": default(rc.Equivalent(), object_of(rc.Equivalent)),
        "optimiser": default(None, object_of(rc.SGD)),
        "finite_size": valid(False, FLAG),
    },
)
call(
    "isoflops",
    rc.isoflops,
    heavy=True,
    given={
        "problem": INFINITE,
        "budgets": valid([1e6], several(number(above=1, most=1e30))),
        "points": valid(3, whole(1, most=10**6)),
        "decades": valid("1/2", POSITIVE),
        "step_size": default("1/10", POSITIVE),
    },
)
call(
    "model_size_sweep",
    rc.model_size_sweep,
    heavy=True,
    given={
        "problem": A_PROBLEM,
        "samples": valid(8, whole(4)),
        "step_size": valid("1/10", POSITIVE),
        "model_sizes": default([2, 4], several(SIZE)),
        "points": valid(2, whole(2)),
        "decades": valid(0, number(least=-10, most=20)),
    },
)
call(
    "production",
    rc.production,
    heavy=True,
    given={
        "problem": INFINITE,
        "step_size": valid("1/10", POSITIVE),
        "model_sizes": valid([2, 4, 8, 16], several(SIZE)),
        "samples": valid([8, 16, 32, 64], several(whole(4))),
        "schedule": valid(rc.Constant, Kind(name="class", accepts=lambda value: value is rc.Constant)),
    },
)
WHOLE_PROBLEM = valid(subjects.WHOLE_RUN.problem, object_of(rc.Problem))
call(
    "critical_batch_size",
    rc.critical_batch_size,
    heavy=True,
    given={
        "problem": WHOLE_PROBLEM,
        "model_size": valid(12, SIZE),
        "samples": valid(16, whole(4)),
        "schedule": valid(rc.Constant(1), object_of(rc.Constant)),
        "factor": valid(2, number(above=1)),
        "method": WHOLE,
        "optimiser": default(None, object_of(rc.SGD)),
    },
)
call(
    "optimal_schedule",
    rc.optimal_schedule,
    heavy=True,
    given={
        "problem": WHOLE_PROBLEM,
        "model_size": valid(12, SIZE),
        "horizon": valid(8, COUNT),
        "batch_size": valid(1, COUNT),
        "method": WHOLE,
        "largest": default("1/10", POSITIVE),
        "named": default([rc.Cosine(1)], OBJECT),
        "iterations": valid(2, COUNT),
        "optimiser": default(None, object_of(rc.SGD)),
    },
)
call(
    "tuned_step_size",
    rc.tuned_step_size,
    given={"run": A_RUN, "method": EXACT, "largest": default("1/10", POSITIVE)},
)

REUSED = {"problem": A_PROBLEM, "model_size": valid(4, SIZE), "step_size": valid("1/10", POSITIVE)}
call(
    "early_stopping",
    rc.early_stopping,
    heavy=True,
    given=REUSED | {"samples": valid(6, SIZE), "optimiser": default(None, object_of(rc.SGD))},
)
PASSES = one_of(number(least=0), several(number(least=0)))
call(
    "reuse_rate",
    rc.reuse_rate,
    heavy=True,
    given=REUSED | {"samples": valid(6, COUNT), "passes": valid([2], PASSES), "batch_size": valid(1, COUNT)},
)

PAIR = one_of(object_of(tuple), several(VECTOR))
call(
    "fit_exponents",
    rc.fit_exponents,
    heavy=True,
    given={
        "data": valid((subjects.STEPS, subjects.EXCESS), OBJECT),
        "replicates": default(None, MATRIX),
        "terms": valid(1, whole(1, most=2)),
        "floor": default(0, one_of(NONNEGATIVE, words("known", "fitted"))),
        "window": default((1, 1000), several(NONNEGATIVE)),
        "expected": default("1/2", one_of(REAL, several(REAL, empty=True))),
        "level": valid("0.95", LEVEL),
        "interval": default(Studentised(), OBJECT),
        "loss": default(Huber(), OBJECT),
        "resolution": valid("0.01", NONNEGATIVE),
    },
)
call(
    "local_exponents",
    rc.local_exponents,
    given={
        "data": valid((subjects.STEPS, subjects.EXCESS), OBJECT),
        "floor": valid(0, one_of(REAL, words("known"))),
        "decades": valid(1, POSITIVE),
        "replicates": default(subjects.REPLICATES, MATRIX),
    },
)
M, N = np.meshgrid([10.0, 30.0, 100.0], [100.0, 1000.0, 10_000.0])
call(
    "fit_scaling_law",
    rc.fit_scaling_law,
    given={
        "sizes": valid(M.ravel(), OBJECT),
        "samples": valid(N.ravel(), OBJECT),
        "risks": valid((1 + 2 / M + 3 * N**-0.5).ravel(), OBJECT),
        "form": valid("additive", words("additive", "coupled", "theory")),
        "irreducible": default(1, NONNEGATIVE),
        "groups": default(np.arange(9), OBJECT),
        "holdout": valid(0, NONNEGATIVE),
        "level": valid("0.95", LEVEL),
        "interval": default(Studentised(), OBJECT),
        "loss": default(Huber(), OBJECT),
    },
)
call(
    "loss_curve",
    rc.loss_curve,
    given={
        "steps": valid(subjects.LOG_STEPS, OBJECT),
        "losses": valid(4 - subjects.LOG_STEPS / 1000, OBJECT),
        "schedule": valid(1 - subjects.LOG_STEPS / 2100, object_of(Schedule)),
        "warmup": valid(10, whole(0)),
        "name": valid("curve", TEXT),
    },
)
call(
    "fit_curves",
    rc.fit_curves,
    heavy=True,
    given={
        "curves": valid([subjects.log_curve()], OBJECT),
        "tied": valid(True, FLAG),
        "level": valid("0.95", LEVEL),
    },
)
call("load_curve", rc.load_curve, given={"path": PATH, "warmup": valid(0, whole(0))})
call(
    "load_curves",
    rc.load_curves,
    given={"folder": PATH, "pattern": valid("*.csv", TEXT), "warmup": valid(0, whole(0))},
)
call(
    "load_points",
    rc.load_points,
    given={"path": PATH, "where": default(None, TEXT), "groups": default(None, TEXT)},
)
call(
    "load_table",
    rc.load_table,
    given={
        "path": PATH,
        "steps": default(None, TEXT),
        "column": default(None, TEXT),
        "replicates": default(None, one_of(TEXT, several(TEXT))),
    },
)
call("structured", rc.structured, given={"problem": A_PROBLEM, "decay": valid("1/2", number(above=-2))})
call(
    "load_problem",
    rc.load_problem,
    given={
        "path": PATH,
        "noise": valid(0, NONNEGATIVE),
        "signal": default(None, object_of(rc.PowerLawSignal, rc.GaussianPrior)),
    },
)
call(
    "load_data",
    rc.load_data,
    given={"source": valid("data.csv", TEXT), "features": default(None, TEXT), "label": default(None, TEXT)},
)
call(
    "measure",
    rc.measure,
    given={
        "features": valid(subjects.ROWS, OBJECT),
        "labels": valid(subjects.LABELS, OBJECT),
        "centre": valid(True, FLAG),
    },
)
call(
    "analyse_data",
    rc.analyse_data,
    heavy=True,
    given={
        "data": valid((subjects.ROWS, subjects.LABELS), OBJECT),
        "kernel": default(Linear(), OBJECT),
        "task": valid("regression", words("auto", "regression", "classes")),
        "positive": default(None, TEXT),
        "standardise": valid(True, FLAG),
        "rows": valid(24, whole(20)),
        "window": default((1, 8), several(number(least=1))),
        "level": valid("0.95", LEVEL),
        "resamples": valid(20, whole(20, most=10_000)),
        "model_size": default(2, COUNT),
        "step_size": valid("1/4", POSITIVE),
        "batch_size": valid(1, COUNT),
        "steps": default([4], one_of(SEED, several(SEED))),
        "sketches": valid(2, whole(2)),
        "runs": valid(1, COUNT),
        "seed": valid(0, SEED),
    },
)
