"""The deterministic equivalent through 1/M: what the average over sketches adds to it, and how one sketch scatters.

The last iterate of SGD at a constant step size is answered at any step by transforms; every other run is gone through
on moved mode weights, stages of one step size at once, and other steps one by one. All at two resolutions, whose
difference is told. Source: D50, D52, D53.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from riskcalc.curve import Claim, LastIterate, RiskCurve, Run, fresh_samples, reads_last
from riskcalc.equivalent.finite_size.any_schedule import along_any_schedule, crossed_at_once
from riskcalc.equivalent.finite_size.constant_step import constant_step
from riskcalc.equivalent.finite_size.limits import Limits, limits
from riskcalc.equivalent.finite_size.through import Moved, Through, deviation
from riskcalc.equivalent.finite_size.weights import moved_weights
from riskcalc.equivalent.known import Known, known_of
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.optimiser import SGD
from riskcalc.problem import Problem
from riskcalc.quantity import Real
from riskcalc.schedule import constant_size
from riskcalc.spectral.contour_modes import modes_in_z
from riskcalc.spectral.eigenvalue_rule import EigenvalueRule, eigenvalue_rule
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.several_signals import total_sums

_NODES = ((28, 32), (24, 36))  # of the inverse transforms: a check and the answer
_WIDE = (((0.75, 14.0), (0.65, 17.0)), ((0.3, 14.0), (0.24, 16.0)))  # heights and digits of contours, step by step
_NARROW = (((0.48, 14.0), (0.4, 15.5)), ((0.3, 14.0), (0.24, 16.0)))  # where stages are crossed by a transform
_POINTS = (28, 30)  # of that transform
_APART = 1e-6  # relative: the most that two resolutions may differ by
_LARGEST = 0.5  # of the excess, of shift and spread: intervals of 95 % end above 0
_RARE = 1e-4  # chance of a sketch past its limit, from which on the average is not what one sketch does


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteSize:
    """Beyond the equivalent, at the recorded steps.

    shift: what the average over sketches adds, part by part. covariance: between recorded steps, of one sketch's
    (approximation, bias, variance), (3, 3, steps, steps). limits: of the stability number, where they are known.
    apart: the largest relative difference between two resolutions.
    """

    steps: tuple[int, ...]
    shift: Moved
    covariance: Real
    limits: Limits | None
    apart: float

    @property
    def excess_covariance(self) -> Real:
        """Of one sketch's excess between steps, (steps, steps)."""
        return np.asarray(self.covariance.sum(axis=(0, 1)))

    @property
    def spread(self) -> Real:
        """Standard deviation of one sketch's excess, (steps,)."""
        return deviation(np.diagonal(self.excess_covariance))

    @property
    def spreads(self) -> Real:
        """Standard deviations of one sketch's approximation, bias and variance, (3, steps)."""
        return deviation(np.einsum("iiss->is", self.covariance))


def finite_size(run: Run, excess: Real, *, limit: float, drawn: bool, crossed: bool) -> FiniteSize:
    """Shift and scatter of a run whose excess by the equivalent is known.

    limit: where a mode by itself grows. drawn: whether each sketch comes with a draw of the target; else the risk is
    averaged over its prior. crossed: whether all steps are compared with each other, or their covariance is nan.
    """
    fresh_samples(run, method="finite_size=True")
    if drawn and not (isinstance(run.problem, Problem) and run.problem.random_target):
        raise InvalidInput("drawn_targets is for one output with a GaussianPrior: a target that is given is not drawn")
    known = _known(run)
    rule = eigenvalue_rule(run.problem, run.model_size)
    bounds = None
    if run.training == SGD():
        bounds = limits(
            known, rule, step_size=run.schedule.peak(horizon=run.horizon), batch_size=run.batch_size
        )
    for coarse, fine in _pairs(run, known, rule, limit=limit, drawn=drawn, crossed=crossed):
        for place in _resting(run):
            coarse, fine = coarse.at_rest(place, drawn=drawn), fine.at_rest(place, drawn=drawn)
        apart = max(fine.apart(coarse), fine.apart(replace(fine, excess=excess)))
        if apart < _APART:
            break
    else:
        raise ToleranceNotMet(
            f"shift and spread are known to {apart:.1e} only (at most {_APART:.0e}): move away from the edge of "
            "stability"
        )
    _check_series(run, excess, fine, drawn=drawn)
    return FiniteSize(steps=run.steps, shift=fine.shift, covariance=fine.covariance, limits=bounds, apart=apart)


