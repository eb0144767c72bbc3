"""When the law begins to hold: how fast local exponents approach the derived ones, and from which budget they are near.

A power law of a paper is that of its leading terms. The next terms at the optimum are smaller by a power of the budget,
which may be 1/50: then no budget that anyone can pay shows the derived exponent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from sympy import Integer

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.quantity import NumberLike, number
from riskcalc.scaling.best import Best
from riskcalc.scaling.contributions import Setting, loss_of, sizes_of
from riskcalc.scaling.descent import Limits, Minimum, minimum
from riskcalc.scaling.face import Face
from riskcalc.scaling.feasible import costless, limits_of
from riskcalc.scaling.loss import Loss, Values
from riskcalc.scaling.programme import numbers
from riskcalc.scaling.question import Question
from riskcalc.scaling.rational_function import place

NEAR = (Fraction(1, 20), Fraction(1, 100))
_FEWEST, _MOST = 2.0, 1e5  # decades of the budget that are looked at
_FINER = 0.93
_SLOW = Fraction(1, 5)  # of a from 1
_LARGEST = 700.0  # of the logarithm of a float
_RESOLVED = 10.0  # gamma t at which most of what the first modes hold is learnt
_ARRIVED, _FAR_ALONG = 0.004, 0.03  # distance from the derived exponents at the largest budget, aimed at and allowed


@dataclass(frozen=True, kw_only=True)
class Local:
    """Slopes at one budget of the optimum of all contributions; time: gamma t there, which the terms want large."""

    decades: float
    loss_exponent: float
    model_size_exponent: float
    time: float


@dataclass(frozen=True, kw_only=True)
class Approach:
    """How the law is approached.

    rate: next terms are smaller by budget^-rate at the optimum; 0 where logarithms make it slower than any power.
    next: what decays slowest there. loss, model_size: for each nearness (1/20 and 1/100) the decimal logarithm of the
    budget from which the local exponent is within that share of the derived one; empty where the sum of the terms does
    not tell, which `why` explains. orders: whether the budgets are about right only, because a constant is put at 1 or
    a correction that is not in the sum is slow. free: letters of which any more costs nothing, taken without bound.
    setting: the numbers that were used.
    """

    rate: Fraction
    next: str
    loss: Mapping[Fraction, float]
    model_size: Mapping[Fraction, float]
    orders: bool
    setting: Setting
    free: tuple[str, ...] = ()
    why: str = ""
    _road: _Road | None = field(default=None, repr=False, compare=False)

    def local(self, budget: NumberLike) -> Local:
        """The local exponents that the terms predict at a budget, such as 1e28."""
        return self._foreseen.at(self._decades(budget))

    def minimum(self, budget: NumberLike) -> float:
        """The logarithm of the smallest sum of all contributions at a budget."""
        return self._foreseen.minimum(self._decades(budget))

    @property
    def _foreseen(self) -> _Road:
        if self._road is None:
            raise InvalidInput(f"there is no prediction here: {self.why}")
        return self._road

    def _decades(self, budget: NumberLike) -> float:
        read = float(number(budget, "budget"))
        if not read > 1:
            raise InvalidInput(f"a budget must exceed 1, not {budget}")
        return math.log10(read)

    def words(self) -> list[str]:
        """What a reader of a power law needs to know, a line each."""
        lines = [f"next term {self.next}, smaller by budget^-({self.rate})"] if self.rate else []
        if self.next and not self.rate:
            lines = ["t = n/log2(n) of n steps: local exponents approach the derived ones like 1/log(budget)"]
        lines += [f"{letter} without bound, as more of it costs nothing" for letter in self.free]
        about = "about " if self.orders else ""
        for what, found in (("loss", self.loss), ("M", self.model_size)):
            if found:
                parts = [f"{_percent(share)} from budget {about}{_power_of_ten(found[share])}" for share in NEAR]
                lines.append(f"exponent of {what} within {', '.join(parts)}")
        return [*lines, f"no budget from which the law holds is told: {self.why}"] if self.why else lines


def approach(question: Question, best: Best, at: tuple[Fraction, Fraction], tied: bool, setting: Setting) -> Approach:
    """Derive the approach to the optimum at a point.

    Formula: the sum of all contributions, constants and next terms included, minimised at every budget inside the
        stable steps; its slope in the budget is the local exponent (envelope theorem), and that of its minimiser the
        model's.
    Valid: away from ties; in the leading orders of M and t, so that corrections of order 1/M and 1/t are not in it
        (they are in the rate), and budgets at which gamma t is below 10 count as far from the law. Where the optimum
        sits at gamma t ~ M^a the sum of floor and transient stands for the crossover between them, and the budgets are
        right up to a small factor.
    Source: derivation D46.
    """
    if setting.noise == 0 and question.noise:
        raise InvalidInput("there is label noise in the question: give its variance in the setting, or leave it out")
    if tied or at[0] == 1:
        return _silent(setting, "the leading terms carry logarithms, and corrections are smaller by 1/log(budget) only")
    if best.faces[0].at.value == 0:
        return _silent(setting, "the loss does not fall, there is no law to approach")
    face, sizes = best.faces[0], sizes_of(question, at[0], setting)
    rate, name = _rate(face, at)
    free = costless(face)
    loss = loss_of(question, at, setting, sizes).along(free)
    time = numbers(face.programme.monomial({"gamma": Integer(1), "t": Integer(1)}), place(at))
    road = _Road(
        loss=loss,
        start=np.array([float(part) for part in min(face.at.vertices)]),
        limits=limits_of(face.programme, at, free, largest=sizes.largest),
        limit=_derived(face, best, at),
        time=np.array([int(part.p) / int(part.q) for part in time]),
        unit=1.0 if "gamma" in question.budget.variables else sizes.step,
    )
    if question.table.effective_steps:
        rate, name = Fraction(0), "log(budget)"
    found, resolved, why = road.begins()
    return Approach(
        rate=rate,
        next=name,
        loss=found[0],
        model_size=found[1],
        orders=not (loss.known and resolved) or _slow(at),
        setting=setting,
        free=tuple(name for name, moves in zip(question.budget.variables, free.T, strict=True) if moves.any()),
        why=why,
        _road=road if not why else None,
    )


def _silent(setting: Setting, why: str) -> Approach:
    return Approach(rate=Fraction(0), next="", loss={}, model_size={}, orders=False, setting=setting, why=why)


def _rate(face: Face, at: tuple[Fraction, Fraction]) -> tuple[Fraction, str]:
    """The smallest positive gap between the loss and what does not lead at the optimum, or of 1/M, 1/t, 1/(gamma t)."""
    where, vertex = place(at), face.at.vertices[0]

    def size(form: Sequence[object]) -> Fraction:
        first, *slopes = (Fraction(int(part.p), int(part.q)) for part in form)  # type: ignore[attr-defined]
        return first + sum((c * x for c, x in zip(slopes, vertex, strict=True)), Fraction(0))

    programme = face.programme
    gaps = [
        (face.at.value - size(numbers(form, where)), term.name + " at its next order" * (term.name in face.names))
        for form, term in zip(programme.objective, programme.terms, strict=True)
    ]
    run = {"1/M": {"M": Integer(1)}, "1/t": {"t": Integer(1)}, "1/(gamma t)": {"gamma": Integer(1), "t": Integer(1)}}
    gaps += [(size(numbers(programme.monomial(scale), where)), name) for name, scale in run.items()]
    return min((gap, name) for gap, name in gaps if gap > 0)


def _derived(face: Face, best: Best, at: tuple[Fraction, Fraction]) -> tuple[float, float | None]:
    """The derived exponents of loss and model size; None for a model size that is not one number, or does not grow."""
    low, high = dict(best.key.exponents)["M"]
    size = None if low is None or low != high else float(low.at(at)) or None
    return -float(face.at.value), size


def _slow(at: tuple[Fraction, Fraction]) -> bool:
    """Whether kernels build up, or corrections die away, so slowly that first orders in them are not enough."""
    return abs(at[0] - 1) < _SLOW


@dataclass(frozen=True, kw_only=True)
class _Road:
    """The optimum of a loss, followed from large budgets to small ones."""

    loss: Loss
    start: Values  # the optimum in powers of the budget
    limits: Limits
    limit: tuple[float, float | None]
    time: Values  # gamma t as a form in w, in units of
    unit: float

    def at(self, decades: float) -> Local:
        """The local exponents at a budget."""
        return self._local(decades, self._optimum(decades))

    def minimum(self, decades: float) -> float:
        """The logarithm of the loss there."""
        return self._optimum(decades).value

    def begins(self) -> tuple[tuple[dict[Fraction, float], dict[Fraction, float]], bool, str]:
        """The decades from which the exponents of loss and model size stay near, for each nearness; or why not.

        And whether it is the exponents that decide, and not the time at which the terms begin to hold.
        """
        most = 40.0
        try:
            while self._distance(self.at(most)) > _ARRIVED and most < _MOST:
                most = min(2 * most, _MOST)
            trail = list(self._trail(most))
        except ToleranceNotMet as failed:
            return ({}, {}), True, str(failed)
        if self._distance(trail[0]) > _FAR_ALONG:
            why = f"even at a budget of {_power_of_ten(most)} the sum of the terms is far from it"
            return ({}, {}), True, why
        trail = [one for one in trail if one.time >= _RESOLVED] or trail[:1]
        loss, size = self.limit
        first = {share: _since(trail, share, [one.loss_exponent / loss for one in trail]) for share in NEAR}
        second = {}
        if size is not None:
            ratios = [one.model_size_exponent / size for one in trail]
            second = {share: _since(trail, share, ratios) for share in NEAR}
        earliest = trail[-1].decades
        return (first, second), earliest <= _FEWEST or earliest not in first.values(), ""

    def _distance(self, local: Local) -> float:
        loss, size = self.limit
        apart = abs(local.loss_exponent / loss - 1)
        return apart if size is None else max(apart, abs(local.model_size_exponent / size - 1))

    def _trail(self, most: float) -> Iterator[Local]:
        """From `most` decades down, each optimum started from the one before."""
        decades, found = most, self._optimum(most)
        while True:
            yield self._local(decades, found)
            if decades <= _FEWEST:
                return
            nearer = max(_FEWEST, decades * _FINER)
            start = found.z + found.moved * (nearer - decades) * math.log(10)
            decades, found = nearer, minimum(self.loss, nearer * math.log(10), start, self.limits)

    def _optimum(self, decades: float) -> Minimum:
        log_budget = decades * math.log(10)
        return minimum(self.loss, log_budget, self.start * log_budget, self.limits)

    def _local(self, decades: float, found: Minimum) -> Local:
        place_now = np.concatenate([[decades * math.log(10)], found.z])
        return Local(
            decades=decades,
            loss_exponent=-found.slope,
            model_size_exponent=float(found.moved[0]),
            time=self.unit * math.exp(min(float(self.time @ place_now), _LARGEST)),
        )


def _since(trail: Sequence[Local], share: Fraction, ratios: Sequence[float]) -> float:
    """The decades since which a ratio to the limit stays within a share of 1, between two places of the trail."""
    allowed = float(share)
    for index, ratio in enumerate(ratios):
        gap = abs(ratio - 1)
        if gap > allowed:
            if index == 0:
                return math.inf
            before = abs(ratios[index - 1] - 1)
            part = (math.log(allowed) - math.log(max(before, 1e-300))) / (math.log(gap) - math.log(max(before, 1e-300)))
            return trail[index - 1].decades + part * (trail[index].decades - trail[index - 1].decades)
    return trail[-1].decades


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:g} %"


def _power_of_ten(decades: float) -> str:
    if decades <= _FEWEST:
        return f"below 1e{_FEWEST:g}"
    return "beyond any looked at" if math.isinf(decades) else f"1e{decades:.{0 if decades >= 10 else 1}f}"
