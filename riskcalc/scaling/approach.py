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
from numpy.typing import NDArray
from sympy import Integer

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.quantity import NumberLike, number
from riskcalc.scaling.best import Best
from riskcalc.scaling.contributions import Loss, Setting, loss_of
from riskcalc.scaling.face import Face
from riskcalc.scaling.programme import numbers
from riskcalc.scaling.question import Question
from riskcalc.scaling.rational_function import place

Values = NDArray[np.float64]

NEAR = (Fraction(1, 20), Fraction(1, 100))
_FEWEST, _MOST = 2.0, 1e5  # decades of the budget that are looked at
_FINER = 0.93
_ROUNDS, _ACCURACY = 60, 1e-11
_LARGEST = 700.0  # of the logarithm of a float
_RESOLVED = 10.0  # gamma t at which most of what the first modes hold is learnt
_FAR_ALONG = 0.03  # distance from the derived exponents at which the largest budget looked at has not arrived


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
    next: the term that decays slowest there. loss, model_size: for each nearness (1/20 and 1/100) the decimal logarithm
    of the budget from which the local exponent is within that share of the derived one; empty where the sum of the
    terms does not tell. orders: whether a constant among the terms is not derived and was put at 1. setting: the
    numbers that were used.
    """

    rate: Fraction
    next: str
    loss: Mapping[Fraction, float]
    model_size: Mapping[Fraction, float]
    orders: bool
    setting: Setting
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
            raise InvalidInput("there is no prediction here: the terms carry logarithms, or their sum has no optimum")
        return self._road

    def _decades(self, budget: NumberLike) -> float:
        read = float(number(budget, "budget"))
        if not read > 1:
            raise InvalidInput(f"a budget must exceed 1, not {budget}")
        return math.log10(read)

    def words(self) -> list[str]:
        """What a reader of a power law needs to know, a line each."""
        if not self.rate:
            return ["next terms are smaller by 1/log(budget) only: no budget shows the derived exponents"]
        lines = [f"next term {self.next}, smaller by budget^-({self.rate})"]
        about = "about " if self.orders else ""
        for what, found in (("loss", self.loss), ("M", self.model_size)):
            if found:
                parts = [f"{_percent(share)} from budget {about}{_power_of_ten(found[share])}" for share in NEAR]
                lines.append(f"exponent of {what} within {', '.join(parts)}")
        return lines


def approach(question: Question, best: Best, at: tuple[Fraction, Fraction], logs: bool, setting: Setting) -> Approach:
    """Derive the approach to the optimum at a point.

    Formula: the sum of all contributions, constants and next terms included, minimised at every budget; its slope in
        the budget is the local exponent (envelope theorem), and that of its minimiser the model's.
    Valid: away from ties; in the leading orders of M and t, so that corrections of order 1/M and 1/t are not in it
        (they are in the rate), and budgets at which gamma t is below 10 count as far from the law. Where the optimum
        sits at gamma t ~ M^a the sum of floor and transient stands for the crossover between them, and the budgets are
        right up to a small factor.
    Source: derivation D46.
    """
    if setting.noise == 0 and question.noise:
        raise InvalidInput("there is label noise in the question: give its variance in the setting, or leave it out")
    if logs or at[0] == 1:
        return Approach(rate=Fraction(0), next="", loss={}, model_size={}, orders=False, setting=setting)
    face = best.faces[0]
    rate, name = _rate(face, at)
    loss, scale = loss_of(question, face, at, setting)
    time = numbers(face.programme.monomial({"gamma": Integer(1), "t": Integer(1)}), place(at))
    road = _Road(
        loss=loss,
        frame=_Frame.of(face, at, scale),
        limit=_limits(face, best, at),
        time=np.array([int(part.p) / int(part.q) for part in time]),
        unit=1.0 if "gamma" in question.budget.variables else scale,
    )
    found = road.begins(rate)
    return Approach(
        rate=rate,
        next=name,
        loss=found[0],
        model_size=found[1],
        orders=not loss.known,
        setting=setting,
        _road=road if found[0] else None,
    )


def _rate(face: Face, at: tuple[Fraction, Fraction]) -> tuple[Fraction, str]:
    """The smallest positive gap between the loss and what does not lead at the optimum, or of 1/M, 1/t, 1/(gamma t)."""
    where, vertex = place(at), face.at.vertices[0]

    def size(form: Sequence[object]) -> Fraction:
        first, *slopes = (Fraction(int(part.p), int(part.q)) for part in form)  # type: ignore[attr-defined]
        return first + sum((c * x for c, x in zip(slopes, vertex, strict=True)), Fraction(0))

    programme = face.programme
    gaps = [
        (face.at.value - size(numbers(form, where)), term.name)
        for form, term in zip(programme.objective, programme.terms, strict=True)
    ]
    run = {"1/M": {"M": Integer(1)}, "1/t": {"t": Integer(1)}, "1/(gamma t)": {"gamma": Integer(1), "t": Integer(1)}}
    gaps += [(size(numbers(programme.monomial(scale), where)), name) for name, scale in run.items()]
    return min((gap, name) for gap, name in gaps if gap > 0)


def _limits(face: Face, best: Best, at: tuple[Fraction, Fraction]) -> tuple[float, float | None]:
    """The derived exponents of loss and model size; None for a model size that is not one number, or does not grow."""
    low, high = dict(best.key.exponents)["M"]
    size = None if low is None or low != high else float(low.at(at)) or None
    return -float(face.at.value), size


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """z = start + along l + directions y: the variables where limits that bind at the optimum hold with equality."""

    start: Values
    along: Values
    directions: Values

    @classmethod
    def of(cls, face: Face, at: tuple[Fraction, Fraction], scale: float) -> _Frame:
        """Binding limits of stability and of least sizes; where a range of choices is as good, its lower end."""
        programme, where, optimum = face.programme, place(at), face.at
        names = tuple(programme.constraints)
        vertex = min(optimum.vertices)
        tight = optimum.tight[optimum.vertices.index(vertex)]
        hard = {**programme.budget.least, **programme.stable.limits}
        rows, sides = [], []
        for name in (names[row - len(face.holding)] for row in tight if row >= len(face.holding)):
            if name in hard:
                _, *slopes = (int(part.p) / int(part.q) for part in numbers(programme.constraints[name], where))
                rows.append(slopes)
                binds_step = "gamma" in hard[name] and "gamma" in programme.budget.variables
                sides.append(math.log(scale) if binds_step else 0.0)
        for index in range(len(vertex)):
            free = any(other[index] != vertex[index] for other in optimum.vertices) or any(
                ray[index] for ray in optimum.rays
            )
            if free:
                rows.append([float(index == column) for column in range(len(vertex))])
                sides.append(0.0)
        matrix = np.array(rows).reshape(len(rows), len(vertex))
        _, sizes, turned = np.linalg.svd(matrix, full_matrices=True)
        rank = int((sizes > 1e-12).sum())
        return cls(
            start=np.linalg.pinv(matrix) @ np.array(sides),
            along=np.array([float(x) for x in vertex]),  # the vertex keeps the limits
            directions=turned[rank:].T,
        )


@dataclass(frozen=True, kw_only=True)
class _Road:
    """The optimum of a loss, followed from large budgets to small ones."""

    loss: Loss
    frame: _Frame
    limit: tuple[float, float | None]
    time: Values  # gamma t as a form in l and z, in units of
    unit: float

    def at(self, decades: float) -> Local:
        """The local exponents at a budget, by the optimum next to those already followed."""
        *_, (last, _) = self._followed(decades)
        return last

    def minimum(self, decades: float) -> float:
        """The logarithm of the loss there."""
        *_, (_, value) = self._followed(decades)
        return value

    def begins(self, rate: Fraction) -> tuple[dict[Fraction, float], dict[Fraction, float]]:
        """The decades from which the exponents of loss and model size stay near, for each nearness."""
        loss, size = self.limit
        trail = self._trail(min(_MOST, max(40.0, 8 / float(rate))))
        arrived = bool(trail) and abs(trail[0].loss_exponent - loss) <= _FAR_ALONG * max(abs(loss), 1e-9)
        if not arrived or loss <= 0:
            return {}, {}
        trail = [one for one in trail if one.time >= _RESOLVED] or trail[:1]
        first = {share: _since(trail, share, [one.loss_exponent / loss for one in trail]) for share in NEAR}
        second = {}
        if size is not None:
            ratios = [one.model_size_exponent / size for one in trail]
            second = {share: _since(trail, share, ratios) for share in NEAR}
        return first, second

    def _trail(self, most: float) -> list[Local]:
        try:
            return [local for local, _ in self._followed(_FEWEST, most)]
        except ToleranceNotMet:
            return []

    def _followed(self, least: float, most: float = 400.0) -> Iterator[tuple[Local, float]]:
        """Local exponents and the logarithm of the loss, from `most` decades, or those asked for, down to `least`."""
        decades, y = max(most, least), np.zeros(self.frame.directions.shape[1])
        while True:
            y = self._optimum(decades * math.log(10), y)
            yield self._local(decades, y), self._value(decades * math.log(10), y)
            if decades <= least:
                return
            decades = max(least, decades * _FINER)

    def _optimum(self, log_budget: float, y: Values) -> Values:
        """Newton's method with steps cut until the loss falls."""
        value = self._value(log_budget, y)
        for _ in range(_ROUNDS):
            _, shares = self.loss.shares(log_budget, self._place(log_budget, y))
            gradient, hessian, _, _ = self._turned(shares)
            if not gradient.size or np.abs(gradient).max() < _ACCURACY:
                return y
            values, vectors = np.linalg.eigh(hessian)
            step = -vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), 1e-9))
            step /= max(1.0, float(np.abs(step).max()) / (2 + 0.1 * log_budget))
            for _ in range(50):
                trial = self._value(log_budget, y + step)
                if trial < value:
                    break
                step = step / 2
            else:
                return y
            y, value = y + step, trial
        raise ToleranceNotMet(f"no optimum of the terms was found at budget 1e{log_budget / math.log(10):.4g}")

    def _local(self, decades: float, y: Values) -> Local:
        _, shares = self.loss.shares(decades * math.log(10), self._place(decades * math.log(10), y))
        gradient, hessian, slope, mixed = self._turned(shares)
        moved = np.linalg.lstsq(hessian, -mixed, rcond=None)[0] if gradient.size else gradient
        place_of_size = self.frame.along + self.frame.directions @ moved
        z = self._place(decades * math.log(10), y)
        log_time = min(float(self.time[0]) * decades * math.log(10) + float(self.time[1:] @ z), _LARGEST)
        return Local(
            decades=decades,
            loss_exponent=-slope,
            model_size_exponent=float(place_of_size[0]),
            time=self.unit * math.exp(log_time),
        )

    def _turned(self, shares: Values) -> tuple[Values, Values, float, Values]:
        """The derivatives in the free directions, along the frame."""
        gradient, hessian, slope, mixed = self.loss.derivatives(shares)
        turn, along = self.frame.directions, self.frame.along
        return (
            turn.T @ gradient,
            turn.T @ hessian @ turn,
            slope + float(gradient @ along),
            turn.T @ (mixed + hessian @ along),
        )

    def _place(self, log_budget: float, y: Values) -> Values:
        return self.frame.start + self.frame.along * log_budget + self.frame.directions @ y

    def _value(self, log_budget: float, y: Values) -> float:
        value, _ = self.loss.shares(log_budget, self._place(log_budget, y))
        return value if value > -math.inf else math.inf


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
