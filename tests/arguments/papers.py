"""Valid calls of presets and theorems."""

from __future__ import annotations

import numpy as np

import riskcalc as rc
from tests.arguments import subjects
from tests.arguments.kinds import (
    FLAG,
    FUNCTION,
    NONNEGATIVE,
    OBJECT,
    POSITIVE,
    REAL,
    number,
    object_of,
    one_of,
    several,
    whole,
    words,
)
from tests.arguments.strange import PROBLEM
from tests.arguments.table import call, default, valid

SEED, COUNT, SIZE = whole(0), whole(1), number(least=1)
A_PROBLEM = valid(PROBLEM, object_of(rc.Problem))
EXACT = default(rc.Exact(seed=0), object_of(rc.Equivalent))

call("presets.effective_samples", rc.presets.effective_samples, given={"samples": valid(1024, number(least=2))})
call(
    "presets.effective_time",
    rc.presets.effective_time,
    given={"samples": valid(1024, POSITIVE), "step_size": valid(1, POSITIVE), "averaged": valid(False, FLAG)},
)
call(
    "presets.trace_normalised",
    rc.presets.trace_normalised,
    given={"a": valid(2, POSITIVE), "dimension": default(12, COUNT)},
)
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
call(
    "theorems.theorem_41",
    rc.theorems.theorem_41,
    given={"run": valid(subjects.theorem_run(subjects.ISOTROPIC), OBJECT)},
)
call(
    "theorems.theorem_42",
    rc.theorems.theorem_42,
    given={
        "run": valid(
            subjects.theorem_run(rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="5/2"))), OBJECT
        )
    },
)
SLOW = rc.Problem(spectrum=rc.LogarithmicPowerLaw(a=2), signal=rc.GaussianPrior())
call(
    "theorems.theorem_43",
    rc.theorems.theorem_43,
    given={"run": valid(rc.Run(SLOW, model_size=4, schedule=rc.Geometric("1/2"), steps=[1024]), OBJECT)},
)
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
