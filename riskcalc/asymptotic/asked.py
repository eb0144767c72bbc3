"""What the symbolic side reads off a problem and a schedule: exact exponents and the shape of the decay."""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Rational

from riskcalc.asymptotic.shape import Shape, constant, cosine, geometric, polynomial, warmup_stable_decay
from riskcalc.errors import InvalidInput
from riskcalc.problem import PowerLaw, Problem
from riskcalc.quantity import Number, exact
from riskcalc.schedule import Constant, Cosine, Geometric, Polynomial, Schedule, WarmupStableDecay


def power_law_exponents(problem: Problem) -> tuple[Fraction, Fraction]:
    """a and b of a power-law problem, exactly.

    Valid: spectrum and signal both power laws, with exponents that are not floats; anything else is refused.

    >>> from riskcalc.problem import PowerLawSignal
    >>> power_law_exponents(Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5")))
    (Fraction(2, 1), Fraction(17, 5))
    """
    spectrum, signal = problem.spectrum, problem.power_law_signal
    if not isinstance(spectrum, PowerLaw) or signal is None:
        raise InvalidInput(
            "exponents are derived for power laws: the spectrum must be PowerLaw(a=...) and the signal "
            "PowerLawSignal(b=...) or a prior of such power; numbers given one by one have no exponents "
            "(fit them, or use another road)"
        )
    return exact(spectrum.a, "a"), exact(signal.b, "b")


def shape_of(schedule: Schedule) -> Shape:
    """The shape of a schedule: its clock and how it ends.

    Valid: every schedule of the package but `Custom`, with parameters that are not floats.

    >>> shape_of(Polynomial("3/10", power=2)).end_power
    2
    """
    if isinstance(schedule, Constant):
        return constant()
    if isinstance(schedule, Polynomial):
        # a power of zero is a constant step size, which alone keeps its noise
        return polynomial(_rational(schedule.power, "power")) if schedule.power > 0 else constant()
    if isinstance(schedule, Cosine):
        return cosine()
    if isinstance(schedule, Geometric):
        return geometric()
    if isinstance(schedule, WarmupStableDecay):
        fractions = (_rational(getattr(schedule, name), name) for name in ("decay", "warmup", "power"))
        return warmup_stable_decay(*fractions)
    name = schedule.describe()["name"]
    raise InvalidInput(
        f"no exponents are derived for the schedule {name!r}: it has no shape that is kept as the horizon grows; "
        "use constant, polynomial, cosine, geometric or warmup-stable-decay"
    )


def _rational(value: Number, name: str) -> Expr:
    fraction = exact(value, name)
    return Rational(fraction.numerator, fraction.denominator)
