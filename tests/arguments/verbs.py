"""Valid calls of the functions."""

from __future__ import annotations

import numpy as np

import riskcalc as rc
from riskcalc.agreement import Effort
from riskcalc.asymptotic.shape import constant
from riskcalc.dataset import Linear
from riskcalc.fitting import Huber, Studentised
from riskcalc.scaling import compute
from tests.arguments import subjects
from tests.arguments.call import Later
from tests.arguments.kinds import (
    FLAG,
    FUNCTION,
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
AX = default(None, OBJECT)
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
        "budget": default(compute(), OBJECT),
        "shape": default(constant(), OBJECT),
        "normalisation": default(None, words("every", "total")),
    },
)
call(
    "phase_diagram",
    rc.phase_diagram,
    heavy=True,
    given={
        "budget": default(compute(), OBJECT),
        "shape": default(constant(), OBJECT),
        "noise": valid(0, NOISE),
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
        "ratio": default(None, number(above=1)),
        "local": valid(False, FLAG),
        "method": default(rc.Equivalent(), object_of(rc.Equivalent)),
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
    },
)
call(
    "tuned_step_size",
    rc.tuned_step_size,
    given={"run": A_RUN, "method": EXACT, "largest": default("1/10", POSITIVE)},
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
        "irreducible": default(1, NONNEGATIVE),
        "level": valid("0.95", LEVEL),
        "interval": default(Studentised(), OBJECT),
        "loss": default(Huber(), OBJECT),
    },
)
call("load_table", rc.load_table, given={"path": PATH})
call("load_problem", rc.load_problem, given={"path": PATH, "noise": valid(0, NONNEGATIVE)})
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

call("plot_curve", rc.plot_curve, heavy=True, given={
    "curves": valid(Later(subjects.curve), OBJECT),
    "labels": default(["one"], several(TEXT)),
    "excess": valid(False, FLAG),
    "ax": AX,
})
call("plot_components", rc.plot_components, given={"curve": valid(Later(subjects.curve), OBJECT), "ax": AX})
call("plot_component_areas", rc.plot_component_areas, given={"curve": valid(Later(subjects.curve), OBJECT), "ax": AX})
call("plot_crosscheck", rc.plot_crosscheck, given={"check": valid(Later(subjects.cross_check), OBJECT)})
call("plot_data", rc.plot_data, given={"report": valid(Later(subjects.data_report), OBJECT)})
call("plot_fit", rc.plot_fit, heavy=True, given={"fit": valid(Later(subjects.fit), OBJECT), "decades": valid(1, POSITIVE)})
call("plot_frontier", rc.plot_frontier, given={"curves": valid(Later(subjects.isoflop_curves), OBJECT), "ax": AX})
call(
    "plot_isoquants",
    rc.plot_isoquants,
    given={"found": valid(Later(subjects.production), OBJECT), "levels": valid(3, COUNT), "ax": AX},
)
WINDOW = default((0.5, 2.0, 1.5, 3.0), OBJECT)
call("plot_phases", rc.plot_phases, heavy=True, given={"diagram": valid(Later(subjects.diagram), OBJECT), "window": WINDOW, "ax": AX})
call("plot_loss_surface", rc.plot_loss_surface, heavy=True, given={"diagram": valid(Later(subjects.diagram), OBJECT), "window": WINDOW})
call(
    "plot_allocation_exponent",
    rc.plot_allocation_exponent,
    heavy=True,
    given={
        "diagram": valid(Later(subjects.diagram), OBJECT),
        "a": valid(2, POSITIVE),
        "b": default((2, 3), several(REAL)),
        "ax": AX,
    },
)
call(
    "plot_optimal_schedule",
    rc.plot_optimal_schedule,
    given={"found": valid(Later(subjects.best_schedule), OBJECT), "shown": valid(1, whole(0, most=6)), "ax": AX},
)
call(
    "plot_ridgeless_and_sgd",
    rc.plot_ridgeless_and_sgd,
    given={"sweep": valid(Later(subjects.sweep), OBJECT), "simulated": valid([], several(OBJECT, empty=True)), "ax": AX},
)
call("plot_variance_bound", rc.plot_variance_bound, given={"sweep": valid(Later(subjects.sweep), OBJECT), "ax": AX})
call(
    "save_picture",
    rc.save_picture,
    heavy=True,
    given={"figure": valid(Later(lambda: rc.plot_components(subjects.curve())), OBJECT), "path": valid("picture.svg", TEXT)},
)

