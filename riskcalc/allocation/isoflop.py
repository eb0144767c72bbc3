"""The excess against model size at fixed compute: one isoFLOP curve a budget."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.allocation.compute_optimal import ComputeOptimal, choices_of, compute_optimal
from riskcalc.errors import InvalidInput
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike, Real, listed, number, whole

_MOST_POINTS = 10_000
_WIDEST = 30  # decades to either side


@dataclass(frozen=True, kw_only=True, eq=False)
class Isoflop:
    """model_sizes, steps, excess: along the curve M t B = compute; optimum: its lowest point."""

    compute: float
    model_sizes: Real
    steps: Real
    excess: Real
    optimum: ComputeOptimal


def isoflops(
    problem: Problem,
    *,
    budgets: Sequence[NumberLike],
    points: NumberLike = 21,
    decades: NumberLike = 1.5,
    **settings: Any,
) -> tuple[Isoflop, ...]:
    """IsoFLOP curves with their optima, for several budgets.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    budgets : sequence of number
        C = M t B, one or more.
    points : number, default 21
        On each curve, evenly spaced in log M over `decades` to either side of the optimum.
    decades : number, default 1.5
        Half the width of each curve in log10 M.
    **settings : object
        As for `compute_optimal`. The excess is that of the deterministic equivalent at one resolution (about ten
        digits).

    Returns
    -------
    tuple of Isoflop
        For each budget its curve, shape (points,), and its optimum.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If the run grows without bound at this step size.
    ToleranceNotMet
        If no computation states an error within the tolerance.

    Notes
    -----
    Valid: budgets as in `compute_optimal`, ascending or not; points >= 1.

    Source: D02, D15.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="7/2"))
    >>> (one,) = isoflops(problem, budgets=["1e8"], points=3, step_size="3/10", local=False)
    >>> len(one.excess)
    3
    """
    asked = listed(budgets, "budgets", "a list of budgets such as [1e15]")
    if not asked:
        raise InvalidInput("budgets is empty: give at least one, such as 1e15")
    many, reach = whole(points, "points", least=1), float(number(decades, "decades"))
    if many > _MOST_POINTS:
        raise InvalidInput(f"points={many} is more than {_MOST_POINTS} on each curve: ask for fewer")
    if not 0 < reach <= _WIDEST:
        raise InvalidInput(f"decades must lie above 0 and not above {_WIDEST}, not {decades}")
    return tuple(_isoflop(problem, budget, many, reach, settings) for budget in asked)


def _isoflop(problem: Problem, budget: NumberLike, points: int, decades: float, settings: dict[str, Any]) -> Isoflop:
    optimum = compute_optimal(problem, compute=budget, **{"local": False, **settings})
    asked = {name: value for name, value in settings.items() if name not in ("local", "method")}
    choices = choices_of(problem, compute=budget, **asked)
    low, high = choices.range()
    middle, reach = math.log(optimum.model_size), decades * math.log(10)
    places = np.linspace(max(low, middle - reach), min(high, middle + reach), points)
    found = [choices.at(float(place)) for place in places]
    sharper = dataclasses.replace(choices, sharp=True, _seen={})
    found = [one if math.isfinite(one.excess) else sharper.at(float(at)) for one, at in zip(found, places, strict=True)]
    finite = [one for one in found if math.isfinite(one.excess)]
    return Isoflop(
        compute=float(optimum.compute),
        model_sizes=np.array([one.model_size for one in finite]),
        steps=np.array([float(one.steps) for one in finite]),
        excess=np.array([one.excess for one in finite]),
        optimum=optimum,
    )
