"""What the symbolic side reads off a problem and a schedule: exact exponents and the shape of the decay."""

from __future__ import annotations

from fractions import Fraction

from riskcalc.asymptotic.shape import Shape, shape_of_ending, shape_of_formula
from riskcalc.errors import InvalidInput
from riskcalc.problem import PowerLaw, Problem
from riskcalc.quantity import exact
from riskcalc.schedule import Ending, Schedule, long_run_of, name_of, rescaled
from riskcalc.schedule.listed import parameters


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


def shape_of(schedule: Schedule, *, horizon: int | None = None) -> Shape:
    """The shape of a schedule: its clock and how it ends, as the schedule itself says them.

    horizon: of the run, where there is one: numbers of steps are shares of it. Otherwise they are nothing against a
        horizon that grows.
    Valid: schedules with a `Formula`, or an `Ending`, that is kept as the horizon grows; no parameter a float.

    >>> from riskcalc.schedule import Polynomial, Warmup
    >>> shape_of(Polynomial("3/10", power=2)).end_power
    2
    >>> warmed = Warmup(Polynomial("3/10", power=2), steps=100)
    >>> shape_of(warmed).clock, shape_of(warmed, horizon=1000).clock
    (1/3, 7/20)
    """
    name = name_of(schedule)
    kept = long_run_of(schedule, horizon=horizon)
    if isinstance(kept, Ending):
        return shape_of_ending(kept, name=name)
    _refuse_floats(schedule)
    unit = long_run_of(rescaled(schedule, Fraction(1)), horizon=horizon)
    return shape_of_formula(unit, name=name)


def _refuse_floats(schedule: Schedule) -> None:
    """Parameters are refused by the name the user knows."""
    for name, value in parameters(schedule).items():
        if isinstance(value, Schedule):
            _refuse_floats(value)
        elif name != "step_size":
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, float):
                    exact(one, name)
