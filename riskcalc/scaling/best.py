"""The best allocation around a point: the optimal faces of all regimes together, as one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from riskcalc.scaling.face import Face, emptiness, optimal_face
from riskcalc.scaling.programme import Form, Programme
from riskcalc.scaling.rational_function import RationalFunction, place
from riskcalc.scaling.tropical import NoChoice

Ends = tuple[RationalFunction | None, RationalFunction | None]  # None: without end


@dataclass(frozen=True, kw_only=True)
class Key:
    """What makes two points one phase: the same loss, the same exponents, the same terms that meet.

    exponents: for each letter from where to where; equal where the choice is unique.
    """

    loss_exponent: RationalFunction
    exponents: tuple[tuple[str, Ends], ...]
    balance: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Best:
    """faces: of the regimes whose optimum is the best one; several where they share a vertex.

    key: what holds around the point. conditions: all positive as long as it does.
    """

    faces: tuple[Face, ...]
    key: Key
    conditions: tuple[RationalFunction, ...]

    def generic(self, point: Sequence[Fraction]) -> bool:
        """Whether the same holds all around the point."""
        where = place(point)
        return all(condition.on(where) != 0 for condition in self.conditions)


def best_allocation(programmes: Sequence[Programme], point: Sequence[Fraction]) -> Best:
    """Minimise over all regimes. Where two are equally good, the first one counts, and those that touch it.

    A regime that no choice reaches is left out, and while it stays out of reach is one more condition.

    Source: derivation D15, statement 4.
    """
    where = place(point)
    faces, unreached = _faces(programmes, point)
    first = min(faces, key=lambda face: face.level.on(where))
    gaps = [face.level - first.level for face in faces]
    chosen = tuple(face for face in faces if face.at.value == first.at.value and _meet(face, first))
    conditions = [condition for face in faces for condition in face.conditions]
    conditions += [*unreached, *(gap for gap in gaps if gap)]
    exponents = []
    for name in first.programme.exponents:
        ends, found = _range([(face, face.programme.exponents[name]) for face in chosen], where)
        exponents.append((name, ends))
        conditions += found
    order = [term.name for face in faces for term in face.programme.terms]
    met = {name for face in chosen for name in face.names}
    return Best(
        faces=chosen,
        key=Key(
            loss_exponent=-first.level,
            exponents=tuple(exponents),
            balance=tuple(name for name in dict.fromkeys(order) if name in met),
        ),
        conditions=tuple(value for value in dict.fromkeys(conditions) if not value.is_number),
    )


def _faces(
    programmes: Sequence[Programme], point: Sequence[Fraction]
) -> tuple[list[Face], list[RationalFunction]]:
    """Of the regimes within reach, and what is positive while the others are not."""
    faces: list[Face] = []
    unreached: list[RationalFunction] = []
    for programme in programmes:
        try:
            faces.append(optimal_face(programme, point))
        except NoChoice:
            unreached += emptiness(programme, point)
    if not faces:
        raise NoChoice("no choice of exponents satisfies all the constraints")
    return faces, unreached


def _meet(face: Face, first: Face) -> bool:
    """Whether two faces have a vertex in common: the optimum reaches over from one regime to the other."""
    return any(vertex in first.at.vertices for vertex in face.at.vertices)


def _range(forms: Sequence[tuple[Face, Form]], where: tuple[Any, ...]) -> tuple[Ends, list[RationalFunction]]:
    """From where to where a letter's exponent goes over the faces, and what must be positive for that."""
    values = list(dict.fromkeys(_value(form, vertex) for face, form in forms for vertex in face.vertices))
    slopes = [_slope(form, ray) for face, form in forms for ray in face.rays]
    low = min(values, key=lambda value: value.on(where))
    high = max(values, key=lambda value: value.on(where))
    conditions = [value - low for value in values] + [high - value for value in values]
    conditions += [slope if slope.on(where) >= 0 else -slope for slope in slopes]
    falls, rises = (any(sign * slope.on(where) > 0 for slope in slopes) for sign in (-1, 1))
    return (None if falls else low, None if rises else high), [value for value in conditions if value]


def _value(form: Form, vertex: Sequence[RationalFunction]) -> RationalFunction:
    return form[0] + _slope(form, vertex)


def _slope(form: Form, direction: Sequence[RationalFunction]) -> RationalFunction:
    products = [c * x for c, x in zip(form[1:], direction, strict=True)]
    return sum(products[1:], start=products[0])
