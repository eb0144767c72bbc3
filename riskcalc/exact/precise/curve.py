"""The exact curve given the sketch with as many digits as asked: precision is raised until two of them agree."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from riskcalc.curve import Claim, LastIterate, RiskCurve, Run, Warrant, fresh_samples, one_output
from riskcalc.curve.decimal_fields import decimal_fields
from riskcalc.curve.stability import forced, told_stable, trained_stability
from riskcalc.dynamics import Modes
from riskcalc.dynamics.precise.recursion import Row
from riskcalc.dynamics.step_sizes import step_sizes
from riskcalc.errors import ConsistencyError, InvalidInput, ToleranceNotMet
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.exact.precise.memory import memory_responses
from riskcalc.exact.precise.responses import responses
from riskcalc.exact.precise.sketched import precise_modes, unsketched_modes
from riskcalc.exact.precise.walked import walked_responses
from riskcalc.exact.stability import frozen_kappa, stability
from riskcalc.numeric.agreeing import Ladder, by_what_is_missing, two_differ
from riskcalc.numeric.field import Element, Field
from riskcalc.optimiser import SGD
from riskcalc.problem import Problem
from riskcalc.quantity import Real
from riskcalc.schedule import Schedule, constant_size
from riskcalc.spectral.precise.modes import PreciseModes

_NAME = "the exact road with more digits than float64"
MOST_SECULAR = 1000  # modes whose secular equation is solved: it takes the square of their number
_SPARE = 2  # digits computed beyond those printed
_EXTRA = (6, 14)  # digits beyond those and beyond what is lost, at the two precisions
_UNKNOWN = 40  # digits lost, where float64 cannot tell
_LADDER = Ladder(
    attempts=6,
    higher=by_what_is_missing(spare=5),
    failed=lambda level, digits: level + max(30, digits // 2),
    refusal=two_differ("precisions of the exact road", remedy="ask for fewer digits"),
)
_SMALLEST = -10_000  # log10 of the least excess that is written


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Bias and variance at each step, the floor and kappa, at one precision."""

    rows: list[Row]
    floor: Element
    kappa: float
    level: int


def precise_curve(
    run: Run,
    sketch: Real | None,
    *,
    digits: int,
    field: Field | None,
    described: dict[str, object],
    force: bool = False,
    vanishing: bool = False,
) -> RiskCurve:
    """The curve given a sketch, None for the identity, with `digits` significant digits of the excess.

    vanishing: what has died out to below anything that floats hold is 0, instead of an error.
    """
    return forced(
        lambda: _stable_curve(run, sketch, digits=digits, field=field, described=described, vanishing=vanishing),
        force=force,
    )


def _stable_curve(
    run: Run,
    sketch: Real | None,
    *,
    digits: int,
    field: Field | None,
    described: dict[str, object],
    vanishing: bool,
) -> RiskCurve:
    if field is None:
        from riskcalc.numeric.arb_field import Arb

        field = Arb()
    problem = one_output(fresh_samples(run, method=_NAME), method=_NAME)
    if sketch is not None:
        _check_rank(problem, sketch)
    found, error = _verified(run, sketch, field, digits + _SPARE, vanishing)
    with field.working(found.level):
        floor = field.rational(found.floor)
        bias, variance = ([_rational(field, row, found.floor, k, found.level) for row in found.rows] for k in (0, 1))
    return RiskCurve(
        steps=run.steps,
        claim=Claim.GIVEN_SKETCH,
        warrant=Warrant.COMPUTED,
        asked=run.question,
        method={**described, "digits": digits, "field": field.name, "kappa": found.kappa},
        **decimal_fields(Fraction(run.problem.noise), floor, bias, variance, digits, gap=error),
    )


def _verified(run: Run, sketch: Real | None, field: Field, digits: int, vanishing: bool) -> tuple[_Found, float]:
    """What the first precision that agrees with another says, and log10 of their largest relative difference."""

    def look(level: int) -> tuple[_Found, float]:
        coarse, fine = (_resolution(run, sketch, field, digits, level + extra) for extra in _EXTRA)
        return fine, _gap(field, run, coarse, fine, vanishing)

    lost = foreseen(run, sketch) + len(str(run.steps[-1]))
    return _LADDER.climbed(look, first=digits + lost, digits=digits)



def _check_rank(problem: Problem, sketch: Real) -> None:
    """Refuse more features than there are positive eigenvalues: in floats alone they are taken together."""
    positive, features = int(np.count_nonzero(problem.eigenvalues())), sketch.shape[0]
    if positive < features:
        raise InvalidInput(
            f"model size {features} exceeds the {positive} positive eigenvalues: in more digits than float64 use at "
            f"most {positive} features, or leave digits out"
        )


def foreseen(run: Run, sketch: Real | None) -> int:
    """Digits that the condition of K and the difference behind the floor will cost, as float64 sees them."""
    if sketch is None:
        return 0
    try:
        modes = sketch_modes(run.problem, sketch)
    except (ConsistencyError, InvalidInput):
        return _UNKNOWN
    position, signal = np.real(modes.position), np.real(modes.signal)
    with np.errstate(divide="ignore"):
        lost = np.log10([position[0] / position[-1], (signal.sum() + modes.floor) / max(modes.floor, 1e-300)])
    return math.ceil(float(1.5 * min(lost[0], 60.0) + (min(lost[1], 60.0) if modes.floor > 0 else 0.0)))


