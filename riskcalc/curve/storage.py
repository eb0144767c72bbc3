"""Curves as JSON: one object, its numbers decimal strings, lossless unless fewer digits are asked."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from riskcalc.curve.claim import Claim, Warrant
from riskcalc.curve.precise import SERIES, SINGLE, Decimals
from riskcalc.curve.risk_curve import RiskCurve, Values
from riskcalc.curve.run import MOST_STEPS
from riskcalc.errors import ConsistencyError, InvalidInput
from riskcalc.quantity import file_path, of_type, plain, whole

FORMAT = 1  # raised when a key changes its meaning; `curve_from_json` refuses what it does not know
LOSSLESS = 17  # significant digits that identify every float64

_OPTIONAL = ("standard_error", "radius")
_Kind = TypeVar("_Kind", Claim, Warrant)


def installed_version() -> str:
    """Version of the installed package; "unknown" when run from a source tree that was never installed."""
    try:
        return metadata.version("riskcalc-sgd")
    except metadata.PackageNotFoundError:
        return "unknown"


def curve_to_dict(curve: RiskCurve, *, digits: int = LOSSLESS) -> dict[str, Any]:
    """The curve as plain JSON values.

    Valid: digits >= 1; 17 or more write the shortest text that reads back as the same float, fewer round to
    that many significant digits. A curve with decimals writes those instead of floats, unless fewer than 17
    digits are asked. Infinite values (a forced unstable run) become "inf".
    """
    figures = whole(digits, "digits", least=1)

    def series(values: Values | None) -> list[str] | None:
        return None if values is None else [decimal(value, figures) for value in values.tolist()]

    written: dict[str, Any] = {
        "format": FORMAT,
        "riskcalc_version": installed_version(),
        "problem": _plain_json(curve.asked, "asked"),
        "claim": curve.claim.value,
        "warrant": curve.warrant.value,
        "steps": list(curve.steps),
        "risk": series(curve.risk),
        "excess": series(curve.excess),
        "bias": series(curve.bias),
        "variance": series(curve.variance),
        "irreducible": decimal(curve.irreducible, figures),
        "approximation": decimal(curve.approximation, figures),
    }
    for name in _OPTIONAL:
        values = getattr(curve, name)
        if values is not None:
            written[name] = series(values)
    if curve.decimals is not None and figures >= LOSSLESS:
        for name, texts in curve.decimals.text.items():
            written[name] = list(texts) if name in SERIES else texts[0]
        written["decimal_digits"] = curve.decimals.digits
    written["error"] = None if curve.error is None else decimal(curve.error, figures)
    written["method"] = _plain_json(curve.method, "method")
    return written


def decimal(value: float, digits: int) -> str:
    """A float as a decimal string of so many significant digits.

    >>> decimal(0.1, 17), decimal(2 / 3, 5), decimal(float("inf"), 17)
    ('0.1', '0.66667', 'inf')
    """
    return repr(float(value)) if digits >= LOSSLESS else f"{float(value):.{digits}g}"


def curve_from_json(text: str) -> RiskCurve:
    """The curve behind the text of `RiskCurve.to_json`, or behind the output of `riskcalc risk --json`.

    `risk` is not read: it is irreducible + excess. Keys that are not known are ignored.
    """
    try:
        read = json.loads(of_type(text, str, "text", "what RiskCurve.to_json returns"))
    except InvalidInput:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"not a curve: the text is not JSON ({error})") from None
    if not isinstance(read, dict):
        raise InvalidInput("not a curve: the JSON text holds no object")
    if read.get("format") != FORMAT:
        raise InvalidInput(
            f"not a curve this version can read: 'format' is {read.get('format')!r}, only {FORMAT} is known"
        )
    steps = _steps(read)
    optional = {
        name: _series(read, name, len(steps)) for name in ("bias", "variance", *_OPTIONAL) if read.get(name) is not None
    }
    try:
        return RiskCurve(
            steps=steps,
            excess=_series(read, "excess", len(steps)),
            irreducible=_value(_given(read, "irreducible"), "irreducible"),
            approximation=_value(_given(read, "approximation"), "approximation"),
            claim=_named(Claim, read, "claim"),
            warrant=_named(Warrant, read, "warrant"),
            error=None if read.get("error") is None else _value(read["error"], "error"),
            decimals=_decimals(read),
            asked=_object(read, "problem"),
            method=_object(read, "method"),
            **optional,
        )
    except ConsistencyError as error:
        raise InvalidInput(f"not a curve: {error}") from None


def save_curve(curve: RiskCurve, path: str | Path) -> None:
    """Write the lossless JSON to a file."""
    text = curve.to_json() + "\n"
    place = file_path(path, "path")
    try:
        place.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InvalidInput(f"cannot write the curve to {path}: {error}") from None


def load_curve(path: str | Path) -> RiskCurve:
    """Read a curve written by `save_curve`."""
    place = file_path(path, "path")
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InvalidInput(f"cannot read the curve file {path}: {error}") from None
    try:
        return curve_from_json(text)
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from None


def _given(read: dict[str, Any], name: str) -> Any:
    if name not in read:
        raise InvalidInput(f"not a curve: {name!r} is missing")
    return read[name]


def _object(read: dict[str, Any], name: str) -> dict[str, Any]:
    value = _given(read, name)
    if not isinstance(value, dict):
        raise InvalidInput(f"not a curve: {name!r} is not an object")
    return value


def _steps(read: dict[str, Any]) -> tuple[int, ...]:
    steps = _given(read, "steps")
    if not isinstance(steps, list) or not steps or not all(type(step) is int for step in steps):
        raise InvalidInput("not a curve: 'steps' is not a list of whole numbers")
    if steps[0] < 0 or steps[-1] > MOST_STEPS or any(later <= earlier for earlier, later in pairwise(steps)):
        raise InvalidInput("not a curve: 'steps' do not ascend from 0 or more to at most 1e18")
    return tuple(steps)


def _series(read: dict[str, Any], name: str, length: int) -> Values:
    values = _given(read, name)
    if not isinstance(values, list) or len(values) != length:
        raise InvalidInput(f"not a curve: {name!r} is not a list of {length} numbers, one for each step")
    return np.array([_value(value, name) for value in values], dtype=np.float64)


def _value(value: object, name: str) -> float:
    try:
        number = float(value) if isinstance(value, str) else math.nan
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise InvalidInput(f"not a curve: {name!r} holds {value!r}: a number as a decimal string is needed")
    return number


def _decimals(read: dict[str, Any]) -> Decimals | None:
    digits = read.get("decimal_digits")
    if digits is None:
        return None
    figures = whole(digits, "decimal_digits", least=1)
    names = [name for name in SERIES + SINGLE if read.get(name) is not None]
    for name in names:
        values = read[name] if name in SERIES else [read[name]]
        if not isinstance(values, list):
            raise InvalidInput(f"not a curve: {name!r} is not a list")
        for value in values:
            _value(value, name)
    return Decimals(
        digits=figures, text={name: tuple(read[name]) if name in SERIES else (read[name],) for name in names}
    )


def _named(kind: type[_Kind], read: dict[str, Any], name: str) -> _Kind:
    value = _given(read, name)
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(repr(member.value) for member in kind)
        raise InvalidInput(f"not a curve: {name} {value!r} is unknown; known are {known}") from None


def _plain_json(value: Any, name: str) -> Any:
    """What JSON reads back as an equal value: lists for tuples, text for fractions and infinities."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, dict):
        return {str(key): _plain_json(inner, f"{name}.{key}") for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_json(inner, name) for inner in value]
    if isinstance(value, np.ndarray | np.generic):
        return _plain_json(value.tolist(), name)
    raise InvalidInput(f"{name} holds {value!r}, which JSON cannot hold: give numbers, text or lists")
