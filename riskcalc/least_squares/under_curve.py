"""The Bayes floor under a risk curve: at each step, of the samples that were seen until then."""

from __future__ import annotations

import numpy as np

from riskcalc.curve import RiskCurve
from riskcalc.errors import InvalidInput
from riskcalc.least_squares.bayes import bayes_risk
from riskcalc.problem import Problem, described_problem
from riskcalc.quantity import Number, Real, number, of_type, whole
from riskcalc.spectral.of_problem import spectral_sums


def floor_under(curve: RiskCurve) -> Real:
    """Lowest mean excess that any algorithm reaches on the samples of each step; before the first, the signal power.

    After t steps of B samples min(B t, N) different ones were seen at most, of a data set of N; full batch sees all N
    at the first step.
    Source: D68.
    """
    record = of_type(curve, RiskCurve, "curve", "a RiskCurve").asked.record
    if curve.method.get("data") == "own":
        raise InvalidInput(
            "the members of this mean have samples of their own, more than one run has seen: there is no floor to draw"
        )
    problem = described_problem(record)
    batch_size = whole(record.get("batch_size", 1), "batch_size", least=1)
    of_set = curve.asked.data
    if of_set is not None and "samples" not in of_set.settings:
        raise InvalidInput(f"how many samples the order {of_set.name!r} has is not said: there is no floor to draw")
    most = None if of_set is None else number(of_set.settings["samples"], "samples")
    known: dict[Number, float] = {}
    found = []
    for step in curve.steps:
        count = _seen(step, batch_size if curve.asked.takes_batches else None, most)
        if count not in known:
            known[count] = _excess(problem, count)
        found.append(known[count])
    return np.array(found)


def _seen(step: int, batch_size: int | None, most: Number | None) -> Number:
    """Different samples, at most; batch_size None takes all of them at once."""
    if most is None or step == 0:
        return step * (batch_size or 0)
    return most if batch_size is None else min(step * batch_size, most)


def _excess(problem: Problem, count: Number) -> float:
    return bayes_risk(problem, samples=count).excess if count else spectral_sums(problem).moments().signal