def with_finite_size(run: Run, curve: RiskCurve, *, limit: float, drawn: bool) -> RiskCurve:
    """The curve of the equivalent, with shift and spread."""
    found = finite_size(run, curve.excess, limit=limit, drawn=drawn, crossed=False)
    told: dict[str, Any] = {"average": "excess + shift", "agreement": found.apart}
    if drawn:
        told["targets"] = "drawn with each sketch"
    if found.limits is not None:
        told |= {
            "kappa_shift": found.limits.shift,
            "kappa_spread": found.limits.spread,
            "past_limit": found.limits.past,
        }
        if found.limits.past > _RARE:
            told["caution"] = (
                f"about 1 sketch in {_rounded(1 / found.limits.past)} is past its limit of stability at this step size "
                f"(kappa = {found.limits.kappa:.3g}, one sketch's scatters by {found.limits.spread:.2g}): averages "
                "over sketches are ruled by such sketches, and in long runs there is none; the excess without its "
                "shift is near the median sketch"
            )
    return replace(
        curve,
        claim=Claim.AVERAGED_THROUGH_INVERSE_SIZE,
        shift=found.shift.total,
        spread=found.spread,
        method={**curve.method, "finite_size": told},
    )


def _resting(run: Run) -> list[int]:
    """The recorded steps at which the model is where it started: step 0, and step 1 of a mean over iterates before."""
    last = 0 if reads_last(run.averaging) else 1
    return [place for place, step in enumerate(run.steps) if step <= last]


def _rounded(count: float) -> str:
    """To two figures, without a power of ten."""
    return f"{float(f'{count:.2g}'):.0f}"


def _known(run: Run) -> Known:
    if isinstance(run.problem, Problem) or len(run.problem.pooled()) == 1:
        return known_of(run.problem, run.model_size)
    sums = total_sums(run.problem)
    return Known(sums=sums, model_size=run.model_size, marks=landmarks(sums, run.model_size))


def _pairs(
    run: Run, known: Known, rule: EigenvalueRule, *, limit: float, drawn: bool, crossed: bool
) -> Iterator[list[Through]]:
    """A check and the answer, until somebody is content."""
    size = constant_size(run.schedule, horizon=run.horizon)
    if size is not None and run.training == SGD() and isinstance(run.averaging, LastIterate):

        def transformed(nodes: int) -> Through:
            return constant_step(
                known,
                rule,
                times=np.array(run.steps, dtype=np.float64),
                step_size=float(size),
                batch_size=run.batch_size,
                noise=float(run.problem.noise),
                drawn=drawn,
                nodes=nodes,
                crossed=crossed,
            )

        yield from ([transformed(nodes) for nodes in pair] for pair in _NODES)
        return
    staged = crossed_at_once(run)

    def followed(height: float, digits: float, points: int) -> Through:
        modes = modes_in_z(known.sums, run.model_size, known.marks, height=height, digits=digits, limit=limit)
        with np.errstate(over="ignore", invalid="ignore"):  # on a contour that is too wide modes may grow
            return along_any_schedule(run, modes, moved_weights(known, rule, modes, drawn=drawn), nodes=points)

    for pair in _NARROW if staged else _WIDE:
        yield [followed(*contour, points) for contour, points in zip(pair, _POINTS, strict=True)]


def _check_series(run: Run, excess: Real, found: Through, *, drawn: bool) -> None:
    """Refuse what is not small beside what it corrects. drawn: the scatter of targets is not in question."""
    shift, spread = found.shift.total, found.spread
    beyond = np.flatnonzero(np.maximum(np.abs(shift), 0.0 if drawn else spread) > _LARGEST * np.abs(excess))
    if beyond.size:
        place = beyond[0]
        raise InvalidInput(
            f"at step {run.steps[place]} the excess is {excess[place]:.3g}, its shift at order 1/M {shift[place]:.3g} "
            f"and the spread of one sketch {spread[place]:.3g}: at this model size the series in 1/M means nothing "
            f"(either is above {_LARGEST:.0%} of the excess); use a larger model, or Exact(sketches=...)"
        )
