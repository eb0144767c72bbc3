"""From modes and a schedule to bias and variance at the recorded steps.

Stages of constant step size are crossed in one transform each, whatever their length; smooth schedules in panels that
grow with the run; a list of step sizes step by step. An average of iterates starts at the first one that counts: the
moments are walked there, and from there on with the sum of the iterates. Nothing is a difference of two long sums.
Source: D01, D03, D24, D26, D38.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.curve.averaging import Averaging, LastIterate, windows
from riskcalc.dynamics.method import Method
from riskcalc.dynamics.methods import Sgd, Summed
from riskcalc.dynamics.moments import start_state, with_followers
from riskcalc.dynamics.walk import Walk
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Array, Real
from riskcalc.schedule import Schedule, is_smooth, name_of
from riskcalc.spectral.modes import Modes

LONGEST_LISTED = 100_000_000  # steps; each is computed, about half an hour at this length
SHORTEST_SMOOTH = 4096  # steps; shorter runs are as fast step by step
LONGEST_UNSTABLE = 10_000_000
LONGEST_AVERAGED = 30_000_000  # steps over all averages, about half an hour


@dataclass(frozen=True, kw_only=True, eq=False)
class Response:
    """bias and variance at the recorded steps; the excess is floor + bias + variance."""

    bias: Real
    variance: Real

    def difference(self, other: Response, *, floor: float) -> float:
        """Largest difference of bias or variance from another resolution's, relative to the excess here."""
        known = np.isfinite(self.bias + self.variance)
        if not np.array_equal(known, np.isfinite(other.bias + other.variance)):
            return float("inf")
        ours, theirs = (np.stack([it.bias[known], it.variance[known]]) for it in (self, other))
        gaps = np.abs(ours - theirs).max(axis=0, initial=0.0)
        excess = np.abs(floor + ours.sum(axis=0))
        # where there is no excess at all there is nothing to differ from
        return float(
            np.max(np.divide(gaps, excess, out=np.where(gaps > 0, np.inf, 0.0), where=excess > 0), initial=0.0)
        )


def respond(
    modes: Modes,
    schedule: Schedule,
    *,
    steps: tuple[int, ...],
    horizon: int,
    batch_size: int,
    noise: float | np.floating[Any],
    nodes: int = 28,
    degree: int = 16,
    stepwise: bool = False,
    averaging: Averaging | None = None,
    method: Method | None = None,
) -> Response:
    """The two linear responses of `modes` to a schedule, at ascending `steps`.

    noise: label-noise variance sigma2. nodes: points of each inverse transform. degree: of the polynomials in a panel.
    stepwise: go step by step whatever the schedule; unstable runs need it, because the inverse transform assumes that
    responses do not grow.
    averaging: of the iterates; None is the last one alone. method: of training; None is SGD.
    """
    one_by_one = stepwise or goes_one_by_one(schedule, last=steps[-1], horizon=horizon)
    walk = Walk(
        modes=modes,
        schedule=schedule,
        horizon=horizon,
        batch_size=batch_size,
        noise=noise + modes.floor,
        nodes=nodes,
        degree=degree,
        one_by_one=one_by_one,
        unstable=stepwise,
    )
    method = method or Sgd()
    averages = None if averaging is None or isinstance(averaging, LastIterate) else windows(averaging, steps)
    if one_by_one:
        _check_work(schedule, steps[-1], averages, unstable=stepwise)
    start = start_state(method, modes.signal)
    if averages is None:
        found = walk.reads(method, start, begin=0, ends=steps)
    else:
        found = dict(_averaged(walk, method, start, averages))
    table = np.array([found[step] for step in steps])
    if stepwise:
        # opposite infinities of an unstable run: what they add up to is infinite
        table[np.isnan(table)] = np.inf
    return Response(bias=table[:, 0], variance=table[:, 1])


def _averaged(
    walk: Walk, method: Method, state: Array, averages: dict[int, tuple[int, ...]]
) -> Iterator[tuple[int, Real]]:
    """Recorded steps, and the mean squares of their averages; averages: recorded steps by their first iterate."""
    at, summed = 0, Summed(method)
    for first, ends in averages.items():
        state, at = walk.state_at(method, state, start=at, end=first), first
        if ends[0] == first:  # step 0 has no iterate before it: there the average is the start itself
            yield first, walk.reads(method, state, begin=first, ends=(first,))[first]
        later = tuple(end for end in ends if end > first)
        sums = walk.reads(summed, with_followers(summed, state), begin=first, ends=later) if later else {}
        for end, total in sums.items():
            yield end, total / float(end - first) ** 2


def goes_one_by_one(schedule: Schedule, *, last: int, horizon: int) -> bool:
    """Whether every step is gone through even in a stable run, so that there is nothing to verify."""
    if schedule.stages(horizon=horizon) is not None:
        return False
    return last <= SHORTEST_SMOOTH or not is_smooth(schedule, horizon=horizon)


def _check_work(
    schedule: Schedule, last: int, averages: dict[int, tuple[int, ...]] | None, *, unstable: bool
) -> None:
    """Refuse what has to be gone through step by step for too long."""
    if averages is not None:
        steps = max(averages) + sum(ends[-1] - first for first, ends in averages.items())
        if steps > LONGEST_AVERAGED:
            reason = "in an unstable run" if unstable else f"under the {name_of(schedule)} schedule"
            remedy = "a smaller step size" if unstable else "a constant, geometric or smooth schedule"
            raise InvalidInput(
                f"averages of iterates {reason} take {steps:.6g} steps one by one, over all records "
                f"(at most {LONGEST_AVERAGED:.0e}): use {remedy}, fewer steps, or fewer records"
            )
    elif unstable and last > LONGEST_UNSTABLE:
        raise InvalidInput(
            f"an unstable run can only be followed step by step, and {last:.6g} steps are too many "
            f"(at most {LONGEST_UNSTABLE:.0e})"
        )
    elif last > LONGEST_LISTED:
        raise InvalidInput(
            f"the {name_of(schedule)} schedule changes at every step, and {last:.6g} steps are too many "
            f"to go through one by one (at most {LONGEST_LISTED:.0e}): use a constant, geometric or smooth schedule, "
            "or fewer steps"
        )
