"""The final excess of a run as a function of its step sizes: modes are laid once, the dynamics is cheap after that."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from riskcalc.curve import Run, fresh_samples
from riskcalc.curve.stability import Stability, largest_stable
from riskcalc.dynamics import Modes, respond
from riskcalc.dynamics.growth import grows_too_much, grows_when_trained
from riskcalc.equivalent import Equivalent
from riskcalc.equivalent.known import known_of
from riskcalc.equivalent.stability import (
    frozen_kappa as kappa_of_equivalent,
    largest_step_size as largest_of_equivalent,
    stability as stability_of_equivalent,
)
from riskcalc.errors import ConsistencyError, InvalidInput, ToleranceNotMet
from riskcalc.exact import Exact, Unsketched
from riskcalc.exact.stability import (
    frozen_kappa as kappa_of_modes,
    largest_step_size as largest_of_modes,
    stability as stability_of_modes,
)
from riskcalc.optimiser import SGD
from riskcalc.quantity import Number, of_type
from riskcalc.schedule import Schedule
from riskcalc.spectral.contour_modes import modes_in_u, modes_in_z
from riskcalc.spectral.landmarks import Landmarks
from riskcalc.spectral.sums import SpectralSums

Road = Equivalent | Exact | Unsketched

# One resolution, for the search; what it finds is computed again by the road itself, which verifies a second one.
_WIDE, _NARROW = 0.8, 0.48  # heights of the contour: step by step or along panels, and for stages
_SHARP = 0.1  # of the contour that hugs the spectrum: slower, for small M or steps near their limit


@dataclasses.dataclass(frozen=True, eq=False)
class Landscape:
    """A run whose step sizes may be varied, on one resolution of a road.

    sharp: use the contour that hugs the spectrum. digits: of the contour's rule. Both for the equivalent only.
    """

    run: Run
    method: Road
    sharp: bool = False
    digits: float = 15.0

    def __post_init__(self) -> None:
        roads = "Equivalent(), Exact(...) or Unsketched(), the roads with modes, which tuning knows"
        of_type(self.method, Road, "method", roads)
        fresh_samples(self.run, method="tuning")

    @cached_property
    def modes(self) -> tuple[Modes, ...]:
        """One list of modes; several where the exact road averages over sketches."""
        return tuple(self._modes())

    @cached_property
    def largest_step_size(self) -> float:
        """The largest stable constant step size (of all sketches)."""
        batch_size = self.run.batch_size
        if self.run.training != SGD():
            return largest_stable(self._kappa, self.run.schedule.peak(horizon=self.run.horizon))
        if isinstance(self.method, Equivalent):
            return largest_of_equivalent(*self._equivalent, batch_size=batch_size)
        return min(largest_of_modes(modes, batch_size=batch_size) for modes in self.modes)

    def stability(self, step_size: float) -> Stability:
        """kappa at a step size, and the largest stable one, of the sketch that allows the least."""
        batch_size = self.run.batch_size
        if self.run.training != SGD():
            return Stability(
                step_size=step_size, kappa=self._kappa(step_size), largest=lambda: self.largest_step_size
            )
        if isinstance(self.method, Equivalent):
            return stability_of_equivalent(*self._equivalent, step_size=step_size, batch_size=batch_size)
        found = [stability_of_modes(modes, step_size=step_size, batch_size=batch_size) for modes in self.modes]
        return min(found, key=lambda one: one.largest_step_size)

    def excess(self, schedule: Schedule, *, steps: int | None = None) -> float:
        """The excess at the last recorded step, or after a run of `steps`; inf where it cannot be computed stably."""
        run = self.run if steps is None else dataclasses.replace(self.run, steps=(steps,), horizon=steps)
        try:
            laid = self.modes
        except (ToleranceNotMet, ConsistencyError, InvalidInput):
            return float("inf")
        found = []
        for modes in laid:
            if not self._stays_small(modes, run, schedule):
                return float("inf")
            response = respond(
                modes,
                schedule,
                steps=run.steps[-1:],
                horizon=run.horizon,
                batch_size=run.batch_size,
                noise=float(run.problem.noise),
                averaging=run.averaging,
                method=run.training,
            )
            found.append(modes.floor + response.bias[-1] + response.variance[-1])
        excess = float(np.mean(found))
        return excess if excess > 0 and np.isfinite(excess) else float("inf")

    def verified(self, schedule: Schedule) -> tuple[float, float | None]:
        """The excess at the last recorded step by the road itself, and its relative error."""
        curve = self.method.curve(dataclasses.replace(self.run, schedule=schedule, steps=self.run.steps[-1:]))
        return float(curve.excess[-1]), curve.error

    @property
    def approximation(self) -> float:
        """The part of the excess that no step size removes."""
        return float(np.mean([modes.floor for modes in self.modes]))

    @cached_property
    def _equivalent(self) -> tuple[SpectralSums, Number, Landmarks]:
        known = known_of(self.run.problem, self.run.model_size)
        return known.sums, known.model_size, known.marks

    def _kappa(self, step_size: float) -> float:
        """The feedback of a method with a memory, as it stands at the last step; the largest of all sketches."""
        frozen = self.run.training.frozen(max(0, self.run.steps[-1] - 1), step_size)
        batch_size = self.run.batch_size
        if isinstance(self.method, Equivalent):
            return kappa_of_equivalent(*self._equivalent, frozen, batch_size=batch_size)
        return max(kappa_of_modes(modes, frozen, batch_size=batch_size) for modes in self.modes)

    def _modes(self) -> Iterator[Modes]:
        if isinstance(self.method, Equivalent):
            transformed = self.run.schedule.stages(horizon=self.run.horizon) is not None
            contour, height = (modes_in_z, _SHARP) if self.sharp else (modes_in_u, _NARROW if transformed else _WIDE)
            yield contour(*self._equivalent, height=height, digits=self.digits)
        else:
            yield from self.method.modes(self.run)

    def _stays_small(self, modes: Modes, run: Run, schedule: Schedule) -> bool:
        """Whether the response to a schedule neither grows nor loses digits to modes that do."""
        peak = schedule.peak(horizon=run.horizon)
        if run.training != SGD():
            return self._kappa(peak) < 1 and not (
                modes.paired
                and grows_when_trained(modes, run.training, lambda steps: np.full_like(steps, peak), last=run.steps[-1])
            )
        fastest = self._equivalent[2].largest if modes.paired else float(modes.position.max())
        if peak * (1 + 1 / run.batch_size) * fastest >= 2 or not 0 <= modes.feedback(peak, run.batch_size) < 1:
            return False
        return not modes.paired or not grows_too_much(
            modes, _pieces(schedule, run), batch_size=run.batch_size, averaging=run.averaging
        )


def _pieces(schedule: Schedule, run: Run) -> list[tuple[float, int]]:
    """Step size and length of each stage up to the last recorded step; without stages the peak stands for all."""
    last, stages = run.steps[-1], schedule.stages(horizon=run.horizon)
    if stages is None:
        return [(schedule.peak(horizon=run.horizon), last)]
    return [(each.step_size, min(each.stop, last) - each.start) for each in stages if each.start < last]
