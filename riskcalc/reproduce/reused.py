"""Local slopes of the equivalent on a data set, for the papers on data reuse."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from riskcalc.reproduce.rules import Ours

if TYPE_CHECKING:
    from riskcalc.curve import RiskCurve
    from riskcalc.order import Order
    from riskcalc.problem import Problem
    from riskcalc.quantity import Number


def text(words: str) -> Ours:
    """An answer in words."""
    return Ours(text=words, value=math.nan)


def slope(values: tuple[float, float], places: tuple[float, float]) -> Ours:
    """d log value/d log place between two."""
    found = math.log(values[1] / values[0]) / math.log(places[1] / places[0])
    return Ours(text=f"{found:.6f}", value=found)


def curve_of(
    problem: Problem, *, model_size: Number, step_size: Number, steps: tuple[int, ...], data: Order
) -> RiskCurve:
    """By the equivalent, batches of one."""
    from riskcalc.curve import Run
    from riskcalc.equivalent import Equivalent
    from riskcalc.schedule import Constant

    run = Run(problem, model_size=model_size, schedule=Constant(step_size), steps=list(steps), data=data)
    return Equivalent().curve(run)


def power_law(a: Number, b: Number, noise: Number = 0) -> Problem:
    """In infinite dimension."""
    from riskcalc.problem import PowerLaw, PowerLawSignal, Problem

    return Problem(spectrum=PowerLaw(a=a), signal=PowerLawSignal(b=b), noise=noise)
