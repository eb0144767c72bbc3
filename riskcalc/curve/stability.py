"""Whether a run at its peak step size is stable, and the refusal where it is not."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Protocol, runtime_checkable

from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.curve.run import Run
from riskcalc.errors import InvalidInput, ToleranceNotMet, UnstableRun
from riskcalc.optimiser import SGD, Frozen
from riskcalc.schedule import constant_size

_TRIED = 60  # halvings of the step size, while a stable one is looked for
_ACCURACY = 1e-13
_TOLD = 1e-9  # of kappa, in floats


@dataclass(frozen=True, kw_only=True)
class Stability:
    """kappa: feedback of the SGD noise at `step_size` (< 1 if stable, inf beyond the edge of the fastest mode).

    largest: finds the largest stable step size, where kappa reaches 1; asked only where somebody wants to know.
    remark: what else there is to say to a run that is not stable.
    """

    step_size: float
    kappa: float
    largest: Callable[[], float] = field(repr=False, compare=False)
    remark: str = ""

    @property
    def stable(self) -> bool:
        return self.kappa < 1

    @cached_property
    def largest_step_size(self) -> float:
        return self.largest()

    def require(self, *, peak: bool) -> None:
        """Raise UnstableRun with both numbers where the run is not stable."""
        if not self.stable:
            what = "peak step size" if peak else "step size"
            largest = f"the largest stable constant step size is {self.largest_step_size:.6g}. Use a smaller step"
            if self.largest_step_size == 0:
                largest = "no step size is stable with this memory. Use one that adds less or forgets sooner"
            raise UnstableRun(
                f"unstable: at {what} {self.step_size:.6g} the noise feedback is kappa = {self.kappa:.6g} "
                f"(must be < 1){self.remark}; {largest}, or force the run",
                largest=self.largest_step_size,
            )


@runtime_checkable
class _Cautious(Protocol):
    def caution(self) -> str:
        """What makes a long run unstable whatever its step size."""


def trained_stability(
    run: Run, plain: Callable[[float], Stability], kappa: Callable[[Frozen], float]
) -> Stability:
    """Of a run, at the largest of its step sizes.

    plain: SGD's, at a step size. kappa: the feedback of any frozen method. A method that changes from step to step is
    looked at as it stands at the last one.
    """
    peak = run.schedule.peak(horizon=run.horizon)
    if run.training.frozen(0, peak) == SGD().frozen(0, peak):
        return plain(peak)
    last = max(0, run.steps[-1] - 1)

    def at(size: float) -> float:
        return kappa(run.training.frozen(last, size))

    size, found = max(((size, at(size)) for size in _sizes(run, peak)), key=lambda one: one[1])
    remark = "" if run.training.steady else f", as the method stands at step {last}"
    if isinstance(run.optimiser, _Cautious):
        remark += f"; {run.optimiser.caution()}"
    return Stability(step_size=size, kappa=found, largest=partial(largest_stable, at, size), remark=remark)


def told_stable(run: Run, found: Stability) -> float:
    """kappa of a stable run whose floats tell it from 1; UnstableRun where it is not stable."""
    found.require(peak=constant_size(run.schedule, horizon=run.horizon) is None)
    if not found.kappa < 1 - _TOLD:
        raise ToleranceNotMet(
            f"the step size is too close to the edge of stability to be told stable: it is {found.step_size:.17g}, and "
            f"the largest stable one about {found.largest_step_size:.17g}"
        )
    return found.kappa


def forced(curve: Callable[[], RiskCurve], *, force: bool) -> RiskCurve:
    """A curve of many digits: one of a run that is not stable is refused, forced or not."""
    try:
        return curve()
    except UnstableRun as unstable:
        if not force:
            raise
        raise InvalidInput(
            "an unstable run cannot be forced with digits=...: leave digits out, or use a smaller step size "
            f"({unstable})"
        ) from unstable


def descent_stability(run: Run, largest: float) -> Stability:
    """Of full-batch descent, whose fastest direction falls by 1 - gamma `largest` a step.

    Without noise nothing is fed back: kappa is 0, and inf where that direction grows.
    """
    peak = run.schedule.peak(horizon=run.horizon)
    return Stability(
        step_size=peak,
        kappa=0.0 if peak * largest < 2 else math.inf,
        largest=lambda: 2 / largest,
        remark=": full-batch descent has no noise, but its fastest direction grows",
    )


def _sizes(run: Run, peak: float) -> set[float]:
    """The step sizes of a run: with a memory of its own step size, the smallest may be the one that is not stable."""
    stages = run.schedule.stages(horizon=run.horizon) or ()
    return {peak} | {stage.step_size for stage in stages if stage.start < run.steps[-1]}


def largest_stable(kappa: Callable[[float], float], size: float) -> float:
    """The largest step size whose feedback is below 1, to some 1e-13; 0 where none is found. size: to begin with."""
    while kappa(size) < math.inf:
        size *= 2
    high = size
    for _ in range(_TRIED):
        low = high / 2
        if kappa(low) < 1:
            break
        high = low
    else:
        return 0.0
    from scipy.optimize import brentq

    # 1 - 1/kappa stays finite at the edge of a mode by itself, and is 1 beyond it
    return float(brentq(lambda size: 1 - 1 / kappa(size), low, high, xtol=_ACCURACY * low, rtol=_ACCURACY))
