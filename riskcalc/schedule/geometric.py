"""Geometric decay: the step size is halved at equal intervals."""

from __future__ import annotations

import decimal
import math
from fractions import Fraction

from riskcalc.quantity import GivenNumber, Real, frozen
from riskcalc.schedule.ending import Ending
from riskcalc.schedule.listed import Listed
from riskcalc.schedule.schedule import Stage, read_horizon, read_range, sizes_of
from riskcalc.schedule.spelling import spelled


@spelled("geometric")
@frozen()
class Geometric(Listed):
    """gamma_s = step_size / 2^floor(t/(N/log2 N)) with t = s + 1, N the horizon.

    The last step has step size step_size/N when N is a power of two. Horizons 1 and 2 are constant apart from the
    last step.

    Parameters
    ----------
    step_size : number
        The step size of the first step; positive. Text and fractions are exact, a float is the binary fraction that
        it is.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: any horizon >= 1.

    Source: Lin et al., arXiv 2406.08466, equation 3 (their logarithm has base 2 and their t starts at 1).

    Examples
    --------
    >>> Geometric(1).step_sizes(0, 16, horizon=16).tolist()[:8]
    [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25]
    """

    step_size: GivenNumber

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> Real:
        begin, end, steps = read_range(start, stop, horizon=horizon)
        return sizes_of(self.stages(horizon=steps), begin, end)

    def stages(self, *, horizon: int) -> tuple[Stage, ...]:
        stages, start, level = [], 0, 0
        steps = read_horizon(horizon)
        interval = _halving_interval(steps)
        while start < steps:
            # level l holds while t < (l + 1) N/log2 N, that is for s = t - 1 below that bound less one
            stop = min(steps, math.ceil((level + 1) * interval) - 1)
            if stop > start:
                stages.append(Stage(start=start, stop=stop, step_size=self.step_size / 2**level))
                start = stop
            level += 1
        return tuple(stages)

    def peak(self, *, horizon: int) -> float:
        return self.stages(horizon=horizon)[0].step_size

    def long_run(self, *, horizon: int | None) -> Ending:
        """No profile is kept as the horizon grows, but a scale of time is: N/log2 N, whatever the horizon."""
        return Ending(clock=2)


def _halving_interval(horizon: int) -> Fraction:
    """N/log2 N: exact when N is a power of two, else to 50 digits, so that no boundary moves by rounding."""
    if horizon == 1:
        return Fraction(2)  # log2 N = 0: the only step is of the first level
    if horizon & (horizon - 1) == 0:
        return Fraction(horizon, horizon.bit_length() - 1)
    with decimal.localcontext(prec=50):
        return Fraction(horizon * decimal.Decimal(2).ln() / decimal.Decimal(horizon).ln())
