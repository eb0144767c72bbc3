"""Any number of steps of constant size in closed form, in a numeric field: the secular equation of the moment matrix.

Formula: with p_n = 1 - q_n and a_n = (gamma^2/B) k_n the state moves by x <- diag(1 - p) x + a (sum x + tau). The
eigenvalues 1 - nu_i of diag(1 - p) + a 1^T solve sum_n a_n/(p_n - nu) = 1, one in (0, p_1) and one between any two
neighbours of p. Right and left eigenvectors are a_n/(p_n - nu_i) and 1/(p_n - nu_i), their product is
s_i = sum_n a_n/(p_n - nu_i)^2, and
sum_n x_n(t) = sum_i [g_i (1 - nu_i)^t + tau (1 - (1 - nu_i)^t)/nu_i]/s_i,   g_i = sum_n x_n/(p_n - nu_i).
The decrements nu_i are found themselves, each as an offset from the nearest p, so slow modes keep their digits.
Valid: kappa = sum a/p < 1, all p > 0. Source: D21.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from riskcalc.errors import ToleranceNotMet
from riskcalc.exact.precise.sketched import ROUNDED
from riskcalc.numeric.field import Element, Field

_BISECTIONS = 64  # of log-odds between -700 and 700: to 1e-16
_STARTING = 12  # digits that the float start is trusted with
_MOST_STEPS = 20


@dataclass(frozen=True, kw_only=True)
class _Root:
    """nu and log(1 - nu), the row 1/(p_n - nu), and 1/s."""

    nu: Element
    log_factor: Element
    inverse: list[Element]
    weight: Element


class ConstantStage:
    """Modes under one step size; level: digits that the field works with.

    position, kernel: of the modes. latest: the largest number of steps that will be asked for.
    """

    def __init__(
        self,
        field: Field,
        position: Sequence[Element],
        kernel: Sequence[Element],
        *,
        step_size: Fraction,
        batch_size: int,
        level: int,
        latest: int,
    ) -> None:
        self.field, self._level = field, level
        gamma, spread = field.real(step_size), field.real(1 + Fraction(1, batch_size))
        gain = field.real(step_size**2 / batch_size)
        scaled = [gamma * value for value in position]
        decrements = [field.middle(x * (2 - spread * x)) for x in scaled]
        self._kernel = [field.middle(gain * value) for value in kernel]
        self._groups = _groups(field, decrements, level)
        self._decrement = [decrements[group[0]] for group in self._groups]
        self._source = self._gathered(self._kernel)
        self._roots = self._found(len(str(latest)))

    def total(self, state: Sequence[Element], time: int, drive: Element) -> Element:
        """sum_n x_n after `time` steps."""
        field, gathered = self.field, self._gathered(state)
        found = field.real(0)
        for root in self._roots:
            left, risen = self._after(root, time)
            found = found + root.weight * (field.dot(gathered, root.inverse) * left + drive * risen)
        return field.middle(found)

    def state(self, state: Sequence[Element], time: int, drive: Element) -> list[Element]:
        """x_n after `time` steps."""
        field, gathered = self.field, self._gathered(state)
        sums = [field.real(0)] * len(gathered)
        for root in self._roots:
            left, risen = self._after(root, time)
            share = root.weight * (field.dot(gathered, root.inverse) * left + drive * risen)
            sums = [total + share * inverse for total, inverse in zip(sums, root.inverse, strict=True)]
        found: list[Element] = [None] * len(state)
        for group, before, total, source, decrement in zip(
            self._groups, gathered, sums, self._source, self._decrement, strict=True
        ):
            # of modes with one decrement only the sum follows the secular equation; each keeps q^t of its own
            kept = field.exp(field.log(1 - decrement) * time) if len(group) > 1 else field.real(0)
            for n in group:
                own = state[n] if len(group) > 1 else field.real(0)
                rest = before if len(group) > 1 else field.real(0)
                found[n] = field.middle(kept * own + self._kernel[n] / source * (source * total - kept * rest))
        return found

    def _after(self, root: _Root, time: int) -> tuple[Element, Element]:
        """(1 - nu)^t and (1 - (1 - nu)^t)/nu."""
        exponent = root.log_factor * time
        return self.field.exp(exponent), -self.field.expm1(exponent) / root.nu

    def _gathered(self, values: Sequence[Element]) -> list[Element]:
        """Values summed over modes of one decrement."""
        found = []
        for group in self._groups:
            total = values[group[0]]
            for n in group[1:]:
                total = total + values[n]
            found.append(self.field.middle(total))
        return found

    def _found(self, long: int) -> list[_Root]:
        """All roots; long: decimal digits of the largest number of steps."""
        field, roots = self.field, []
        starts = _starts(field, self._decrement, self._source)
        for i, (odds, gap) in enumerate(starts):
            # an offset from the nearer end of the interval (p_{i-1}, p_i), p_{-1} = 0
            right = odds <= 0
            origin = self._decrement[i] if right else self._decrement[i - 1] if i else field.real(0)
            size = Fraction(gap * _logistic(-abs(odds)))
            offset, row = self._refined(origin, field.real(-size if right else size))
            weight = 1 / field.dot(self._source, [entry * entry for entry in row])
            nu = field.middle(origin + offset)
            with field.working(self._level + long + 3):
                log_factor = field.middle(field.log(1 - nu))
            roots.append(_Root(nu=nu, log_factor=log_factor, inverse=row, weight=field.middle(weight)))
        return roots

    def _refined(self, origin: Element, offset: Element) -> tuple[Element, list[Element]]:
        """Newton's method on sum a/(p - origin - offset) = 1, with twice the digits at every step."""
        field = self.field
        shifted = [field.middle(p - origin) for p in self._decrement]
        known = _STARTING
        for _ in range(_MOST_STEPS):
            with field.working(min(self._level, 2 * known + 10)):
                inverse = [1 / (gap - offset) for gap in shifted]
                slope = field.dot(self._source, [entry * entry for entry in inverse])
                move = field.middle((1 - field.dot(self._source, inverse)) / slope)
            offset = field.middle(offset + move)
            gained = (field.polar(offset)[0] - field.polar(move)[0]) / math.log(10)
            if 2 * gained > self._level + 6 and 2 * known >= self._level:
                return offset, [field.middle(1 / (gap - offset)) for gap in shifted]
            known = min(self._level, 2 * known)
        raise ToleranceNotMet("an eigenvalue of the moment recursion was not found: more digits are needed")


