"""Curves as JSON: one object, its numbers decimal strings, lossless unless fewer digits are asked."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from riskcalc.curve.precise import SERIES
from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.errors import InvalidInput
from riskcalc.files import installed_version, naming, read_text, write_bytes
from riskcalc.quantity import Real, plain, whole

FORMAT = 1  # raised when a key changes its meaning; `curve_from_json` refuses another one
LOSSLESS = 17  # significant digits that identify every float64

OPTIONAL = ("standard_error", "radius", "shift", "spread", "training")


def curve_to_dict(curve: RiskCurve, *, digits: int = LOSSLESS) -> dict[str, Any]:
    """The curve as plain JSON values.

    Valid: digits >= 1; 17 or more write the shortest text that reads back as the same float, fewer round to that many
    significant digits, which the key "digits" then states. A curve with decimals writes those instead of floats, unless
    fewer than 17 digits are asked. Infinite values (a forced unstable run) become "inf".
    """
    figures = whole(digits, "digits", least=1)

    def series(values: Real | None) -> list[str] | None:
        return None if values is None else [decimal(value, figures) for value in values.tolist()]

    written: dict[str, Any] = {
        "format": FORMAT,
        "riskcalc_version": installed_version(),
        "problem": _plain_json(curve.asked.record, "asked"),
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
    for name in OPTIONAL:
        values = getattr(curve, name)
        if values is not None:
            written[name] = series(values)
    if curve.decimals is not None and figures >= LOSSLESS:
        for name, texts in curve.decimals.text.items():
            written[name] = list(texts) if name in SERIES else texts[0]
        written["decimal_digits"] = curve.decimals.digits
    if figures < LOSSLESS:
        written["digits"] = figures
    written["error"] = None if curve.error is None else decimal(curve.error, figures)
    written["method"] = _plain_json(curve.method, "method")
    return written


def decimal(value: float, digits: int) -> str:
    """A float as a decimal string of so many significant digits.

    >>> decimal(0.1, 17), decimal(2 / 3, 5), decimal(float("inf"), 17)
    ('0.1', '0.66667', 'inf')
    """
    return repr(float(value)) if digits >= LOSSLESS else f"{float(value):.{digits}g}"


def save_curve(curve: RiskCurve, path: str | Path) -> None:
    """Write the lossless JSON to a file: all of it, or what stood there stays."""
    write_bytes(path, (curve.to_json() + "\n").encode(), what="the curve")


def load_curve(path: str | Path) -> RiskCurve:
    """Read a curve written by `save_curve`."""
    from riskcalc.curve.parsing import curve_from_json

    with naming("the curve file", path):
        return curve_from_json(read_text(path))


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
