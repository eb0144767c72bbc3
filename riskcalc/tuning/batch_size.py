"""Critical batch size: how large a batch may be, at a fixed number of samples, before the tuned risk suffers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.display import Displayed, Page
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.landscape import Landscape, Road
from riskcalc.optimiser import Optimiser
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.quantity import NumberLike, exact, number, of_type, whole
from riskcalc.schedule import Schedule, read_unsized
from riskcalc.tuning.step_size import TunedStepSize, tuned_step_size

_STRIDE = 4  # of the batch size, while the critical one is looked for
_CLOSE = 1.02  # ratio of two batch sizes between which the critical one is read off
_FEWEST_STEPS = 4


@dataclass(frozen=True, kw_only=True)
class CriticalBatchSize(Displayed):
    """Where the tuned risk has risen by a factor, at a fixed number of samples.

    batch_size: real-valued, read off between two whole ones on a log-log scale; None where every batch size that
    leaves four steps stays below the factor. reference: bias + variance at B = 1, tuned. ladder: (batch size, steps
    samples/B, step size, bias + variance), ascending; where samples/B is no whole number, read off between the two
    whole ones beside it.
    """

    batch_size: float | None
    samples: int
    factor: float
    reference: float
    ladder: tuple[tuple[int, float, float, float], ...]

    def page(self) -> Page:
        """What was found, for a reader."""
        from riskcalc.tuning.pages import page_of_batch_size

        return page_of_batch_size(self)


def critical_batch_size(
    problem: Problem,
    *,
    model_size: NumberLike,
    samples: NumberLike,
    schedule: Schedule | str,
    factor: NumberLike = 2,
    method: Road | None = None,
    optimiser: Optimiser | None = None,
) -> CriticalBatchSize:
    """The batch size beyond which the tuned bias + variance exceeds `factor` times that at B = 1.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features.
    samples : number
        n = t B, the samples of one pass.
    schedule : Schedule or str
        Its shape; its step size is tuned at every batch size.
    factor : number, default 2
        By how much bias + variance may grow.
    method : Road or None, default None
        The road that computes the excess, Equivalent() where none is given; Exact(...) and Unsketched() at finite
        dimension.
    optimiser : Optimiser or None, default None
        What a step does, SGD() where none is given.

    Returns
    -------
    CriticalBatchSize
        The batch size, and the tuned excess along the way.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If the run grows without bound at this step size.
    ToleranceNotMet
        If no computation states an error within the tolerance.

    Notes
    -----
    Formula: V(B) = min over gamma of bias + variance after t = samples/B steps; the B with V(B) = factor V(1).
    Where samples/B is no whole number, log V is linear in log t between the whole t below and above: rounding t
    would leave up to a fifth of the samples unused, and V would jump. The approximation error, which no batch size
    changes, is left out.

    Valid: factor > 1, one pass; any optimiser, SGD() where none is given. The step size of the schedule is not
    used.

    Source: D27; orders in `critical_batch_exponent`.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Unsketched
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=500), signal=PowerLawSignal(b="5/2"), noise=1)
    >>> found = critical_batch_size(
    ...     problem, model_size=500, samples=1024, schedule=Constant(1), method=Unsketched()
    ... )
    >>> f"{found.batch_size:.1f}"
    '252.1'
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    road, count = Equivalent() if method is None else method, whole(samples, "samples", least=_FEWEST_STEPS)
    limit, moves = float(number(factor, "factor")), read_unsized(schedule)
    if limit <= 1:
        raise InvalidInput(f"factor must be above 1, not {factor}")
    known: dict[int, tuple[int, float, float, float]] = {}

    def run_of(steps: int, batch_size: int) -> Run:
        return Run(
            problem,
            model_size=model_size,
            schedule=moves,
            steps=[steps],
            batch_size=batch_size,
            optimiser=optimiser,
        )

    floor = Landscape(run_of(count, 1), road).approximation

    def after(steps: int, batch_size: int) -> tuple[float, float]:
        """Logarithms of the tuned step size and of bias + variance."""
        found: TunedStepSize = tuned_step_size(run_of(steps, batch_size), method=road)
        return math.log(found.step_size), math.log(found.excess - floor)

    def tuned(batch_size: int) -> float:
        if batch_size not in known:
            below, share = count // batch_size, 0.0
            ends = [after(below, batch_size)]
            if count % batch_size:
                ends.append(after(below + 1, batch_size))
                share = math.log(count / (batch_size * below)) / math.log((below + 1) / below)
            step_size, reducible = (
                math.exp(first + share * (last - first)) for first, last in zip(ends[0], ends[-1], strict=True)
            )
            known[batch_size] = (batch_size, count / batch_size, step_size, reducible)
        return known[batch_size][3]

    reference = tuned(1)
    low, high, largest = 1, 1, count // _FEWEST_STEPS
    while tuned(high) <= limit * reference and high < largest:
        low, high = high, min(largest, _STRIDE * high)
    critical = None
    if tuned(high) > limit * reference:
        while high - low > 1 and high > _CLOSE * low:
            middle = min(high - 1, max(low + 1, round(math.sqrt(low * high))))
            low, high = (middle, high) if tuned(middle) <= limit * reference else (low, middle)
        rise = math.log(limit * reference / tuned(low)) / math.log(tuned(high) / tuned(low))
        critical = low * (high / low) ** rise
    return CriticalBatchSize(
        batch_size=critical,
        samples=count,
        factor=limit,
        reference=reference,
        ladder=tuple(known[size] for size in sorted(known)),
    )


def critical_batch_exponent(problem: Problem, schedule: Schedule) -> Fraction:
    """The derived order: the critical batch size grows like samples^exponent.

    Formula: max(0, 1 - 1/(s + 1/alpha)) with s = (b-1)/a and alpha = min(a, p + 1), p the power with which the schedule
        ends (0 if constant): s/(s+1) at constant step size, 1 - a/b where p + 1 >= a and b > a, 0 for b <= a.
    Valid: power laws with a > 1, b > 1, label noise, large models (all that is learnt is not yet limited by M); up to
        logarithms for the geometric schedule and where a = p + 1.
    Source: D27, section 3; orders of Chen and Zhou (arXiv 2605.24316).

    >>> from riskcalc import Constant, Polynomial, PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise=1)
    >>> critical_batch_exponent(problem, Constant(1)), critical_batch_exponent(problem, Polynomial(1, power=3))
    (Fraction(3, 7), Fraction(1, 5))
    """
    from riskcalc.asymptotic.asked import shape_of

    spectrum, signal = problem.spectrum, problem.signal
    if not (isinstance(spectrum, PowerLaw) and isinstance(signal, PowerLawSignal)):
        raise InvalidInput("orders are derived for power laws: give PowerLaw(a=...) and PowerLawSignal(b=...)")
    a, b = exact(spectrum.a, "a"), exact(signal.b, "b")
    if a <= 1 or b <= 1:
        raise InvalidInput(f"orders are derived for a > 1 and b > 1, not a = {a}, b = {b}")
    if problem.noise == 0:
        raise InvalidInput("orders are derived with label noise, which a larger batch averages away: give a noise > 0")
    end = shape_of(schedule).end_power
    alpha = a if end.is_infinite else min(a, Fraction(int(end.p), int(end.q)) + 1)
    return max(Fraction(0), 1 - 1 / ((b - 1) / a + 1 / alpha))
