"""What the symbolic side reads off a problem and a schedule: exact exponents and the shape of the decay."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from riskcalc.asymptotic.shape import Shape, geometric, shape_of_formula
from riskcalc.errors import InvalidInput
from riskcalc.problem import PowerLaw, Problem
from riskcalc.quantity import exact
from riskcalc.schedule import Formula, Geometric, Schedule


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

    Valid: every schedule of the package but `Custom`, and any other that is a `Formula` with a step_size, with
        parameters that are not floats.

    >>> from riskcalc.schedule import Polynomial
    >>> shape_of(Polynomial("3/10", power=2)).end_power
    2
    """
    name = str(schedule.describe()["name"])
    if isinstance(schedule, Geometric):
        return geometric()  # no profile is kept as the horizon grows, but a scale of time is
    if isinstance(schedule, Formula) and dataclasses.is_dataclass(schedule) and hasattr(schedule, "step_size"):
        for parameter in dataclasses.fields(schedule):
            value = getattr(schedule, parameter.name)
            if parameter.name != "step_size" and isinstance(value, float):
                exact(value, parameter.name)  # refused by the name the user knows
        return shape_of_formula(dataclasses.replace(schedule, step_size=1), name=name)
    raise InvalidInput(
        f"no exponents are derived for the schedule {name!r}: it has no shape that is kept as the horizon grows; "
        "use constant, polynomial, cosine, geometric or warmup-stable-decay"
    )
