"""The leading terms, for the page: exponents, constants, conditions as JavaScript functions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import sympy
from sympy import Expr, oo

from riskcalc.asymptotic.asked import shape_of
from riskcalc.asymptotic.floor import approximation_terms, floor_definition
from riskcalc.asymptotic.noise import label_noise
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.shape import Shape, constant
from riskcalc.asymptotic.term_table import RATIO
from riskcalc.asymptotic.transient import absolutely_continuous, kernel, pure_point
from riskcalc.explorer.expressions import as_mathml
from riskcalc.explorer.javascript import as_javascript, function
from riskcalc.formula import letters as L
from riskcalc.formula.spectral_sum import resolvent_sum
from riskcalc.formula.stability import kernel_mass, stability_point
from riskcalc.quantity import held
from riskcalc.schedule import Schedule, named_schedule

_ARGUMENTS = "a, b, r, rho"
_CONTEXT = "a, b, gamma, B, v"
_LETTERS: dict[str, Any] = {"M": L.M, "t": L.t, "gamma": L.gamma, "B": L.B}


@cache
def script_of_terms(schedules: tuple[str, ...] = ()) -> str:
    """const THEORY = {...}: the pieces of the risk, by the dimension they are derived for.

    infinite: v = oo, a > 1; finite: v = r M, a < 1; both at constant step size. Each term is a monomial in M, gamma,
    t, B with its constant and the condition under which it leads. schedules: of those that move, what changes at the
    end of a run for a > 1; null where no constants are derived.
    Source: derivations D10 to D14, D17.
    """
    tables = {name: _pieces(ratio) for name, ratio in (("infinite", oo), ("finite", RATIO))}
    moving = {name: read for name in schedules if not (read := _read(name)).shape.constant}
    schedule_tables = ",\n".join(f"{_quoted(name)}: {_moving(name, read)}" for name, read in moving.items())
    body = ",\n".join(f'"{name}": {{{pieces}}}' for name, pieces in tables.items())
    return "\n".join(
        [
            f"const THEORY = {{{body},",
            f'"schedules": {{{schedule_tables}}},',
            f'"kappa": {function(_CONTEXT, kernel_mass(-stability_point()))},',
            f'"S": {function(_CONTEXT, early_bias())},',
            f'"floorEquation": {_floor_equation()}}};',
        ]
    )


def early_bias() -> Expr:
    """S = (1/(2 gamma)) sum_j j^(a-b)/(1 - g j^-a), g = gamma (1 + 1/B)/2, as a resolvent sum at -1/g.

    Source: derivation D14, for the eigenvalues j^-a themselves, as is kappa beside it.
    """
    point = stability_point()
    return -point * resolvent_sum(L.b - L.a, 1, L.a, -point, L.v) / (2 * L.gamma)


def _pieces(ratio: Expr) -> str:
    floor = _terms(approximation_terms(L.a, L.b, ratio), constant())
    return f'"F_0": [{floor}], {_in_time(constant(), ratio)}'


def _in_time(shape: Shape, ratio: Expr) -> str:
    found = {
        "F_pp": pure_point(L.a, L.b, shape),
        "F_ac": absolutely_continuous(L.a, L.b, shape, ratio),
        "K": kernel(L.a, shape, ratio),
        "noise": label_noise(L.a, shape, ratio),
    }
    return ", ".join(f'"{name}": [{_terms(terms, shape)}]' for name, terms in found.items())


@dataclass(frozen=True)
class _Read:
    """A schedule by its name, and what the leading order knows of it."""

    schedule: Schedule
    shape: Shape


def _read(name: str) -> _Read:
    schedule = held(named_schedule(name, step_size=1, asked="schedules"), "a schedule of the page")
    return _Read(schedule, shape_of(schedule))


def _moving(name: str, read: _Read) -> str:
    """What `page/schedules.js` reads of a schedule; null where only its exponents are derived."""
    shape = read.shape
    if shape.profile is None:
        return "null"
    known = {
        "name": name,
        "python": _constructor(read.schedule),
        "clock": float(shape.clock),
        "endPower": float(shape.end_power),
        "endShare": float(shape.end_scale) if shape.end_power == 0 else 0,
        "kinks": [float(place) for place in shape.kinks],
        "startsAtPeak": shape.starts_at_peak,
    }
    facts = ", ".join(f"{_quoted(word)}: {json.dumps(value)}" for word, value in known.items())
    profile = f"{shape.remaining} => {as_javascript(shape.profile)}"
    return f'{{{facts}, "profile": {profile}, {_in_time(shape, oo)}}}'


def _constructor(schedule: Schedule) -> str:
    """The schedule in Python, with STEP for its step size."""
    words = [
        f'{one.name}="{getattr(schedule, one.name)}"'
        for one in fields(schedule)  # type: ignore[arg-type]  # every named schedule is a dataclass
        if one.name != "step_size" and getattr(schedule, one.name) != one.default
    ]
    return f"rc.{type(schedule).__name__}({', '.join([_quoted('STEP'), *words])})"


def _terms(terms: Iterable[PowerTerm], shape: Shape) -> str:
    return ",\n".join(_term(term, whole_run=_is_of_the_whole_run(term, shape)) for term in terms)


def _is_of_the_whole_run(term: PowerTerm, shape: Shape) -> bool:
    """Whether it is noise with a constant that feedback along the run changes: under a schedule that falls to 0."""
    decays = not shape.constant and shape.end_power > 0
    return decays and term.name == "noise" and term.holds.subs(L.a, shape.end_power + 2) == sympy.false


def _term(term: PowerTerm, *, whole_run: bool) -> str:
    made = "null" if whole_run or term.constant is None else function(_ARGUMENTS, term.constant)
    powers = ", ".join(
        f'"{name}": {function("a, b", power)}' for name, power in term.exponents.items() if name != "sigma2"
    )
    written = sympy.Mul(*(_LETTERS[name] ** power for name, power in term.exponents.items() if name != "sigma2"))
    return (
        f'{{"holds": {function("a, b", term.holds)}, "constant": {made}, '
        f'"powers": {{{powers}}}, "mathml": {_quoted(as_mathml(written))}, "meaning": {_quoted(term.meaning)}}}'
    )


def _floor_equation() -> str:
    equation = floor_definition(L.a, RATIO)
    return f"(a, rho, r) => {as_javascript(equation.lhs)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
