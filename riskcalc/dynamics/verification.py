"""One response, verified: resolutions in turn until two neighbours show that the tolerance holds, with a bound stated.

Every second resolution is a *check*: it is coarser by construction, and its modes stand at the far end of their
uncertainty. The answer comes from the finer neighbour. What the two differ by therefore contains the truncation of the
check, which exceeds that of the answer, and what rounding and the input's own last digits do to this run, amplified
as the run amplifies them: near the edge of stability, at late times, where modes of a contour cancel.

Formula: the error stated at step t, relative to the excess E(t), is
    (S |difference| + floor_error floor (1 + variance/(floor + sigma2)))/E(t) + eps (L + n(t)) max(1, (A/E(t))^{1/t}),
S a safety factor, n(t) the steps gone through one by one and 256 for a stage crossed at once, without a drive for each,
A = sum |f_n| + floor.
Source: D37.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.curve import Run, reads_last
from riskcalc.curve.full_precision import full_precision
from riskcalc.dynamics.disturbed import disturbed
from riskcalc.dynamics.magnified import magnified
from riskcalc.dynamics.response import SHORTEST_SMOOTH, Response, goes_one_by_one, respond
from riskcalc.dynamics.served import EARLIEST
from riskcalc.dynamics.zeros import fallen_by, made_singly
from riskcalc.errors import ToleranceNotMet
from riskcalc.quantity import Real
from riskcalc.schedule import Stage
from riskcalc.spectral.modes import Modes

_SAFETY = 4.0
_UNFELT = 0.01  # of the tolerance: what the feedback amplifies to less is seen well enough in the difference
_PROBES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.97)  # shares of a recorded step
_NEAREST = (0.8, 0.9, 0.97)  # those that the transform of the recorded step serves as well
_LEAST = 64.0  # roundings; also those of the inverse transform, which may make up for the check's own difference
_CROSSED = 256.0  # roundings of one inverse transform: its weights reach exp(5)
_SERVED = 80.0  # of what the memory loses: steps beyond them are crossed at once
_LOG_RANGE = 750.0  # log of the largest float over the smallest


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """A discretisation. lay: its modes, None where they cannot serve. nodes, degree: as in `respond`.

    beside: of a check, the answer's modes, where they are other ones than its own. bar: what an answer at these modes
    may differ from its check by at most; beyond, the next ones are tried whatever the tolerance.
    """

    lay: Callable[[], Modes | None]
    nodes: int
    degree: int
    beside: Callable[[], Modes] | None = None
    bar: float = float("inf")


@dataclass(frozen=True, kw_only=True)
class Verified:
    """error: bound of the relative error of the excess at any recorded step; None where one has outgrown floats."""

    modes: Modes
    response: Response
    error: float | None


def verified(
    run: Run,
    resolutions: Iterable[Resolution],
    *,
    tolerance: float,
    stepwise: bool,
    real: type[np.floating[Any]] = np.float64,
) -> Verified:
    """The first answer whose neighbour confirms it to the tolerance; checks and answers alternate.

    stepwise: go step by step whatever the schedule, as unstable runs must. real: the floats that modes are laid in.
    """
    least = _LEAST * _rounding(real)
    best, reason = float("inf"), ""
    previous: _Found | None = None
    if tolerance < least:
        raise _not_known(least, tolerance, real=real)
    watched: Run | None = None
    for place, resolution in enumerate(resolutions):
        try:
            modes = resolution.lay()
        except ToleranceNotMet as failure:
            reason = f"; {failure}"
            break
        if modes is None:
            previous = None
            continue
        watched = watched or _watched(run, modes, stepwise=stepwise)
        is_check = place % 2 == 0
        if previous is not None and previous.told is not None and modes is previous.told.modes:
            found = previous.told
        else:
            found = _found(watched, modes, resolution, tolerance if is_check else None, stepwise=stepwise)
        if previous is not None:
            answer, check = (previous, found) if is_check else (found, previous)
            rounding, shown = _errors(watched, answer, check, stepwise=stepwise)
            if rounding + shown <= tolerance and shown <= max(answer.bar, rounding):
                recorded = np.searchsorted(watched.steps, run.steps)
                bias, variance = answer.response.bias[recorded], answer.response.variance[recorded]
                return Verified(
                    modes=answer.modes,
                    response=Response(bias=bias, variance=variance),
                    error=rounding + shown if np.isfinite(bias + variance).all() else None,
                )
            best = min(best, rounding + shown)
            if rounding > tolerance:
                break  # no resolution mends that
        previous = found
    raise _not_known(best, tolerance, reason, real=real)


def _watched(run: Run, modes: Modes, *, stepwise: bool) -> Run:
    """The run, recorded also at some steps shortly before those at which one difference would have to tell everything.

    At one step the errors of two rules, or of a rule and of the modes, may happen to be equal; at several, they do not.
    With one moment a mode that is asked of single steps on a contour only: transforms and panels forget what the rules
    make of modes that have died out, and of the modes' own errors more is known. Every step of a tail average costs a
    pass of its own.
    """
    if stepwise or not (_seen_beside(run) or (modes.paired and _plain(run))):
        return run
    shares = _NEAREST if _seen_beside(run) else _PROBES if _in_one_pass(run) else _PROBES[::3]
    steps = _gone_singly(run) if _plain(run) else _alone(_steps(run), within=shares[0])
    before = {math.ceil(share * step) for step in steps.tolist() if step for share in shares}
    return replace(run, steps=tuple(sorted({*before, *run.steps})))


def _alone(steps: Real, *, within: float) -> Real:
    """Those that have no other one shortly before them."""
    last = np.concatenate([[0.0], steps[:-1]])
    return np.asarray(steps[last < within * steps])


def _in_one_pass(run: Run) -> bool:
    return reads_last(run.averaging) or not any(map(run.averaging.first, run.steps))


def _seen_beside(run: Run) -> bool:
    """Whether steps beside the recorded ones say what the modes' own errors do."""
    return not _plain(run) and _in_one_pass(run)


