"""Every argument of every public callable: the right answer or an error of the package, never a silent other meaning.

The table of valid calls has to name every public callable and every parameter: a new one without a line fails here.
Nothing rests on `assert`, so that the same holds under `python -O`.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from riskcalc.errors import RiskcalcError
from tests.arguments import methods, nouns, papers, pictures, verbs  # noqa: F401  # they fill the table
from tests.arguments.outcome import fault
from tests.arguments.public import callables, parameters
from tests.arguments.strange import STRANGE, digest
from tests.arguments.table import TABLE

PUBLIC = dict(callables())
# Each strange value that is accepted is drawn or searched for: seconds.
DRAWING = {"save_picture", "plot_phases", "plot_isoquants", "plot_optimal_schedule", "plot_ridgeless_and_sgd"}
# Valid in all but what has to be on disk, or asked of a kernel or target that has no power law.
WITHOUT_ANSWER = {
    *(f"{name}.{method}" for name in ("GaussianLine", "ArcCosine", "DotProduct") for method in ("decay", "power_law")),
    "RiskCurve.load",
    "load_data",
    "load_problem",
    "load_curve",
    "load_curves",
    "load_points",
    "load_table",
}


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    """Names of files are read in an empty folder."""
    monkeypatch.chdir(tmp_path)


def refuse(faults: list[str]) -> None:
    if faults:
        pytest.fail("\n".join(faults))


def test_the_table_names_every_public_callable_and_every_parameter():
    refuse([f"{name} has no valid call in the table" for name in PUBLIC if name not in TABLE])
    refuse([f"{name} is in the table and not public" for name in TABLE if name not in PUBLIC])
    given = {name: list(call.given) for name, call in TABLE.items()}
    refuse(
        [
            f"{name}({one}) is not in the table"
            for name, function in PUBLIC.items()
            for one in parameters(function)
            if one not in given[name]
        ]
    )


@pytest.mark.parametrize("name", [name for name, call in TABLE.items() if not call.heavy])
def test_the_valid_call_is_answered(name):
    if name in WITHOUT_ANSWER:
        with pytest.raises(RiskcalcError):
            TABLE[name]()
    else:
        TABLE[name]()


def _slow(name: str) -> Any:
    return pytest.param(name, marks=pytest.mark.slow)


def faults_of(name: str, values: dict[str, Any], wanted: Callable[[bool], bool]) -> Iterator[str]:
    call = TABLE[name]
    for parameter, given in call.given.items():
        for label, value in values.items():
            if wanted(given.accepts(value)):
                found = fault(call, parameter, value)
                if found is not None:
                    yield f"{name}({parameter}=<{label}>): {found}"


@pytest.mark.every_case
@pytest.mark.parametrize("name", [_slow(name) if name in DRAWING else name for name in TABLE])
def test_strange_values_are_refused_or_mean_what_they_say(name):
    heavy = TABLE[name].heavy
    refuse(list(faults_of(name, STRANGE, lambda accepted: not (heavy and accepted))))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, call in TABLE.items() if call.heavy])
def test_strange_values_that_are_accepted_where_the_answer_takes_long(name):
    TABLE[name]()
    refuse(list(faults_of(name, STRANGE, lambda accepted: accepted)))


def forms(value: Any) -> Iterator[Any]:
    """The same number in the other forms in which users have it."""
    if isinstance(value, bool):
        yield np.bool_(value)
    elif isinstance(value, str | int | Fraction) and _is_number(value):
        exact = Fraction(value)
        yield from (str(exact), f"  {exact}  ", exact, sympy.Rational(exact.numerator, exact.denominator))
        if exact.denominator == 1:
            yield from (np.int64(int(exact)), np.int32(int(exact)), int(exact), f"{int(exact)}.0", f"{int(exact)}e0")
    elif isinstance(value, float):
        yield np.float64(value)
    elif isinstance(value, list | tuple) and value and all(isinstance(one, int | float) for one in value):
        yield from (list(value), tuple(value), np.array(value))


def _is_number(value: object) -> bool:
    try:
        Fraction(value)  # type: ignore[arg-type]
    except ValueError:
        return False
    return isinstance(value, str | numbers.Rational)


@pytest.mark.parametrize(
    "name", [name for name, call in TABLE.items() if not call.heavy and name not in WITHOUT_ANSWER]
)
def test_a_number_may_come_in_any_form(name):
    """Not by refusing everything: what means the same as the valid argument gives the same answer."""
    call, found = TABLE[name], []
    expected = digest(call())
    for parameter, given in call.given.items():
        for form in forms(given.value):
            try:
                answer = digest(call(**{parameter: form}))
            except RiskcalcError as error:
                found.append(f"{name}({parameter}={form!r}) is refused: {error}")
            else:
                if answer != expected:
                    found.append(f"{name}({parameter}={form!r}) is answered otherwise than {given.value!r}")
    refuse(found)
