"""A curve read back from JSON: what was changed, cut off or never was a curve is refused, with the key that shows."""

from __future__ import annotations

import json
import math
import re
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from riskcalc.curve.claim import Claim, Warrant
from riskcalc.curve.precise import SERIES, SINGLE, Decimals
from riskcalc.curve.question import Question
from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.curve.steps import MOST_STEPS
from riskcalc.curve.storage import FORMAT, OPTIONAL
from riskcalc.curve.sum_rules import WrittenParts, check_signs, check_sums
from riskcalc.errors import ConsistencyError, InvalidInput
from riskcalc.quantity import Real

_KEYS = {
    *("format", "riskcalc_version", "problem", "method", "claim", "warrant", "steps", "error"),
    *(*SERIES, *SINGLE, *OPTIONAL),
    *("digits", "decimal_digits"),  # of rounded numbers; of decimals beyond float64
}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,18})?|inf", re.ASCII)
_MOST_DIGITS = 1100  # of a number's text: more than can be asked of an answer
_FLOAT = 15  # significant digits to which sums of float64 numbers hold, roundings of several terms included
_SHOWN = 60  # letters of a refused value in a message
_Kind = TypeVar("_Kind", Claim, Warrant)


def curve_from_json(text: str) -> RiskCurve:
    """The curve behind the text of `RiskCurve.to_json`, or behind the output of `riskcalc risk --json`.

    Valid: one JSON object of this format, each key known and given once; steps that ascend; numbers as ASCII decimal
    strings, finite (inf where a forced run overflowed) and not negative where they cannot be;
    risk = irreducible + excess and excess = approximation + bias + variance to the digits that are written;
    a radius if and only if the warrant is "enclosed".
    """
    try:
        return _curve(_object_of(text))
    except InvalidInput as error:
        raise InvalidInput(f"not a curve: {error}") from None


def _object_of(text: str) -> dict[str, Any]:
    if not isinstance(text, str):
        raise InvalidInput(f"JSON text is needed, not {type(text).__name__}")
    try:
        read = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except InvalidInput:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"the text is not JSON, or was cut off ({error})") from None
    if not isinstance(read, dict):
        raise InvalidInput("the JSON text holds no object")
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(f"the key {twice[:_SHOWN]!r} stands there twice")
    return read


def _no_constant(name: str) -> Any:
    raise InvalidInput(f"the text holds {name}, which is no JSON")


def _curve(read: dict[str, Any]) -> RiskCurve:
    written = read.get("format")
    if type(written) is not int or written != FORMAT:
        raise InvalidInput(f"'format' is {_shown(written)}, and this version reads {FORMAT} only")
    for name in read:
        if name not in _KEYS:
            raise InvalidInput(f"the key {name[:_SHOWN]!r} is unknown: it was changed, or written by a later version")
    steps = _steps(read)
    digits = _digits(read, "decimal_digits")
    texts = _texts(read, len(steps), beyond_floats=digits is not None)
    claim, warrant = _named(Claim, read, "claim"), _named(Warrant, read, "warrant")
    if ("radius" in texts) != (warrant is Warrant.ENCLOSED):
        given = "given" if "radius" in texts else "not given"
        raise InvalidInput(f"the warrant is {warrant.value!r}, but a radius is {given}")
    if ("shift" in texts) != ("spread" in texts):
        raise InvalidInput("of 'shift' and 'spread' only one is given")
    parts = WrittenParts(
        texts=texts,
        steps=steps,
        digits=digits or min(_digits(read, "digits") or _FLOAT, _FLOAT),
        rounded="digits" in read and digits is None,
    )
    check_signs(parts, claim)
    check_sums(parts)
    floats = {name: _floats(values) for name, values in texts.items()}
    optional = {name: floats[name] for name in ("bias", "variance", *OPTIONAL) if name in floats}
    try:
        return RiskCurve(
            steps=steps,
            excess=floats["excess"],
            irreducible=float(floats["irreducible"][0]),
            approximation=float(floats["approximation"][0]),
            claim=claim,
            warrant=warrant,
            error=float(floats["error"][0]) if "error" in floats else None,
            decimals=None if digits is None else _decimals(texts, digits),
            asked=Question.of(_object(read, "problem")),
            method=_object(read, "method"),
            **optional,
        )
    except ConsistencyError as error:
        raise InvalidInput(str(error)) from None


def _texts(read: dict[str, Any], length: int, *, beyond_floats: bool) -> dict[str, tuple[str, ...]]:
    """The numbers as they are written, a tuple for each key that is there; every one checked."""
    found = {}
    for name in ("excess", *SINGLE):
        _given(read, name)
    for name in (*SERIES, *OPTIONAL, *SINGLE, "error"):
        value = read.get(name)
        if value is None and name in ("excess", *SINGLE):
            raise InvalidInput(f"{name!r} is null: numbers are needed")
        if value is None:
            continue
        values = value if name in (*SERIES, *OPTIONAL) else [value]
        if not isinstance(values, list) or (len(values) != length and name in (*SERIES, *OPTIONAL)):
            raise InvalidInput(f"{name!r} is not a list of {length} numbers, one for each step")
        for text in values:
            _check_number(text, name, beyond_floats=beyond_floats)
        found[name] = tuple(values)
    return found


def _check_number(text: object, name: str, *, beyond_floats: bool) -> None:
    if not isinstance(text, str) or len(text) > _MOST_DIGITS or _NUMBER.fullmatch(text) is None:
        raise InvalidInput(f"{name!r} holds {_shown(text)}: a number as a decimal string is needed")
    if text != "inf" and math.isinf(float(text)) and not beyond_floats:
        raise InvalidInput(f"{name!r} holds {_shown(text)}, which no float64 can be")


def _floats(texts: tuple[str, ...]) -> Real:
    return np.array([float(text) for text in texts], dtype=np.float64)


def _decimals(texts: dict[str, tuple[str, ...]], digits: int) -> Decimals:
    return Decimals(digits=digits, text={name: texts[name] for name in (*SERIES, *SINGLE) if name in texts})


def _digits(read: dict[str, Any], name: str) -> int | None:
    value = read.get(name)
    if value is None:
        return None
    if type(value) is not int or not 1 <= value <= _MOST_DIGITS:
        raise InvalidInput(f"{name!r} is {_shown(value)}: a whole number of digits is needed")
    return value


def _given(read: dict[str, Any], name: str) -> Any:
    if name not in read:
        raise InvalidInput(f"{name!r} is missing")
    return read[name]


def _object(read: dict[str, Any], name: str) -> dict[str, Any]:
    value = _given(read, name)
    if not isinstance(value, dict):
        raise InvalidInput(f"{name!r} is not an object")
    return value


def _steps(read: dict[str, Any]) -> tuple[int, ...]:
    steps = _given(read, "steps")
    if not isinstance(steps, list) or not steps or not all(type(step) is int for step in steps):
        raise InvalidInput("'steps' is not a list of whole numbers")
    if steps[0] < 0 or steps[-1] > MOST_STEPS or any(later <= earlier for earlier, later in pairwise(steps)):
        raise InvalidInput("'steps' do not ascend from 0 or more to at most 1e18")
    return tuple(steps)


def _named(kind: type[_Kind], read: dict[str, Any], name: str) -> _Kind:
    value = _given(read, name)
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(repr(member.value) for member in kind)
        raise InvalidInput(f"{name} {_shown(value)} is unknown; known are {known}") from None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
