"""Words in a picture: which curve is which, what each claims, and what was asked of all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from riskcalc.curve import Question, RiskCurve
from riskcalc.curve.wording import differences, shared
from riskcalc.display import Cell, Formula
from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import WIDTH
from riskcalc.plotting.style import GREY
from riskcalc.quantity import listed, of_type

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from riskcalc.scaling.question import Question as ScalingQuestion

_LETTERS_AN_INCH = 13  # of captions
_LABELS = "a list of texts, one for each curve"


def write_caption(ax: Axes, words: str, *, width: float = WIDTH, pad: float | None = None) -> None:
    """Words over the axes, in as many lines as they need; width: of the axes, in inches."""
    lines, room = [""], width * _LETTERS_AN_INCH
    for part in re.split(r"(?<=[,;]) ", words):
        joined = f"{lines[-1]} {part}".strip()
        lines[-1:] = [joined] if _printed(joined) <= room or not lines[-1] else [lines[-1], part]
    ax.set_title("\n".join(lines), loc="left", fontsize=9, color=GREY, pad=pad)


def _printed(words: str) -> int:
    """Letters in print, about: of a formula without its commands and braces."""
    return len(re.sub(r"\\[a-zA-Z]+|[${}^_]", "", words))


def question_of(question: ScalingQuestion) -> str:
    """What a phase diagram was asked, in one line."""
    budget = question.budget
    words = [f"{question.table.name} schedule" if question.optimiser.steady else str(question.optimiser)]
    words.append("label noise" if question.noise else "no label noise")
    words.append(f"{budget.step_size.value} step size")
    words += ["free batch size"] if budget.batch_size else []
    spent = " ".join(letter for letter in ("M", "P", "t", "B") if letter in budget.weights)
    words.append(f"${'C' if budget.name == 'compute' else 'N'} = {spent}$")
    return ", ".join(words)


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
        return _told_apart(list(names)), claims[0]
    labels = [f"{name}: {claim}" if name else claim for name, claim in zip(names, claims, strict=True)]
    if len(set(labels)) < len(labels):
        methods = [curve.method.get("name") for curve in curves]
        pairs = zip(labels, methods, strict=True)
        labels = [f"{label} ({method})" if method else label for label, method in pairs]
    return _told_apart(labels), None


def _told_apart(labels: list[str]) -> list[str]:
    """Labels that are the same, with numbers."""
    seen = [labels[: place + 1].count(label) for place, label in enumerate(labels)]
    return [
        f"{label} ({count})" if labels.count(label) > 1 else label for label, count in zip(labels, seen, strict=True)
    ]


def common_settings(asked: Sequence[Question]) -> str:
    """The settings that all of several questions share, in one line."""
    return _line(shared(asked))


def _line(settings: Sequence[Cell]) -> str:
    """Settings behind each other, formulas between dollars."""
    return ", ".join(f"${one.latex}$" if isinstance(one, Formula) else one for one in settings)
