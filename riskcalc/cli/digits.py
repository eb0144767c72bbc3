"""How many digits are asked, how many are known, and how far to go for those that are missing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from riskcalc.answer import risk
from riskcalc.cli.writing import note
from riskcalc.curve import Method, RiskCurve, Run
from riskcalc.curve.rounding import verified_digits
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.exact import Exact
from riskcalc.numeric.field import MOST_DIGITS, Field
from riskcalc.quantity import whole

MOST = MOST_DIGITS
_FLOAT = 15  # significant decimal digits that every float64 holds
_TERMS = 12  # of leading terms evaluated in float64: kappa is known to 1e-13


def read_digits(text: str | None) -> int | None:
    """The flag --digits; None asks for as many as are verified."""
    if text is None:
        return None
    digits = whole(text, "--digits", least=1)
    if digits > MOST:
        raise InvalidInput(f"--digits goes up to {MOST}, not {text}")
    return digits


def in_a_field(method: Method, *, digits: int | None, field: str | None, certified: bool) -> Method:
    """The method with what --digits, --field and --certified ask of it."""
    if certified and not isinstance(method, Equivalent):
        raise InvalidInput("--certified belongs to --method equivalent")
    if field is not None and not isinstance(method, Equivalent | Exact):
        raise InvalidInput("--field belongs to --method equivalent and exact")
    most = _FLOAT if isinstance(method, Equivalent | Exact) else _TERMS
    if not ((digits is not None and digits > most) or certified or field is not None):
        return method
    asked = _FLOAT if digits is None else digits
    if isinstance(method, Equivalent):
        return replace(method, digits=asked, field=_field(field), certified=certified)
    if isinstance(method, Exact):
        return replace(method, digits=asked, field=_field(field))
    if hasattr(method, "digits"):  # the leading terms, which are not loaded for the sake of a question
        return replace(method, digits=asked)  # type: ignore[type-var]
    return method


def _field(name: str | None) -> Field | None:
    import riskcalc

    kinds: dict[str, type[riskcalc.Arb] | type[riskcalc.Mpmath]] = {"arb": riskcalc.Arb, "mpmath": riskcalc.Mpmath}
    return None if name is None else kinds[name]()


def answer(run: Run, method: Method, *, digits: int | None, force: bool) -> tuple[RiskCurve, int]:
    """The curve, and how many digits of it to print.

    More digits than a float holds, and certified answers, are computed in a numeric field. Otherwise, where fewer
    digits are known than asked, the tolerance is tightened, and the road itself computes with more digits what float64
    cannot tell to it, which a note says; digits that no road can tell are not printed, and a note says so.
    """
    within = getattr(method, "digits", None)
    if within is not None:
        return risk(run, method=method, force=force), within
    if digits is not None and digits > _FLOAT:
        raise InvalidInput(
            f"--digits {digits} is more than float64 can give, and --method montecarlo does not compute in more: ask "
            f"for at most {_FLOAT} digits"
        )
    curve = risk(run, method=method, force=force)
    if digits is not None and verified_digits(curve) < digits and hasattr(method, "tolerance"):
        tighter = replace(method, tolerance=min(method.tolerance, 10.0**-digits))  # type: ignore[type-var]
        with suppress(ToleranceNotMet):  # the first curve is known to its own tolerance
            curve = risk(run, method=tighter, force=force)
    if "escalated" in curve.method:
        note(f"{curve.method['escalated']}; computed with more digits")
    known = verified_digits(curve)
    if digits is None or known >= digits:
        return curve, min(digits or known, known)
    note(f"{digits} digits were asked, float64 knows {known} of this run: {known} are printed")
    return curve, known
