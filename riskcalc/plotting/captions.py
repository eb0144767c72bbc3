"""Words in a picture: which curve is which, what each claims, and what was asked of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from riskcalc.curve import Question, RiskCurve
from riskcalc.curve.wording import differences, shared
from riskcalc.display import Cell, Formula
from riskcalc.errors import InvalidInput
from riskcalc.quantity import listed, of_type

_LABELS = "a list of texts, one for each curve"


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
        names = [_line(differing) for differing in differences([curve.asked for curve in curves])]
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


def common_settings(asked: Sequence[Question]) -> str:
    """The settings that all of several questions share, in one line."""
    return _line(shared(asked))


def _line(settings: Sequence[Cell]) -> str:
    """Settings behind each other, formulas between dollars."""
    return ", ".join(f"${one.latex}$" if isinstance(one, Formula) else one for one in settings)
