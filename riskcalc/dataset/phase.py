"""The phase of the compute-optimal diagram that fitted exponents fall in, and those that their intervals allow."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from riskcalc.fitting.report import ExponentFit
from riskcalc.quantity import plain

_LARGEST_DENOMINATOR = 20  # exponents are derived at a rational point; such points lie within 1/40 of any number


@dataclass(frozen=True, kw_only=True)
class DataPhase:
    """What the derived theory says at a data set's fitted exponents.

    a, b: rational points next to the fits. phase: its name, None on a boundary or outside; outside: why there is none.
    model_size_exponent, loss_exponent, balance: of the compute-optimal allocation without label noise.
    allowed: names of the phases at the corners and edges of the box of both intervals, the fitted one's included;
    reaches_outside: whether part of that box has b <= 1, where no phase is defined.
    """

    a: Fraction
    b: Fraction
    phase: str | None
    model_size_exponent: Fraction | None
    loss_exponent: Fraction | None
    balance: tuple[str, ...]
    outside: str
    allowed: tuple[str, ...]
    reaches_outside: bool

    def to_dict(self) -> dict[str, Any]:
        return {
            "a": plain(self.a),
            "b": plain(self.b),
            "phase": self.phase,
            "model_size_exponent": None if self.model_size_exponent is None else plain(self.model_size_exponent),
            "loss_exponent": None if self.loss_exponent is None else plain(self.loss_exponent),
            "balance": list(self.balance),
            "outside": self.outside or None,
            "allowed": list(self.allowed),
            "reaches_outside": self.reaches_outside,
        }


def data_phase(spectrum: ExponentFit, signal: ExponentFit) -> DataPhase:
    """Derive the phase at the fitted point, and at eight points around the box of the intervals."""
    from riskcalc.scaling.exponents import phase_at

    across, along = (_three(fit) for fit in (spectrum, signal))
    a, b = across[1], along[1]
    names: dict[str, None] = {}
    outside, reaches_outside = "", False
    found = None
    if b > 1 and a > 0:
        found = phase_at(a=a, b=b)
        names |= {found.phase: None} if found.phase else {}
        outside = "" if found.phase else "on a boundary between phases"
    elif a <= 0:
        outside = f"a = {plain(a)} is not positive: the eigenvalues follow no decaying power law"
    else:
        outside = f"b = {plain(b)} is not above 1: the risk at step 0 grows with the dimension and follows no power law"
    for x in across:
        for y in along:
            if (x, y) == (a, b):
                continue
            if y <= 1 or x <= 0:
                reaches_outside = True
            elif name := phase_at(a=x, b=y).phase:
                names[name] = None
    return DataPhase(
        a=a,
        b=b,
        phase=found.phase if found else None,
        model_size_exponent=found.model_size_exponent if found else None,
        loss_exponent=found.loss_exponent if found else None,
        balance=found.balance if found else (),
        outside=outside,
        allowed=tuple(sorted(names)),
        reaches_outside=reaches_outside,
    )


def _three(fit: ExponentFit) -> tuple[Fraction, Fraction, Fraction]:
    low, high = fit.interval or (fit.exponent, fit.exponent)
    first, middle, last = (Fraction(x).limit_denominator(_LARGEST_DENOMINATOR) for x in (low, fit.exponent, high))
    return first, middle, last