def _groups(field: Field, decrements: list[Element], level: int) -> list[list[int]]:
    """Modes in ascending order of 1 - q, those that agree but for rounding together."""
    order = sorted(range(len(decrements)), key=lambda n: decrements[n])
    near = field.real(Fraction(1, 10 ** (level - ROUNDED)))
    groups: list[list[int]] = []
    for n in order:
        first = decrements[groups[-1][0]] if groups else None
        if first is not None and decrements[n] - first <= near * first:
            groups[-1].append(n)
        else:
            groups.append([n])
    return groups


def _starts(field: Field, decrements: list[Element], sources: list[Element]) -> list[tuple[float, float]]:
    """For each root the log-odds of its place in (p_{i-1}, p_i), counted from p_i, and the length of that interval.

    All roots at once by bisection in float64, on differences of p that were formed before rounding.
    """
    size = len(decrements)
    if not all(0 < float(p) < math.inf for p in decrements):
        raise ToleranceNotMet("decrements of the moment recursion leave the range of float64")
    gaps = np.array([[float(other - own) for other in decrements] for own in decrements])
    weights = np.array([float(source) for source in sources])
    lengths = np.array([float(decrements[0])] + [-gaps[i, i - 1] for i in range(1, size)])
    low, high = np.full(size, -700.0), np.full(size, 700.0)
    places = np.arange(size)
    for _ in range(_BISECTIONS):
        odds = (low + high) / 2
        share = 1 / (1 + np.exp(-odds))
        offset = lengths * share  # p_i - nu
        table = gaps + offset[:, None]
        table[places, places] = offset
        table[places[1:], places[:-1]] = -lengths[1:] / (1 + np.exp(odds[1:]))
        positive = (weights / table).sum(axis=1) > 1
        low, high = np.where(positive, odds, low), np.where(positive, high, odds)
    return list(zip(((low + high) / 2).tolist(), lengths.tolist(), strict=True))


def _logistic(x: float) -> float:
    return math.exp(x) / (1 + math.exp(x))
