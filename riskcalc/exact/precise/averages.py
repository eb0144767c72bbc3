"""Bias and variance of averages of iterates, given precise modes: a linear map, squared where a stage is long.

Formula: x_n the moments, c_n the crosses with the sum of the iterates and a its square, tau the drive:
x <- q x + (gamma^2/B) k (sum x + tau), c <- (1 - gamma z)(c + x), a <- a + sum (2 c + x), from c = a = 0 at the first
iterate of each average; the excess of the average of t - s iterates is floor + a/(t - s)^2. In (x, c, a, tau) that is
one matrix, the same for bias (tau = 0) and variance. Valid: stable step sizes. Source: D24.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.curve.averaging import windows
from riskcalc.dynamics.step_sizes import step_sizes
from riskcalc.errors import InvalidInput
from riskcalc.exact.precise.responses import MOST_WORK, Piece, Row, added, pieces
from riskcalc.exact.precise.sketched import PreciseModes
from riskcalc.numeric.field import Element, Field

MOST_SQUARED = 60  # modes whose map is squared
MOST_PRODUCTS = 2e9  # of 50 digits or less, over all squarings
_SHORT = 100  # a stage of up to so many steps a mode is followed step by step

Vector = list[Element]


def averaged_responses(run: Run, modes: PreciseModes, field: Field, *, level: int) -> list[Row]:
    """Rows at the recorded steps, within `field.working(level)`."""
    parts, ends = pieces(run, len(modes.position)), windows(run.averaging, run.steps)
    _check_work(parts, ends, len(modes.position), level)
    walk = _Walk(run, modes, field, ends)
    for piece in parts:
        walk.cross(piece)
    walk.record(run.steps[-1])
    return [walk.found[step] for step in run.steps]


def _squared(piece: Piece, modes: int) -> bool:
    start, stop, size = piece
    return size is not None and modes <= MOST_SQUARED and stop - start > _SHORT * modes


def _check_work(parts: list[Piece], ends: dict[int, tuple[int, ...]], modes: int, level: int) -> None:
    steps, products = 0, 0.0
    for piece in parts:
        start, stop, _ = piece
        if _squared(piece, modes):
            products += (stop - start).bit_length() * (2.0 * modes + 2) ** 3 * (1 + level / 50)
        else:
            inside = (min(stop, last[-1]) - max(start, first) for first, last in ends.items())
            steps += stop - start + sum(length for length in inside if length > 0)
    if steps * modes > MOST_WORK:
        raise InvalidInput(
            f"averages of iterates take {steps} steps one by one in more digits than float64, over all records (steps "
            f"times features up to {MOST_WORK:.0e}, stages at once up to {MOST_SQUARED} features): ask for fewer "
            "steps or records, or leave digits out"
        )
    if products > MOST_PRODUCTS:
        raise InvalidInput(
            f"averages of iterates of {modes} features take too long in {level} digits and stages of so many steps: "
            "ask for fewer digits or features, or leave digits out"
        )


@dataclass(kw_only=True)
class _Sum:
    """Crosses c and totals a of one average, bias first."""

    crosses: list[Vector]
    totals: list[Element]


class _Walk:
    """The moments, and the sums of the averages that have begun and are still asked for."""

    def __init__(self, run: Run, modes: PreciseModes, field: Field, ends: dict[int, tuple[int, ...]]) -> None:
        self.run, self.modes, self.field, self.ends = run, modes, field, ends
        self.found: dict[int, Row] = {}
        self._none = [field.real(0)] * len(modes.position)
        self._drives = [field.real(0), field.middle(field.real(Fraction(run.problem.noise)) + modes.floor)]
        self._moments = [list(modes.signal), self._none]
        self._sums: dict[int, _Sum] = {}
        self._marks = sorted({*ends, *run.steps})

    def cross(self, piece: Piece) -> None:
        """From the start of a piece to its end, stopping where an average begins or is recorded."""
        start, stop, size = piece
        marks = [mark for mark in self._marks if start < mark < stop]
        squared = _squared(piece, len(self._none))
        power = _Powers(self.field, self._rows(size)) if squared and size is not None else None
        sizes = self._sizes(size, start, stop)
        for begin, end in zip([start, *marks], [*marks, stop], strict=True):
            self.record(begin)
            if power is not None:
                self._leap(power, end - begin)
                continue
            for _ in range(end - begin):
                self._step(next(sizes))

    def record(self, step: int) -> None:
        """What is asked at a step; averages begin and end there."""
        for first in list(self._sums):
            if step in self.ends[first]:
                bias, variance = (self.field.middle(a / (step - first) ** 2) for a in self._sums[first].totals)
                self.found[step] = bias, variance
            if step >= self.ends[first][-1]:
                del self._sums[first]
        if step in self.ends:
            if step in self.ends[step]:  # no iterate before it: the average is the start itself
                self.found[step] = added(self.field, self._moments[0]), added(self.field, self._moments[1])
            if step < self.ends[step][-1]:
                self._sums[step] = _Sum(crosses=[self._none, self._none], totals=[self.field.real(0)] * 2)

    def _step(self, size: Element) -> None:
        field = self.field
        factors, contractions, feeds = self._coefficients(size)
        totals = [added(field, x) for x in self._moments]
        for one in self._sums.values():
            for k, (x, c) in enumerate(zip(self._moments, one.crosses, strict=True)):
                one.totals[k] = field.middle(one.totals[k] + 2 * added(field, c) + totals[k])
                one.crosses[k] = [
                    field.middle(left * (cross + moment))
                    for left, cross, moment in zip(contractions, c, x, strict=True)
                ]
        self._moments = [
            [field.middle(q * moment + (total + drive) * k) for q, moment, k in zip(factors, x, feeds, strict=True)]
            for x, total, drive in zip(self._moments, totals, self._drives, strict=True)
        ]

    def _leap(self, power: _Powers, count: int) -> None:
        size, zero = len(self._none), self.field.real(0)
        for one in self._sums.values():
            for k, (x, c) in enumerate(zip(self._moments, one.crosses, strict=True)):
                after = power.after([*x, *c, one.totals[k], self._drives[k]], count)
                one.crosses[k], one.totals[k] = after[size : 2 * size], after[2 * size]
        self._moments = [
            power.after([*x, *self._none, zero, drive], count)[:size]
            for x, drive in zip(self._moments, self._drives, strict=True)
        ]

    def _coefficients(self, size: Element) -> tuple[Vector, Vector, Vector]:
        """q, 1 - gamma z and (gamma^2/B) k of each mode."""
        field, batch = self.field, self.run.batch_size
        spread, gain = field.real(1 + Fraction(1, batch)), size * size / field.real(batch)
        scaled = [size * z for z in self.modes.position]
        factors = [field.middle(1 - y * (2 - spread * y)) for y in scaled]
        return factors, [field.middle(1 - y) for y in scaled], [field.middle(gain * k) for k in self.modes.kernel]

    def _rows(self, size: Fraction) -> list[Vector]:
        """The matrix of one step in (x, c, a, tau)."""
        zero, one = self.field.real(0), self.field.real(1)
        factors, contractions, feeds = self._coefficients(self.field.real(size))
        modes = range(len(factors))
        moments = [
            [self.field.middle(feeds[n] + (factors[n] if n == m else zero)) for m in modes]
            + self._none
            + [zero, feeds[n]]
            for n in modes
        ]
        own = [[contractions[n] if n == m else zero for m in modes] for n in modes]
        crosses = [row + row + [zero, zero] for row in own]
        return [
            *moments,
            *crosses,
            [one for _ in modes] + [2 * one for _ in modes] + [one, zero],
            [*self._none, *self._none, zero, one],
        ]

    def _sizes(self, size: Fraction | None, start: int, stop: int) -> Iterator[Element]:
        if size is None:
            return step_sizes(self.run.schedule, horizon=self.run.horizon, count=stop, field=self.field)
        element = self.field.real(size)
        return (element for _ in range(start, stop))


class _Powers:
    """Powers of a matrix, by its squares, put to vectors."""

    def __init__(self, field: Field, rows: list[Vector]) -> None:
        self._field = field
        self._columns: list[Sequence[Element]] = list(zip(*rows, strict=True))
        self._maps = [field.linear(rows)]

    def after(self, vector: Vector, count: int) -> Vector:
        """The matrix to the power `count` times a vector."""
        place = 0
        while count:
            if place == len(self._maps):
                self._columns = [self._times(column) for column in self._columns]
                self._maps.append(self._field.linear(list(zip(*self._columns, strict=True))))
            if count & 1:
                vector = self._times(vector, place)
            count >>= 1
            place += 1
        return vector

    def _times(self, vector: Sequence[Element], place: int = -1) -> Vector:
        return [self._field.middle(entry) for entry in self._maps[place](list(vector))]
