"""The powers of log(budget) at an optimum where terms or limits carry logarithms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq
from sympy import Expr

from riskcalc.asymptotic.power_term import LOGARITHMS, PowerTerm
from riskcalc.scaling.best import Key
from riskcalc.scaling.face import Face
from riskcalc.scaling.programme import numbers
from riskcalc.scaling.rational_function import Place
from riskcalc.scaling.tropical import Optimum, Row, minimise_maximum

LOSS = "loss"


@dataclass(frozen=True, kw_only=True)
class FaceAt:
    """An optimal face in numbers: rows and forms at a point, and the terms of the table there by their exponents.

    logs: powers of log(budget) that multiply the limits, by name, and the largest step size, under "largest".
    effective_steps: whether t stands for n/log2(n) of the n steps that a budget pays for.
    """

    face: Face
    where: Place
    terms: tuple[PowerTerm, ...]
    logs: Mapping[str, int]
    effective_steps: bool = False

    def power(self, term: PowerTerm) -> int:
        """The power of log(budget) in a term at the optimum: logarithms of what grows there, or falls."""
        return sum(power for name, power in term.logs.items() if self._moves(LOGARITHMS[name]))

    def of_row(self, index: int) -> tuple[PowerTerm, ...]:
        """The terms of the table that are an objective row of the programme, by name and exponents."""
        programme = self.face.programme
        name, form = programme.terms[index].name, numbers(programme.objective[index], self.where)
        return tuple(term for term in self.terms if term.name == name and self._numbers(term.exponents) == form)

    @property
    def tied(self) -> bool:
        """Whether a term or a limit that decides all over the face carries logarithms of its own."""
        programme, tight, holding = self.face.programme, self.face.at.always_tight, self.face.holding
        terms = (term for row in tight if row < len(holding) for term in self.of_row(holding[row]))
        names = tuple(programme.constraints)
        return any(map(self.power, terms)) or any(
            self.logs.get(names[row - len(holding)], 0) for row in tight if row >= len(holding)
        )

    def shifts(self) -> Optimum | None:
        """How log(budget) moves the optimum; None where nothing carries logarithms.

        Formula: put X_i = budget^x_i (log budget)^y_i, with x at the optimum; t = n/log2(n) is what the budget leaves
            divided by log(budget), and so in every term and limit. Of the rows that are tight all over the
            face, terms ask for e_k y + l_k <= m and limits for c_i y + l_i <= 0, where l are their powers of
            logarithms; the loss carries (log budget)^m with the least such m: one more linear programme.
        Source: derivation D45.
        """
        programme, holding, tight = self.face.programme, self.face.holding, self.face.at.always_tight
        objective, constraints = [], []
        for index in (holding[row] for row in tight if row < len(holding)):
            power = max(map(self.power, self.of_row(index)), default=0)
            objective.append(self._row(programme.objective[index], power, programme.terms[index].exponents))
        for name in (tuple(programme.constraints)[row - len(holding)] for row in tight if row >= len(holding)):
            form = programme.constraints[name]
            constraints.append(self._row(form, self.logs.get(name, 0), programme.limits[name]))
        if not any(row[0] for row in [*objective, *constraints]):
            return None
        return minimise_maximum(*_without_lines(objective, constraints))

    def letter(self, name: str, shift: Optimum) -> Fraction | None:
        """The power of log(budget) in a letter; None where it is free."""
        own = self._own(name)
        form = [_fraction(value) for value in numbers(self.face.programme.exponents[name], self.where)[1:]]
        values = {sum((c * y for c, y in zip(form, vertex, strict=True)), Fraction(own)) for vertex in shift.vertices}
        moving = any(sum(c * y for c, y in zip(form, ray, strict=True)) for ray in shift.rays)
        return None if moving or len(values) > 1 else values.pop()

    def _row(self, form: Sequence[Any], power: int, exponents: Mapping[str, Expr]) -> Row:
        programme = self.face.programme
        read = programme.read
        own = sum((read(value).on(self.where) * self._own(name) for name, value in exponents.items()), fmpq(0))
        return (fmpq(power) + own, *numbers(form, self.where)[1:])

    def _own(self, name: str) -> int:
        """The power of log(budget) that comes with a letter: a largest step size, or effective steps that are paid."""
        variables = self.face.programme.budget.variables
        if name in variables:
            return 0
        return {"gamma": self.logs.get("largest", 0), "t": -int(self.effective_steps)}.get(name, 0)

    def _numbers(self, exponents: Mapping[str, Expr]) -> Row:
        return numbers(self.face.programme.monomial(exponents), self.where)

    def _moves(self, argument: Mapping[str, Expr]) -> bool:
        """Whether a monomial is not of order one all over the face."""
        form = [_fraction(value) for value in self._numbers(argument)]
        return any(
            form[0] + sum((c * x for c, x in zip(form[1:], vertex, strict=True)), Fraction(0)) != 0
            for vertex in self.face.at.vertices
        )


def powers_of_logarithms(faces: Sequence[FaceAt], key: Key) -> dict[str, Fraction]:
    """Of the loss and of every letter, where they are not zero and the letter's exponent is one number."""
    shifts = {index: at.shifts() for index, at in enumerate(faces)}
    found = {index: shift for index, shift in shifts.items() if shift is not None}
    if not found:
        return {}
    index = min(found, key=lambda one: found[one].value)
    unique = [name for name, (low, high) in key.exponents if low is not None and low == high]
    powers = {LOSS: found[index].value} | {name: faces[index].letter(name, found[index]) for name in unique}
    return {name: power for name, power in powers.items() if power}


def _without_lines(objective: Sequence[Row], constraints: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The rows with variables held at zero along the directions that they leave free."""
    rows = [[*row[1:], fmpq(-1)] for row in objective] + [[*row[1:], fmpq(0)] for row in constraints]
    kept: list[int] = []
    for column in range(len(rows[0]) - 1):
        if _rank([[row[i] for i in (*kept, column, -1)] for row in rows]) == len(kept) + 2:
            kept.append(column)
    free = [column for column in range(len(rows[0]) - 1) if column not in kept]

    def held(row: Row) -> Row:
        return tuple(fmpq(0) if index - 1 in free else value for index, value in enumerate(row))

    pinned = [
        tuple(fmpq(sign) if index - 1 == column else fmpq(0) for index in range(len(rows[0])))
        for column in free
        for sign in (1, -1)
    ]
    return [held(row) for row in objective], [*map(held, constraints), *pinned]


def _rank(rows: list[list[Any]]) -> int:
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            rows[i] = [x - factor * y for x, y in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