def _resolution(run: Run, sketch: Real | None, field: Field, digits: int, level: int) -> _Found:
    with field.working(level):
        modes = modes_of(run, sketch, field, digits=digits, level=level)
        kappa = feedback(run, modes, field)
        rows = _road(run, modes)(run, modes, field, level=level)
        return _Found(rows=rows, floor=modes.floor, kappa=kappa, level=level)


def _road(run: Run, modes: PreciseModes) -> Callable[..., list[Row]]:
    if run.training != SGD():
        return memory_responses
    last = isinstance(run.averaging, LastIterate) and len(modes.position) <= MOST_SECULAR
    return responses if last else walked_responses


def modes_of(run: Run, sketch: Real | None, field: Field, *, digits: int, level: int) -> PreciseModes:
    """The modes to about `digits` digits, computed with `level`; call it within `field.working(level)`."""
    problem = one_output(run, method=_NAME)
    if sketch is not None:
        return precise_modes(problem, sketch, field, digits=digits, level=level)
    last = max(0, run.steps[-1] - 1)
    reach = run.training.frozen(last, run.schedule.peak(horizon=run.horizon)).slow * run.steps[-1]
    # rounding grows with the steps, which is no matter of how many points a sum is gathered on
    gathered = level - len(str(run.steps[-1]))
    return unsketched_modes(problem, field, level=level, digits=gathered, reach=reach)


def feedback(run: Run, modes: PreciseModes, field: Field) -> float:
    """kappa = sum gamma l/(B (2 - gamma (1 + 1/B) l)) at the peak step size; UnstableRun where it is 1 or more.

    That of other methods than SGD in floats, where it is told from 1.
    """
    if run.training != SGD():
        return _told(run, modes)
    gamma = _peak(run.schedule, run.horizon, field)
    spread, batch = field.real(1 + Fraction(1, run.batch_size)), field.real(run.batch_size)
    kappa = field.real(0)
    if 2 - spread * gamma * modes.position[0] > 0:
        for value, square in zip(modes.position, modes.kernel, strict=True):
            kappa = kappa + gamma * square / value / (batch * (2 - spread * gamma * value))
        if kappa < 1:
            return float(kappa)
    peak = run.schedule.peak(horizon=run.horizon)
    found = stability(_rounded(modes), step_size=peak, batch_size=run.batch_size)
    found.require(peak=constant_size(run.schedule, horizon=run.horizon) is None)
    raise ToleranceNotMet(
        f"the step size is too close to the edge of stability to be told stable: it is {peak:.17g}, and the largest "
        f"stable one about {found.largest_step_size:.17g}"
    )


def _told(run: Run, modes: PreciseModes) -> float:
    """kappa of any method in floats, where they tell it from 1."""
    rounded = _rounded(modes)
    return told_stable(
        run,
        trained_stability(
            run,
            lambda size: stability(rounded, step_size=size, batch_size=run.batch_size),
            lambda frozen: frozen_kappa(rounded, frozen, batch_size=run.batch_size),
        ),
    )


def _rounded(modes: PreciseModes) -> Modes:
    position, kernel = (np.array([float(x) for x in each]) for each in (modes.position, modes.kernel))
    return Modes(position=position, signal=position, kernel=kernel, floor=0.0, paired=False)


def _peak(schedule: Schedule, horizon: int, field: Field) -> Element:
    """The largest step size: exact where the first or the only one is it, else the float that the schedule names."""
    if (size := constant_size(schedule, horizon=horizon)) is not None:
        return field.real(Fraction(size))
    first = next(step_sizes(schedule, horizon=horizon, count=1, field=field))
    named = field.real(Fraction(schedule.peak(horizon=horizon)))
    return first if first > named else named


def _gap(field: Field, run: Run, coarse: _Found, fine: _Found, vanishing: bool) -> float:
    """log10 of the largest difference of floor, bias or variance, relative to the excess."""
    worst = -math.inf
    with field.working(fine.level):
        for step, ours, theirs in zip(run.steps, fine.rows, coarse.rows, strict=True):
            excess = field.polar(fine.floor + ours[0] + ours[1])[0] / math.log(10)
            if excess < _SMALLEST and vanishing:
                continue
            if excess < _SMALLEST:
                raise InvalidInput(
                    f"the excess has died out to below 1e{_SMALLEST} at step {step}: ask for earlier steps, or leave "
                    "digits out"
                )
            gaps = [field.polar(one - two)[0] for one, two in zip(ours, theirs, strict=True)]
            gaps.append(field.polar(fine.floor - coarse.floor)[0])
            worst = max(worst, max(gaps) / math.log(10) - excess)
    return worst


def _rational(field: Field, row: Row, floor: Element, part: int, level: int) -> Fraction:
    """A part as a rational; 0 where it is below the last digit of the excess, or all of that has vanished."""
    value, excess = field.polar(row[part])[0], field.polar(floor + row[0] + row[1])[0]
    least = max(excess - 2 * level * math.log(10), _SMALLEST * math.log(10))
    return Fraction(0) if value < least else field.rational(row[part])
