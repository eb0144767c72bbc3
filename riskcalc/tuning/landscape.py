"""The final excess of a run as a function of its step sizes: modes are laid once, the dynamics is cheap after that."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from riskcalc.curve import Run
from riskcalc.curve.stability import Stability
from riskcalc.dynamics import Modes, respond
from riskcalc.equivalent import Equivalent
from riskcalc.equivalent.landmarks import Landmarks, landmarks
from riskcalc.equivalent.spectral_measure import modes_in_u, modes_in_z
from riskcalc.equivalent.stability import stability as equivalent_stability
from riskcalc.equivalent.sums import SpectralSums, spectral_sums
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.exact import Exact, Unsketched
from riskcalc.exact.stability import stability as exact_stability
from riskcalc.quantity import of_type
from riskcalc.schedule import Schedule, rescaled

Road = Equivalent | Exact | Unsketched

# One resolution, for the search; what it finds is computed again by the road itself, which verifies a second one.
_WIDE, _NARROW, _DIGITS = 0.8, 0.48, 15.0
_SHARP = 0.1  # height of the contour that hugs the spectrum: slower, for steps near their limit
_MOST_GROWTH = 3.0  # log of |q|^t on the contour beyond which digits are lost


@dataclasses.dataclass(frozen=True, eq=False)
class Landscape:
    """A run whose step sizes may be varied. sharp: use the contour that hugs the spectrum (equivalent only)."""

    run: Run
    method: Road
    sharp: bool = False

    def __post_init__(self) -> None:
        of_type(self.method, Road, "method", "Equivalent(), Exact(...) or Unsketched(), which tuning knows")
        if not isinstance(self.method, Unsketched) and self.method.digits is not None:
            raise InvalidInput("tuning computes in float64: leave out digits=...")

    @cached_property
    def modes(self) -> tuple[Modes, ...]:
        """One list of modes; several where the exact road averages over sketches."""
        return tuple(self._modes())

    @cached_property
    def largest_step_size(self) -> float:
        """The largest stable constant step size (of all sketches)."""
        return min(found.largest_step_size for found in self._stabilities())

    def excess(self, schedule: Schedule) -> float:
        """The excess at the last recorded step; inf where this resolution cannot compute it stably."""
        run, peak = self.run, schedule.peak(horizon=self.run.horizon)
        if peak >= self.largest_step_size:
            return float("inf")
        found = []
        for modes in self.modes:
            if modes.paired and self._growth(modes, peak) > _MOST_GROWTH:
                return float("inf")
            response = respond(
                modes,
                schedule,
                steps=run.steps[-1:],
                horizon=run.horizon,
                batch_size=run.batch_size,
                noise=float(run.problem.noise),
                averaging=run.averaging,
            )
            found.append(modes.floor + response.bias[-1] + response.variance[-1])
        excess = float(np.mean(found))
        return excess if excess > 0 and np.isfinite(excess) else float("inf")

    def verified(self, schedule: Schedule) -> tuple[float, float | None]:
        """The excess at the last recorded step by the road itself, and its relative error."""
        run = self.run
        again = Run(
            run.problem,
            model_size=run.model_size,
            schedule=schedule,
            steps=run.steps[-1:],
            batch_size=run.batch_size,
            horizon=run.horizon,
            averaging=run.averaging,
        )
        curve = self.method.curve(again)
        return float(curve.excess[-1]), curve.error

    @property
    def approximation(self) -> float:
        """The part of the excess that no step size removes."""
        return float(np.mean([modes.floor for modes in self.modes]))

    def _growth(self, modes: Modes, peak: float) -> float:
        return float(self.run.steps[-1] * np.log(np.abs(modes.factor(peak, self.run.batch_size)).max()))

    @cached_property
    def _equivalent(self) -> tuple[SpectralSums, Landmarks]:
        sums = spectral_sums(self.run.problem)
        return sums, landmarks(sums, float(self.run.model_size))

    def _modes(self) -> Iterator[Modes]:
        if isinstance(self.method, Equivalent):
            sums, marks = self._equivalent
            transformed = self.run.schedule.stages(horizon=self.run.horizon) is not None
            contour, height = (modes_in_z, _SHARP) if self.sharp else (modes_in_u, _NARROW if transformed else _WIDE)
            yield contour(sums, float(self.run.model_size), marks, height=height, digits=_DIGITS)
        else:
            yield from self.method.modes(self.run)

    def _stabilities(self) -> Iterator[Stability]:
        batch_size = self.run.batch_size
        if isinstance(self.method, Equivalent):
            sums, marks = self._equivalent
            tiny = 1e-3 / marks.largest
            yield equivalent_stability(sums, float(self.run.model_size), marks, step_size=tiny, batch_size=batch_size)
            return
        for modes in self.modes:
            tiny = 1e-3 / float(modes.position.max())
            yield exact_stability(modes, step_size=tiny, batch_size=batch_size)


def at_step_size(schedule: Schedule, step_size: float) -> Schedule:
    """The same shape at another (peak) step size; a list of step sizes is scaled to it."""
    return rescaled(schedule, step_size)


def check_resolution(found: float, verified: float, tolerance: float) -> bool:
    """Whether the search and the road agree."""
    return abs(found - verified) <= max(1e-8, 10 * tolerance) * verified


def refuse_disagreement(found: float, verified: float) -> ToleranceNotMet:
    """What to raise where they do not agree even on the sharp contour."""
    return ToleranceNotMet(
        f"the search found the excess {found:.12g}, but the road itself {verified:.12g}: "
        "lower the largest step size that is allowed"
    )
