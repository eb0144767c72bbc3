"""What came of a call with a strange argument, and whether that is right."""

from __future__ import annotations

from typing import Any

from riskcalc.errors import RiskcalcError
from riskcalc.quantity.words import shown
from tests.arguments.call import Call
from tests.arguments.strange import digest

_LONGEST = 600


def fault(call: Call, parameter: str, value: Any) -> str | None:
    """What is wrong with the outcome, None where nothing is.

    Right is an error of the package, on one line, or, for a value that has a meaning there, the answer that the plain
    value with that meaning gives.
    """
    given = call.given[parameter]
    try:
        answer = call(**{parameter: value})
    except RiskcalcError as error:
        line = str(error)
        return None if "\n" not in line and len(line) < _LONGEST else f"not one short line: {line[:200]!r}"
    except Exception as error:
        return f"{type(error).__name__} from inside: {str(error)[:200]}"
    if not given.accepts(value):
        return f"taken, and answered with {shown(answer)}"
    try:
        expected = _answer(call, parameter, given.kind.plain(value))
    except Exception as error:
        return f"taken, while its plain meaning is refused: {error}"
    return None if digest(answer) == expected else "answered otherwise than its plain meaning"


_ANSWERS: dict[tuple[str, str, str], Any] = {}  # many strange values have the same plain one


def _answer(call: Call, parameter: str, plain: Any) -> Any:
    key = (call.name, parameter, repr(plain))
    if key not in _ANSWERS:
        _ANSWERS[key] = digest(call(**{parameter: plain}))
    return _ANSWERS[key]