def _rounding(real: type[np.floating[Any]]) -> float:
    return float(np.finfo(real).eps)


def _not_known(
    best: float, tolerance: float, reason: str = "", *, real: type[np.floating[Any]]
) -> ToleranceNotMet:
    name = "float64" if real is np.float64 else f"a float of {np.finfo(real).precision} digits"
    return ToleranceNotMet(
        f"{name} knows the excess to {best:.2g} relative at best, not to the tolerance {tolerance:.2g}{reason}",
        known=best,
    )


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What one resolution says. moved: how far the uncertainty of a check's modes moves it, or a bound of little.

    told: what the answer's modes say, where that was found on the way and no
    resolution could change it. bar: as in `Resolution`.
    """

    modes: Modes
    response: Response
    moved: Real
    bar: float = float("inf")
    told: _Found | None = None


def _found(run: Run, modes: Modes, resolution: Resolution, tolerance: float | None, *, stepwise: bool) -> _Found:
    """At its modes as they are, or as a check of this tolerance."""
    if tolerance is None:
        response = _response(run, modes, resolution, stepwise=stepwise)
        return _Found(modes=modes, response=response, moved=np.zeros_like(response.bias), bar=resolution.bar)
    used = disturbed(modes, step_size=_peak(run) if _plain(run) else 0.0, batch_size=run.batch_size)
    if _told_together(run, modes, stepwise=stepwise):
        # single steps cost hardly more for two lists of modes than for one
        finer = modes if resolution.beside is None else resolution.beside()
        both = _response(run, Modes.side_by_side([used, finer]), resolution, stepwise=stepwise)
        check, answer = (Response(bias=both.bias[:, k], variance=both.variance[:, k]) for k in (0, 1))
        unmoved = np.zeros_like(answer.bias)
        told = _Found(modes=finer, response=answer, moved=unmoved, bar=resolution.bar)
        return _Found(modes=used, response=check, moved=_gaps(check, answer), told=told)
    response = _response(run, used, resolution, stepwise=stepwise)
    if _seen_beside(run):
        return _Found(modes=used, response=response, moved=np.zeros_like(response.bias))
    if not _plain(run):  # what time and feedback make of an uncertainty is told of one moment a mode only
        as_they_are = _response(run, modes, resolution, stepwise=stepwise)
        return _Found(modes=used, response=response, moved=_gaps(response, as_they_are))
    uncertainty = float(np.max(modes.uncertainty) + np.max(modes.unknown))
    excess = np.abs(modes.floor + response.bias + response.variance)
    aged = uncertainty * _aged(run, modes, excess)
    fed = uncertainty * _amplification(run, modes, stepwise=stepwise)
    if _SAFETY * (fed + aged.max()) < _UNFELT * tolerance:
        felt = aged + fed
        moved = np.multiply(felt, excess, out=np.zeros_like(excess), where=felt > 0)
        return _Found(modes=used, response=response, moved=moved)
    as_they_are = _response(run, modes, resolution, stepwise=stepwise)
    return _Found(modes=used, response=response, moved=_gaps(response, as_they_are))


def _told_together(run: Run, modes: Modes, *, stepwise: bool) -> bool:
    """Whether check and answer are the same steps of lists of modes that are nearly the same."""
    return _plain(run) and reads_last(run.averaging) and not (modes.paired or stepwise) and _one_by_one(run)


def _plain(run: Run) -> bool:
    """Whether a mode has one moment, and where averages follow it one window."""
    return len(run.training.start) == 1


def _one_by_one(run: Run) -> bool:
    return goes_one_by_one(
        run.schedule, last=run.steps[-1], horizon=run.horizon, steady=run.training.steady
    )


def _amplification(run: Run, modes: Modes, *, stepwise: bool) -> float:
    """At most what the feedback makes of a relative error of the kernel: kappa/(1 - kappa), and the number of steps."""
    steps = float(run.steps[-1])
    if stepwise:
        return steps  # no sum over all times need exist
    kappa = abs(modes.feedback(_peak(run), run.batch_size))
    return min(steps, kappa / (1 - kappa)) if kappa < 1 else steps


def _aged(run: Run, modes: Modes, excess: Real) -> Real:
    """At most what time makes of a relative error of all rates without a drive, at each recorded step.

    Formula: log(A/E(t)). By Jensen's inequality, what is left at t was left at a mean t nu of no more than that.
    """
    if modes.floor or run.problem.noise:
        return np.zeros_like(excess)
    return np.clip(_log_fall(_size(modes), excess), 0.0, _LOG_RANGE)


def _log_fall(start: float, excess: Real) -> Real:
    """0 where nothing is left, or nothing was at the start."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.nan_to_num(np.log(start) - np.log(excess), nan=0.0, posinf=0.0, neginf=0.0))


