"""Valid calls of the methods of kernels, roads and curves."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

import riskcalc as rc
from tests.arguments import subjects
from tests.arguments.kinds import (
    FLAG,
    FUNCTION,
    MATRIX,
    NONNEGATIVE,
    OBJECT,
    POINTS,
    TEXT,
    Kind,
    number,
    object_of,
    one_of,
    several,
    whole,
)
from tests.arguments.strange import RUN
from tests.arguments.table import call, default, valid

DIMENSION = valid(4, whole(1, most=10**6))
ROAD = {"run": valid(RUN, object_of(rc.Run)), "force": valid(False, FLAG)}

call("Equivalent.curve", rc.Equivalent().curve, given=ROAD)
BESIDE = {"run": valid(subjects.LONG_RUN, object_of(rc.Run))}
call("Equivalent.across_sketches", rc.Equivalent().across_sketches, given=BESIDE)
call("Exact.curve", rc.Exact().curve, given=ROAD)
call("Exact.modes", lambda run: list(rc.Exact().modes(run)), given={"run": ROAD["run"]})
call("Asymptotic.curve", rc.Asymptotic().curve, given=ROAD | {"run": valid(subjects.LONG_RUN, object_of(rc.Run))})
WHOLE = ROAD | {"run": valid(subjects.WHOLE_RUN, object_of(rc.Run))}
call("Unsketched.curve", rc.Unsketched().curve, given=WHOLE)
call("Unsketched.modes", lambda run: list(rc.Unsketched().modes(run)), given={"run": WHOLE["run"]})
FEW = rc.MonteCarlo(runs=2)
for method in ("curve", "output_curves", "samples"):
    call(f"MonteCarlo.{method}", getattr(FEW, method), given=ROAD)
call("MonteCarlo.reseeded", FEW.reseeded, given={"seed": valid(0, whole(0))})
call(
    "MonteCarlo.training_samples",
    FEW.training_samples,
    given=ROAD | {"run": valid(replace(RUN, data=rc.FullBatch(samples=8)), object_of(rc.Run))},
)
MOMENTS = rc.FourthMoments(covariates=rc.KernelFeatures(rc.Brownian()))
call("FourthMoments.curve", MOMENTS.curve, given=ROAD)
call("FourthMoments.largest_step_size", MOMENTS.largest_step_size, given={"run": ROAD["run"]})
FIT = {"asked": valid(subjects.FIT, OBJECT)}
call("LeastSquaresEquivalent.risk", rc.LeastSquaresEquivalent().risk, given=FIT)
call("LeastSquaresSimulation.risk", rc.LeastSquaresSimulation(runs=2).risk, given=FIT)

KERNELS = (
    (rc.Brownian(), subjects.LINE, 1, [0.25, 0.5]),
    (rc.BrownianBridge(), subjects.LINE, 1, [0.25, 0.5]),
    (rc.PeriodicMatern(order=1, length=1), subjects.LINE, 1, [0.25, 0.5]),
    (rc.PeriodicSobolev(order=1), subjects.LINE, 1, [0.25, 0.5]),
    (rc.GaussianLine(), np.sin, 9, [0.25, 0.5]),
    (rc.ArcCosine(order=1), subjects.PROFILE, 1, [[0.0, 0.6, 0.8]]),
    (rc.DotProduct(function=np.exp), subjects.PROFILE, 1, [[0.0, 0.6, 0.8]]),
)
for kernel, target, _, points in KERNELS:
    name = type(kernel).__name__
    sphere = isinstance(points[0], list)
    inside = MATRIX if sphere else POINTS
    heights = several(number(), empty=True)
    breaks = valid((0.5,), heights)
    targets = {"target": valid(target, FUNCTION)}
    call(f"{name}.__call__", kernel.__call__, given={"x": valid(points, inside), "y": valid(points, inside)})
    call(f"{name}.eigenvalues", kernel.eigenvalues, given={"dimension": DIMENSION})
    call(
        f"{name}.eigenfunctions", kernel.eigenfunctions, given={"points": valid(points, inside), "dimension": DIMENSION}
    )
    call(f"{name}.rule", kernel.rule, given={"dimension": DIMENSION, "factors": valid(2, whole(1)), "breaks": breaks})
    expanded = {**targets, "dimension": DIMENSION, "breaks": breaks}
    call(f"{name}.expand", kernel.expand, heavy=name in ("DotProduct", "GaussianLine", "ArcCosine"), given=expanded)
    call(
        f"{name}.problem", kernel.problem, heavy=name != "Brownian", given={**expanded, "noise": valid(0, NONNEGATIVE)}
    )
    call(f"{name}.decay", kernel.decay, given=targets)
    call(
        f"{name}.power_law",
        kernel.power_law,
        given={**targets, "dimension": default(12, whole(1)), "noise": valid(0, NONNEGATIVE)},
    )
    if sphere:
        call(f"{name}.blocks", kernel.blocks, given={"dimension": DIMENSION})
        call(f"{name}.heights", kernel.heights, given={"degree": valid(4, whole(0)), "breaks": breaks})
call("KernelFeatures.nodes", rc.KernelFeatures(rc.Brownian()).nodes, given={"dimension": DIMENSION})

INFINITE = Kind(name="infinite", accepts=lambda value: isinstance(value, float) and abs(value) == math.inf)
SERIES = several(number())
VALUES = {
    "steps": valid((0, 8), several(whole(0))),
    "excess": valid([0.5, 0.25], SERIES),
    "irreducible": valid(0.1, one_of(number(), INFINITE)),
    "approximation": valid(0.1, one_of(number(), INFINITE)),
    "claim": valid(rc.Claim.GIVEN_SKETCH, OBJECT),
    "warrant": valid(rc.Warrant.COMPUTED, OBJECT),
    "bias": default([0.5, 0.25], SERIES),
    "variance": default([0.5, 0.25], SERIES),
    "standard_error": default([0.5, 0.25], SERIES),
    "radius": default([0.5, 0.25], SERIES),
    "shift": default([0.5, 0.25], SERIES),
    "spread": default([0.5, 0.25], SERIES),
    "training": default([0.5, 0.25], SERIES),
    "error": default(1e-9, one_of(number(), INFINITE)),
    "decimals": default(None, OBJECT),
    "asked": valid({"a": "2"}, object_of(dict)),
    "method": valid({"name": "exact"}, object_of(dict)),
}
call("RiskCurve", rc.RiskCurve, given=VALUES)
call("RiskCurve.interval", subjects.scattered().interval, given={"level": valid("19/20", number(above=0, below=1))})
call(
    "RiskCurve.standard_error_of", subjects.scattered().standard_error_of, given={"sketches": valid(200, whole(1))}
)
call("RiskCurve.to_dict", lambda digits: subjects.curve().to_dict(digits=digits), given={"digits": valid(5, whole(1))})
call(
    "RiskCurve.from_json",
    rc.RiskCurve.from_json,
    given={"text": valid(subjects.curve().to_json(), TEXT)},
)
call("RiskCurve.load", lambda path: rc.RiskCurve.load(path), given={"path": valid("curve.json", TEXT)})
call("RiskCurve.save", lambda path: subjects.curve().save(path), given={"path": valid("curve.json", TEXT)})
