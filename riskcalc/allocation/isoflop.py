"""The excess against model size at fixed compute: one isoFLOP curve a budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.allocation.compute_optimal import ComputeOptimal, choices_of, compute_optimal
from riskcalc.errors import InvalidInput
from riskcalc.problem import Problem

Values = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Isoflop:
    """model_sizes, steps, excess: along the curve M t B = compute; optimum: its lowest point."""

    compute: float
    model_sizes: Values
    steps: Values
    excess: Values
    optimum: ComputeOptimal


def isoflops(
    problem: Problem,
    *,
    budgets: Sequence[object],
    points: int = 21,
    decades: float = 1.5,
    **settings: Any,
) -> tuple[Isoflop, ...]:
    """IsoFLOP curves with their optima, for several budgets.

    points: on each curve, evenly spaced in log M over `decades` to either side of the optimum. settings: as for
    `compute_optimal`. The excess is that of the deterministic equivalent at one resolution (about ten digits).
    """
    if not budgets:
        raise InvalidInput("budgets is empty: give at least one, such as 1e15")
    return tuple(_isoflop(problem, budget, points, decades, settings) for budget in budgets)


def _isoflop(problem: Problem, budget: object, points: int, decades: float, settings: dict[str, Any]) -> Isoflop:
    optimum = compute_optimal(problem, compute=budget, **{"local": False, **settings})
    asked = {name: value for name, value in settings.items() if name not in ("local", "method")}
    choices = choices_of(problem, compute=budget, **asked)
    low, high = choices.range()
    middle, reach = math.log(optimum.model_size), decades * math.log(10)
    places = np.linspace(max(low, middle - reach), min(high, middle + reach), points)
    found = [choices.at(float(place)) for place in places]
    finite = [one for one in found if math.isfinite(one.excess)]
    return Isoflop(
        compute=float(optimum.compute),
        model_sizes=np.array([one.model_size for one in finite]),
        steps=np.array([float(one.steps) for one in finite]),
        excess=np.array([one.excess for one in finite]),
        optimum=optimum,
    )