def _size(modes: Modes) -> float:
    """A = sum |f_n| + floor."""
    return float(modes.total(np.abs(modes.signal))) + modes.floor


def _gaps(one: Response, other: Response) -> Real:
    with np.errstate(invalid="ignore"):  # where an unstable run has outgrown float64
        return np.asarray(np.abs(one.bias - other.bias) + np.abs(one.variance - other.variance))


def _peak(run: Run) -> float:
    return run.schedule.peak(horizon=run.horizon)


def _response(run: Run, modes: Modes, resolution: Resolution, *, stepwise: bool) -> Response:
    """What is below the floats of full precision is 0: there a sum of modes has lost its digits, or stands still."""
    found = respond(
        modes,
        run.schedule,
        steps=run.steps,
        horizon=run.horizon,
        batch_size=run.batch_size,
        noise=modes.number(Fraction(run.problem.noise)),
        nodes=resolution.nodes,
        degree=resolution.degree,
        stepwise=stepwise,
        averaging=run.averaging,
        method=run.training,
    )
    bias, variance = (full_precision(part, modes.real) for part in (found.bias, found.variance))
    return Response(bias=bias, variance=variance)


def _errors(run: Run, found: _Found, checked: _Found, *, stepwise: bool) -> tuple[float, float]:
    """What rounding leaves unknown at any resolution, and what these two show; each the largest over the steps."""
    modes, answer, check = found.modes, found.response, checked.response
    known = np.isfinite(answer.bias + answer.variance)
    if not np.array_equal(known, np.isfinite(check.bias + check.variance)):
        return 0.0, float("inf")
    bias, variance = answer.bias[known], answer.variance[known]
    excess = np.abs(modes.floor + bias + variance)
    # what the modes' uncertainty does, and what resolution and rounding do, may cancel in one difference
    gaps = np.maximum(_gaps(answer, check), checked.moved)[known]
    shown = _share(gaps, excess)
    shown *= _SAFETY
    start = _size(modes)
    steps = _steps(run)[known]
    cancelled = _cancelled(run, modes, start, stepwise=stepwise)[known]
    if not excess.all():
        fallen = (fallen_by(run, modes, _stages(run, stepwise=stepwise) or ()) > _LOG_RANGE)[known]
        shown[(excess == 0) & ~(fallen | _ends_at_zero(run, modes, stepwise=stepwise)[known])] = np.inf
        cancelled[(excess == 0) & fallen] = 0.0  # no iterate that is averaged is left in floats
    fall = np.exp(np.maximum(_log_fall(start, excess), 0.0) / np.maximum(steps, 1.0))
    drive = modes.floor + float(run.problem.noise)
    followed = _roundings(run, stepwise=stepwise, crossed=_CROSSED)[known]
    if drive:  # it makes the roundings of all transforms but the last forgotten
        singly = _roundings(run, stepwise=stepwise, crossed=0.0)[known]
        followed = singly + np.minimum(followed - singly, _CROSSED)
    elif (stages := _stages(run, stepwise=stepwise)) and _plain(run):
        followed *= [magnified(modes, stages, step, batch_size=run.batch_size) for step in steps.tolist()]
    rounding = _rounding(modes.real) * (_LEAST + followed) * fall
    rounding += _share(modes.floor_error * modes.floor * (1 + np.abs(variance) / (drive or 1.0)), excess)
    rounding += _share(cancelled, excess)
    return float(np.max(rounding, initial=0.0)), float(np.max(shown, initial=0.0))