call("presets.effective_samples", rc.presets.effective_samples, given={"samples": valid(1024, number(least=2))})
call(
    "presets.effective_time",
    rc.presets.effective_time,
    given={"samples": valid(1024, POSITIVE), "step_size": valid(1, POSITIVE), "averaged": valid(False, FLAG)},
)
call("presets.trace_normalised", rc.presets.trace_normalised, given={"a": valid(2, POSITIVE), "dimension": default(12, COUNT)})
call(
    "presets.lin2024",
    rc.presets.lin2024,
    given={
        "a": valid(2, POSITIVE),
        "model_size": valid(4, SIZE),
        "samples": valid(64, COUNT),
        "b": default(3, REAL),
        "dimension": default(12, COUNT),
        "step_size": valid("1/10", POSITIVE),
        "noise": valid(1, NONNEGATIVE),
        "averaging": default(rc.LastIterate(), OBJECT),
        "fixed": valid(False, FLAG),
        "steps": default([64], one_of(SEED, several(SEED))),
    },
)
HALVING = valid(subjects.theorem_run(), object_of(rc.Run))
call("presets.resolved_directions", rc.presets.resolved_directions, given={"run": HALVING})

SPECTRUM, WEIGHTS = valid([1.0, 0.5], several(NONNEGATIVE)), valid([1.0, 0.5], several(NONNEGATIVE))
call(
    "theorems.bias",
    rc.theorems.bias,
    given={
        "positions": SPECTRUM,
        "signal": WEIGHTS,
        "schedule": valid(rc.Constant("1/10"), object_of(rc.Constant)),
        "horizon": valid(8, COUNT),
    },
)
call(
    "theorems.variance",
    rc.theorems.variance,
    given={"positions": SPECTRUM, "time": valid(20, POSITIVE), "effective_samples": valid(100, POSITIVE)},
)
call("theorems.lemma_62", rc.theorems.lemma_62, given={"problem": A_PROBLEM, "model_size": valid(4, COUNT)})
call(
    "theorems.theorem_63",
    rc.theorems.theorem_63,
    given={"problem": A_PROBLEM, "model_size": valid(6, COUNT), "kept": default(1, whole(0, most=2))},
)
ISOTROPIC = valid(subjects.ISOTROPIC, object_of(rc.Problem))
call("theorems.theorem_64", rc.theorems.theorem_64, given={"problem": ISOTROPIC, "model_size": valid(4, COUNT)})
call("theorems.theorem_41", rc.theorems.theorem_41, given={"run": valid(subjects.theorem_run(subjects.ISOTROPIC), OBJECT)})
call("theorems.theorem_42", rc.theorems.theorem_42, given={"run": valid(subjects.theorem_run(rc.Problem(
    spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="5/2"))), OBJECT)})
SLOW = rc.Problem(spectrum=rc.LogarithmicPowerLaw(a=2), signal=rc.GaussianPrior())
call("theorems.theorem_43", rc.theorems.theorem_43, given={"run": valid(rc.Run(
    SLOW, model_size=4, schedule=rc.Geometric("1/2"), steps=[1024]), OBJECT)})
call(
    "theorems.theorem_61",
    rc.theorems.theorem_61,
    given={"run": valid(subjects.theorem_run(PROBLEM), OBJECT), "sketch_seed": valid(0, SEED)},
)
AVERAGED = subjects.theorem_run(subjects.ISOTROPIC, averaging=rc.IterateAverage(), schedule=rc.Constant("1/10"))
call("theorems.theorem_f6", rc.theorems.theorem_f6, given={"run": valid(AVERAGED, OBJECT)})
CONSTANTS = {
    "theorem": valid(rc.theorems.theorem_41, FUNCTION),
    "runs": valid([subjects.theorem_run(subjects.ISOTROPIC)], OBJECT),
    "method": EXACT,
}
call("theorems.measured_constants", rc.theorems.measured_constants, given=CONSTANTS)
call(
    "theorems.MeasuredConstants.range",
    rc.theorems.MeasuredConstants(statements=(), curves=(), ratios={"bias": np.array([0.5, 2.0])}).range,
    given={"part": valid("bias", words("bias"))},
)
