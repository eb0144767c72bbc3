"""A problem for a reader: its spectrum, its signals, its noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from riskcalc.display import Cell, Facts, Formula, Page
from riskcalc.quantity import Number, plain

_MOST = 6  # signals of distinct outputs that are written out


@runtime_checkable
class Formulated(Protocol):
    """What has a formula for its entries."""

    def formula(self) -> Cell:
        """It, or words where there is none."""


def formula_of(told: Any) -> Cell:
    """The formula of a spectrum or a signal; of a user's class without one, its name."""
    return told.formula() if isinstance(told, Formulated) else type(told).__name__


def page_of_problem(
    *, spectrum: Any, signals: Sequence[Any], dimension: int | None, noise: Number, outputs: int
) -> Page:
    """One line each; of several outputs their distinct signals."""
    facts: list[tuple[str, Cell]] = [
        ("eigenvalues", formula_of(spectrum)),
        ("dimension", "infinite" if dimension is None else str(dimension)),
    ]
    facts += [("signal power", formula_of(signal)) for signal in signals[:_MOST]]
    if len(signals) > _MOST:
        facts.append(("signal power", f"... and {len(signals) - _MOST} other signals"))
    if outputs > 1:
        facts.append(("outputs", str(outputs)))
    facts.append(("label noise", f"{plain(noise)}{' in total' if outputs > 1 else ''}"))
    return Page("problem", (Facts(tuple(facts)),))


def power(exponent: Number, scale: Number, *, of: str) -> Formula:
    """scale j^-exponent, as text and as LaTeX; of: what it is, in LaTeX."""
    factor = "" if scale == 1 else f"{plain(scale)} "
    return Formula(
        text=f"{factor}j^-{plain(exponent)}", latex=f"{of} = {factor}j^{{-{plain(exponent)}}}"
    )
