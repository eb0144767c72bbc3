"""Words in a picture: which curve is which, what each claims, and what was asked of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from riskcalc.curve import RiskCurve
from riskcalc.errors import InvalidInput
from riskcalc.notation import GLOSSARY
from riskcalc.quantity import listed, of_type

_LABELS = "a list of texts, one for each curve"
_SETTINGS = {
    "a": "a",
    "b": "b",
    "dimension": "v",
    "model_size": "M",
    "batch_size": "B",
    "noise": "sigma2",
    "outputs": "P",
}


def claim_of(curve: RiskCurve) -> str:
    """Claim and warrant in words."""
    return f"{curve.claim.value}, {curve.warrant.value}"


def legend_words(
    curves: Sequence[RiskCurve], names: Sequence[str] | None = None
) -> tuple[list[str], str | None]:
    """A label for each curve, and a legend title.

    A label is the curve's name (by default the settings in which it differs from the others) and its claim;
    a claim that all curves share becomes the title instead.
    """
    if names is None:
        names = _differences(curves)
    else:
        names = [of_type(name, str, "labels", _LABELS) for name in listed(names, "labels", _LABELS)]
    if len(names) != len(curves):
        raise InvalidInput(f"{len(names)} labels for {len(curves)} curves: give one for each")
    claims = [claim_of(curve) for curve in curves]
    if len(curves) > 1 and len(set(claims)) == 1 and all(names):
        return list(names), claims[0]
    labels = [f"{name}: {claim}" if name else claim for name, claim in zip(names, claims, strict=True)]
    if len(set(labels)) < len(labels):
        methods = [curve.method.get("name") for curve in curves]
        pairs = zip(labels, methods, strict=True)
        labels = [f"{label} ({method})" if method else label for label, method in pairs]
    return labels, None


def common_settings(curves: Sequence[RiskCurve]) -> str:
    """The settings that all curves share, in one line."""
    return common_settings_of([curve.asked for curve in curves])


def common_settings_of(asked: Sequence[dict[str, Any]]) -> str:
    """The settings that all of several questions share, in one line."""
    first, *others = [_settings(one) for one in asked]
    return ", ".join(text for name, text in first.items() if all(one.get(name) == text for one in others))


def _differences(curves: Sequence[RiskCurve]) -> list[str]:
    settings = [_settings(curve.asked) for curve in curves]
    every = dict.fromkeys(name for one in settings for name in one)  # keeps the order, unlike a set
    differing = [name for name in every if len({one.get(name) for one in settings}) > 1]
    return [", ".join(one[name] for name in differing if name in one) for one in settings]


def _settings(asked: dict[str, Any]) -> dict[str, str]:
    words = {}
    if "eigenvalues" in asked:
        words["eigenvalues"] = "explicit spectrum"
    for name, letter in _SETTINGS.items():
        if name in asked:
            value = r"\infty" if asked[name] is None else _short(asked[name])
            words[name] = f"${GLOSSARY[letter].latex} = {value}$"
    if "log_a" in asked:
        words["log_a"] = rf"$\lambda_j \propto j^{{-1}} \log^{{-{_short(asked['log_a'])}}}(j+1)$"
    if "prior" in asked:
        words["prior"] = f"{asked['prior']} prior"
    averaging = asked.get("averaging", {"name": "last"})
    if averaging["name"] != "last":
        words["averaging"] = averaging_in_words(averaging)
    schedule = asked.get("schedule")
    if isinstance(schedule, dict) and "name" in schedule:
        words["schedule"] = str(schedule["name"])
        if "step_size" in schedule:
            words["schedule"] += f" ${GLOSSARY['gamma'].latex} = {_short(schedule['step_size'])}$"
        if schedule["name"] != "constant" and "horizon" in asked:
            words["horizon"] = f"${GLOSSARY['N'].latex} = {_short(asked['horizon'])}$"
    return words


def averaging_in_words(averaging: dict[str, Any]) -> str:
    """What is averaged, in words."""
    if averaging["name"] == "tail":
        return f"mean of the last {averaging['fraction']} of the iterates"
    return "mean of all iterates" if averaging["name"] == "iterates" else str(averaging["name"])


def _short(value: object) -> str:
    """A number inside a formula: powers of ten as such, long numbers rounded to four figures."""
    text = str(value)
    if text.endswith(" M"):  # a dimension in proportion to the model size
        return rf"{_short(text.removesuffix(' M'))}\,M"
    try:
        number = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return r"\mathrm{?}"
    text = str(number)
    if number.denominator > 1 or len(text) <= 4:
        return text if len(text) <= 6 else f"{float(number):.4g}"
    mantissa, _, power = f"{float(number):.3e}".partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    if mantissa == "1":
        return f"10^{{{int(power)}}}"
    return text if len(text) <= 6 else rf"{mantissa} \times 10^{{{int(power)}}}"
