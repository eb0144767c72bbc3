"""Valid calls of the functions that draw."""

from __future__ import annotations

import riskcalc as rc
from tests.arguments import subjects
from tests.arguments.call import Later
from tests.arguments.kinds import (
    FLAG,
    OBJECT,
    POSITIVE,
    REAL,
    TEXT,
    Kind,
    several,
    whole,
    words,
)
from tests.arguments.table import call, default, valid

COUNT = whole(1)
AX = default(None, OBJECT)

call(
    "plot_curve",
    rc.plot_curve,
    heavy=True,
    given={
        "curves": valid(Later(subjects.curve), OBJECT),
        "labels": default(["one"], several(TEXT)),
        "excess": valid(False, FLAG),
        "floor": valid(True, FLAG),
        "ax": AX,
    },
)
call("plot_components", rc.plot_components, given={"curve": valid(Later(subjects.curve), OBJECT), "ax": AX})
call("plot_component_areas", rc.plot_component_areas, given={"curve": valid(Later(subjects.curve), OBJECT), "ax": AX})
call("plot_crosscheck", rc.plot_crosscheck, given={"check": valid(Later(subjects.cross_check), OBJECT)})
call("plot_data", rc.plot_data, given={"report": valid(Later(subjects.data_report), OBJECT)})
call(
    "plot_fit",
    rc.plot_fit,
    heavy=True,
    given={"fit": valid(Later(subjects.fit), OBJECT), "decades": valid(1, POSITIVE)},
)
call("plot_scaling_law", rc.plot_scaling_law, given={"law": valid(Later(subjects.law), OBJECT)})
call(
    "plot_curves_fit",
    rc.plot_curves_fit,
    given={"fit": valid(Later(subjects.curves_fit), OBJECT), "holdout": default(None, OBJECT)},
)
call("plot_frontier", rc.plot_frontier, given={"curves": valid(Later(subjects.isoflop_curves), OBJECT), "ax": AX})
call(
    "plot_isoquants",
    rc.plot_isoquants,
    given={"found": valid(Later(subjects.production), OBJECT), "levels": valid(3, COUNT), "ax": AX},
)
WINDOW = default((0.5, 2.0, 1.5, 3.0), OBJECT)
PLACES = Kind(name="places by label", accepts=lambda value: isinstance(value, dict) and not value)
call(
    "plot_phases",
    rc.plot_phases,
    heavy=True,
    given={
        "diagram": valid(Later(subjects.diagram), OBJECT),
        "window": WINDOW,
        "points": default(None, PLACES),
        "ax": AX,
    },
)
call(
    "plot_loss_surface",
    rc.plot_loss_surface,
    heavy=True,
    given={"diagram": valid(Later(subjects.diagram), OBJECT), "window": WINDOW},
)
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
    given={
        "sweep": valid(Later(subjects.sweep), OBJECT),
        "simulated": valid([], several(OBJECT, empty=True)),
        "ax": AX,
    },
)
call(
    "plot_reuse_rates",
    rc.plot_reuse_rates,
    heavy=True,
    given={"rates": valid(Later(subjects.reuse_rates), several(OBJECT)), "ax": AX},
)
call("plot_variance_bound", rc.plot_variance_bound, given={"sweep": valid(Later(subjects.sweep), OBJECT), "ax": AX})
call(
    "save_picture",
    rc.save_picture,
    heavy=True,
    given={
        "figure": valid(Later(lambda: rc.plot_components(subjects.curve())), OBJECT),
        "path": valid("picture.svg", TEXT),
    },
)
call(
    "explore",
    rc.explore,
    heavy=True,
    given={
        "path": valid("page.html", TEXT),
        "schedules": valid(["geometric"], several(words("constant", "geometric"))),
    },
)
