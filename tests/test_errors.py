"""One base class for all errors raised on purpose, and the built-in kinds callers expect beside it."""

from __future__ import annotations

import inspect

import pytest

from riskcalc import errors

OWN = [member for _, member in inspect.getmembers(errors, inspect.isclass) if member.__module__ == errors.__name__]
CLASSES = [member for member in OWN if issubclass(member, errors.RiskcalcError)]


@pytest.mark.parametrize("error", CLASSES)
def test_one_except_clause_catches_every_error(error: type[Exception]) -> None:
    with pytest.raises(errors.RiskcalcError, match="what was asked"):
        raise error("what was asked")


def test_there_are_few_kinds() -> None:
    assert {error.__name__ for error in CLASSES} == {
        "RiskcalcError",
        "InvalidInput",
        "UnstableRun",
        "ToleranceNotMet",
        "ConsistencyError",
        "PrecisionChanged",
        "MissingDependency",
        "ExecutorFailed",
    }


def test_what_is_no_error_of_a_question_is_what_it_is_elsewhere() -> None:
    others = {other.__name__: other.__bases__ for other in OWN if other not in CLASSES}
    assert others == {
        "RoundedToZero": (UserWarning,),
        "Interrupted": (KeyboardInterrupt,),
        "SweepInterrupted": (errors.Interrupted,),
    }


@pytest.mark.parametrize(
    ("error", "built_in"), [(errors.InvalidInput, ValueError), (errors.MissingDependency, ImportError)]
)
def test_callers_who_know_only_python_can_catch_them(
    error: type[Exception], built_in: type[Exception]
) -> None:
    assert issubclass(error, built_in)
