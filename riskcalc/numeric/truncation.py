"""Where a spectral sum is cut into head and tail, and how many Euler-Maclaurin corrections it takes.

Two rules. `computed`: the remainder is about 4 (2m)!/(2 pi r)^{2m}, r the distance from the cut to the nearest
singularity, with every low pole in the head (D03, section 6). `proved`: Cauchy's estimate on discs |xi - x| <= theta x
in a sector where j^-a and -u keep apart, so that the remainder is bounded for certain (D20).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.tail_series import reachable

_LN10 = math.log(10)
_LN4 = math.log(4)
_SHARED = 4  # numbers of corrections are multiples of it
_DIRECT = 40  # dimensions up to here are summed term by term
_LONGEST_HEAD = 200_000
_MARGIN = 1e-6  # natural units: far above the rounding errors of the floats that bounds are computed in


@dataclass(frozen=True, kw_only=True)
class Plan:
    """head: the first index of the tail; corrections: m, 0 where all is head; log10_bounds: of the remainders."""

    head: int
    corrections: int
    log10_bounds: tuple[float, ...]


class Planner:
    """Plans for the sums of one problem at one number of digits."""

    def __init__(
        self,
        *,
        a: float,
        exponents: tuple[tuple[Fraction, int], ...],
        dimension: int | None,
        digits: int,
        proved: bool,
        work: Callable[[int, int], float],
    ) -> None:
        self._work = work
        self.a, self.dimension, self.digits, self.proved = a, dimension, digits, proved
        self.exponents = tuple((float(p), n) for p, n in exponents)
        self._kept: list[tuple[float, Plan]] = []  # computed plans, and the least distance to a pole each allows
        self._good: tuple[int, float, float] | None = None  # head, theta and cost of the last proved plan
        start = max(12.0, 0.25 * digits)
        self._heads = [math.ceil(start * 1.19**k) for k in range(80) if start * 1.19**k < _LONGEST_HEAD]

    def plan(self, log_size: float, angle: float) -> Plan:
        """The plan at u = exp(log_size + i angle)."""
        v = self.dimension
        if v is not None and v <= _DIRECT:
            return Plan(head=v + 1, corrections=0, log10_bounds=())
        if self._good is not None:
            head, theta, cost = self._good
            again = self._proved(head, log_size, angle, theta)
            if again is not None and self._cost(again) < 1.2 * cost:
                return again
        poles = self._poles(log_size, angle)
        fitting = [plan for least, plan in self._kept if self._distance(plan.head, poles, log_size, angle) >= least]
        if fitting:
            return min(fitting, key=self._cost)  # a new plan would cost tables of its own
        best, cost = None, math.inf if v is None else self._work(v, 0)
        if v is not None:
            best = Plan(head=v + 1, corrections=0, log10_bounds=())
        for head in self._heads:
            if self._work(head, 0) >= cost or (v is not None and head >= v):
                break
            if not self.proved:
                tried = [(0.0, self._computed(head, poles, log_size, angle))]
            else:
                tried = [
                    (theta, self._proved(head, log_size, angle, theta))
                    for theta in self._openings(head, log_size, angle)
                ]
            for theta, found in tried:
                if found is not None and self._cost(found) < cost:
                    best, cost = found, self._cost(found)
                    self._good = (head, theta, cost) if self.proved else None
        if best is None or best.head > _LONGEST_HEAD:
            raise ToleranceNotMet(
                f"a spectral sum at |u| = {math.exp(max(-700.0, min(700.0, log_size))):.3g}, arg u = {angle:.3g} needs "
                f"more than {_LONGEST_HEAD} terms for {self.digits} digits"
            )
        if best.corrections and not self.proved:
            self._kept.append((_least_rate(best.corrections, self._needed()) / (2 * math.pi), best))
        return best

    # computed

    def _poles(self, log_size: float, angle: float) -> list[complex]:
        """Poles of the summand in the right half plane, upper half, within reach of floats."""
        size = math.exp(min(600.0, -log_size / self.a))
        angles = [(turn - sign * abs(angle)) / self.a for turn in (math.pi, 3 * math.pi) for sign in (1, -1)]
        return [size * complex(math.cos(t), math.sin(t)) for t in angles if 0 <= t <= math.pi]

    def _distance(self, head: int, poles: list[complex], log_size: float, angle: float) -> float:
        """From the ends of the tail to a singularity; 0 where a low pole lies above it, or the integral fails."""
        high = (self.digits + 3) * _LN10 / (2 * math.pi)
        ends = [head] if self.dimension is None else [head, self.dimension]
        last = math.inf if self.dimension is None else self.dimension + high
        if any(head - 1 < pole.real < last and pole.imag < high for pole in poles):
            return 0.0
        if not all(reachable(log_size + self.a * math.log(end), angle) for end in ends):
            return 0.0
        return min(min([end, *(abs(end - pole) for pole in poles)]) for end in ends)

    def _computed(self, head: int, poles: list[complex], log_size: float, angle: float) -> Plan | None:
        radius = self._distance(head, poles, log_size, angle)
        if radius < 2:
            return None
        corrections = _corrections(math.log(2 * math.pi * radius), self._needed())
        if corrections is None:
            return None
        return Plan(head=head, corrections=corrections, log10_bounds=(-math.inf,) * len(self.exponents))

    def _cost(self, plan: Plan) -> float:
        return self._work(plan.head, 2 * plan.corrections)

    def _needed(self) -> float:
        return (self.digits + 3) * _LN10

    # proved

    def _proved(self, head: int, log_size: float, angle: float, theta: float) -> Plan | None:
        ends = [head] if self.dimension is None else [head, self.dimension]
        if not all(reachable(log_size + self.a * math.log(end), angle) for end in ends):
            return None
        gap = self._gap(head, theta, log_size, angle)
        return None if gap is None else self._bounded(head, theta, gap, log_size)

    def _openings(self, head: int, log_size: float, angle: float) -> list[float]:
        """Candidates for theta: discs inside the sector, and discs that only stay away from the poles by size."""
        room = (math.pi - abs(angle)) / self.a
        inside = [math.sin(min(1.4, share * room)) for share in (0.5, 0.75)]
        by_size = [0.5, 0.75] if log_size + self.a * math.log(head / 4) > 0 else []
        return [theta for theta in inside + by_size if theta > 0.01]

    def _gap(self, head: int, theta: float, log_size: float, angle: float) -> float | None:
        """log c with |xi^-a + u| >= c max(|u|, |xi|^-a) on all discs, or None."""
        apart = math.pi - abs(angle) - self.a * math.asin(theta) - _MARGIN
        sector = (1.0 if apart >= math.pi / 2 else math.sin(apart)) if apart > 0 else 0.0
        largest = -self.a * math.log(head * (1 - theta)) - log_size  # log of |xi|^-a/|u| at most
        outside = 1 - math.exp(largest) if largest < 0 else 0.0
        gap = max(sector, outside)
        return math.log(gap) - _MARGIN if gap > 1e-3 else None

    def _bounded(self, head: int, theta: float, gap: float, log_size: float) -> Plan | None:
        target = -(self.digits + 1) * _LN10 - 2 * max(0.0, log_size)
        logs = [
            min(self._ends(head, theta, gap, log_size, p, n, size) for size in (True, False)) for p, n in self.exponents
        ]
        rate = math.log(2 * math.pi * theta * head)
        corrections = _corrections(rate, max(0.0, max(logs) - target))
        if corrections is None:
            return None
        order = 2 * corrections
        if any(order + p - n * self.a * power <= 2 for p, n in self.exponents for power in (0, 1)):
            return None
        base = _LN4 + math.lgamma(order + 1) - order * rate + _MARGIN
        return Plan(head=head, corrections=corrections, log10_bounds=tuple((base + log) / _LN10 for log in logs))

    def _ends(self, head: int, theta: float, gap: float, log_size: float, p: float, n: int, by_u: bool) -> float:
        """log of J^{1-p} max|f| with |f| <= x^-p (1-theta)^-|p| (c max(|u|, |xi|^-a))^-n."""
        scale = log_size if by_u else -self.a * math.log(head * (1 + theta))
        return (1 - p) * math.log(head) - abs(p) * math.log(1 - theta) - n * (gap + scale)


def _corrections(log_rate: float, needed: float) -> int | None:
    """A few more than the least m with 4 (2m)!/rate^{2m} <= exp(-needed), or None; it falls while 2m < rate.

    A few more, so that neighbouring points share their tables.
    """

    def enough(m: int) -> bool:
        return _LN4 + math.lgamma(2 * m + 1) - 2 * m * log_rate <= -needed

    low, most = 0, int(math.exp(min(log_rate, 20.0)) / 2)
    high = most
    if high < 1 or not enough(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return min(most, _SHARED * math.ceil(1.05 * high / _SHARED))


def _least_rate(corrections: int, needed: float) -> float:
    """The rate at which 4 (2m)!/rate^{2m} = exp(-needed)."""
    return math.exp((_LN4 + math.lgamma(2 * corrections + 1) + needed) / (2 * corrections))