def _cancelled(run: Run, modes: Modes, start: float, *, stepwise: bool) -> Real:
    """What rounding leaves in averages whose iterates change sign at every step, and cancel: not small against them.

    Formula: the sum of n iterates is squared in n terms of size up to 3 x_n each, 4 eps n A in all; over n^2.
    """
    steps = _steps(run)
    turning = not _plain(run) or bool(np.any(np.real(_peak(run) * modes.position) > 1))
    if reads_last(run.averaging) or not turning:
        return np.zeros_like(steps)
    averaged = np.array([float(step - run.averaging.first(step)) for step in run.steps])
    noise = (modes.floor + float(run.problem.noise)) * float(modes.total(np.abs(modes.kernel))) * _peak(run) ** 2
    roundings = 1 + _roundings(run, stepwise=stepwise, crossed=_CROSSED)
    roundings *= 4 * _rounding(modes.real)
    return np.asarray(roundings * (start + noise / run.batch_size) / np.maximum(averaged, 1.0) ** 2)


def _ends_at_zero(run: Run, modes: Modes, *, stepwise: bool) -> NDArray[np.bool_]:
    """Whether a zero of the excess at each recorded step is one of the floats themselves, not of a transform."""
    steps = _steps(run)
    nothing = not (modes.signal.any() or modes.floor or run.problem.noise)  # to learn
    stages = _stages(run, stepwise=stepwise)
    if stages is None or nothing:
        return np.ones(steps.size, dtype=bool)  # single steps and panels end where floats do
    if not run.training.steady:
        return np.asarray(_roundings(run, stepwise=stepwise, crossed=np.inf) == steps)
    return np.asarray(steps <= made_singly(run, modes, stages))


def _share(part: Real, excess: Real) -> Real:
    """part/excess; where there is no excess at all, nothing is no error and anything an infinite one."""
    with np.errstate(over="ignore"):  # an excess below the normal floats
        return np.divide(part, excess, out=np.where(part > 0, np.inf, 0.0), where=excess > 0)


def _roundings(run: Run, *, stepwise: bool, crossed: float) -> Real:
    """How many add up to each recorded step: one for a step gone through by itself, `crossed` for a whole stage."""
    stages = _stages(run, stepwise=stepwise)
    steps = _steps(run)
    if stages is None or not run.training.steady:
        one_by_one = stepwise or _one_by_one(run)
        return steps if one_by_one else np.minimum(steps, SHORTEST_SMOOTH)
    return _along(run, stages, crossed=crossed)


def _gone_singly(run: Run) -> Real:
    """The recorded steps up to which every step is made by itself; 0 for those behind a stage or along panels."""
    steps = _steps(run)
    stages = run.schedule.stages(horizon=run.horizon)
    if stages is None or not run.training.steady:
        return steps if _one_by_one(run) else np.zeros_like(steps)
    return np.where(_along(run, stages, crossed=np.inf) == steps, steps, 0.0)


def _steps(run: Run) -> Real:
    return np.array([float(step) for step in run.steps])


def _stages(run: Run, *, stepwise: bool) -> tuple[Stage, ...] | None:
    """The stages of the schedule, None where it has none or every step is made by itself."""
    return None if stepwise else run.schedule.stages(horizon=run.horizon)


def _along(run: Run, stages: Sequence[Stage], *, crossed: float) -> Real:
    """The steps of stages, or parts of them, too short to be crossed at once, and `crossed` for each of the others."""
    steps = _steps(run)
    found = np.zeros_like(steps)
    early = max(EARLIEST, _SERVED / run.training.frozen(0, _peak(run)).loss)
    for stage in stages:
        inside = np.clip(steps - stage.start, 0, stage.stop - stage.start)
        found += np.where(inside <= early, inside, crossed)
    return found
