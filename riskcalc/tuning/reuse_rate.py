"""`reuse_rate`: how many fresh samples the passes over a data set are worth."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from riskcalc.curve import RiskCurve, Run
from riskcalc.curve.wording import problem_sentence, training_sentence
from riskcalc.display import Displayed, Facts, Grid, Page
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.order import OnePass, WithReplacement
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike, NumbersLike, numbers, of_type, whole
from riskcalc.schedule import Constant
from riskcalc.tuning.counted import curve_at

_A_DECADE = 12
_MOST_DECADES = 6  # of fresh samples beyond those that were passed over
_ZOOMS = 2
_POINTS = 24


@dataclass(frozen=True, kw_only=True)
class ReuseRate(Displayed):
    """passes: K over the data set. rate: fresh samples of one pass with the same risk, over N; inf where no number of
    them reaches it, 0 where the passes leave no less risk than no training at all. many: the curve of the passes, at
    their ends.
    """

    samples: int
    passes: tuple[float, ...]
    rate: tuple[float, ...]
    many: RiskCurve

    def page(self) -> Page:
        """What every number of passes is worth, for a reader."""
        asked = self.many.asked
        facts = (("problem", problem_sentence(asked)), ("run", training_sentence(asked)))
        rows = tuple((f"{k:.6g}", f"{rate:.6g}") for k, rate in zip(self.passes, self.rate, strict=True))
        titles = ("passes K", "fresh samples with the same risk, over N")
        return Page("reuse rate", (Facts(facts), Grid(titles, rows)))


def reuse_rate(
    problem: Problem,
    *,
    model_size: NumberLike,
    samples: NumberLike,
    passes: NumbersLike | str,
    step_size: NumberLike,
    batch_size: NumberLike = 1,
) -> ReuseRate:
    """How many fresh samples K passes over N samples are worth, by the equivalent on both sides.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features.
    samples : number
        N, the size of the data set.
    passes : number or sequence of numbers or str
        K, one or several.
    step_size : number
        The step size gamma, constant; exact where it is text, such as "3/10".
    batch_size : number, default 1
        B, samples a step.

    Returns
    -------
    ReuseRate
        `rate`, N'/N for each number of passes; inf where no number of fresh samples reaches their risk, 0 where they
        leave no less than no training at all.

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
    Formula: N'/N, where one pass over N' fresh samples has the risk of WithReplacement(samples=N) after K N/B
    steps, at the same step and batch size. Sampling with replacement sees a share of the samples in its first pass
    only, so that N' < N at K = 1, where reshuffled epochs have N' = N.

    Valid: stable step sizes; K N a multiple of B.

    Source: D58; Yan et al., arXiv 2511.13421, who tune the step size of every run.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="3/2"), noise="1/10")
    >>> found = reuse_rate(problem, model_size=10**5, samples=1000, passes=[1, 4, 64], step_size="1/5")
    >>> [round(rate, 2) for rate in found.rate]
    [0.95, 3.61, 39.57]
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    count, batch = whole(samples, "samples", least=1), whole(batch_size, "batch_size", least=1)
    asked = numbers(passes, "passes")
    steps = [each * count / batch for each in asked]
    if not asked or any(step < 1 or step != int(step) for step in steps):
        raise InvalidInput(
            "passes must be numbers K with K N/B a whole number of steps, at least 1, not "
            f"{[str(each) for each in asked]}"
        )
    run = Run(
        problem,
        model_size=model_size,
        schedule=Constant(step_size),
        steps=[int(step) for step in steps],
        batch_size=batch,
        data=WithReplacement(samples=count),
    )
    many = Equivalent().curve(run)
    fresh = replace(run, data=OnePass())
    ends = zip(many.steps, many.excess.tolist(), strict=True)
    worth = {step: _steps_to(fresh, float(excess)) for step, excess in ends}
    return ReuseRate(
        samples=count,
        passes=tuple(float(each) for each in asked),
        rate=tuple(worth[int(step)] * batch / count for step in steps),
        many=many,
    )


def _steps_to(run: Run, excess: float) -> float:
    """The real-valued step at which one pass has this excess first: its log is read off between steps, ever finer."""
    low, high, method = 0, run.steps[-1] * 10, Equivalent()
    if curve_at(run, [low], method=method).excess[0] <= excess:
        return 0.0
    for _ in range(_MOST_DECADES):
        if curve_at(run, [high], method=method).excess[0] <= excess:
            break
        low, high = high, 10 * high
    else:
        return math.inf
    points = max(_POINTS, _A_DECADE * math.ceil(math.log10(high / max(low, 1))))
    for _ in range(1 + _ZOOMS):
        curve = curve_at(run, [low, *np.geomspace(max(low, 1), high, points).tolist()], method=method)
        above = int(np.argmax(curve.excess <= excess))
        low, high = curve.steps[above - 1], curve.steps[above]
        if high - low <= 1:
            break
    y = np.log(curve.excess[above - 1 : above + 1])
    share = (math.log(excess) - y[0]) / (y[1] - y[0])
    if low == 0:
        return float(share * high)
    return math.exp(math.log(low) + share * math.log(high / low))
