"""The excess at one model size for many step sizes: the contour is laid once, the dynamics is cheap after that."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np

from riskcalc.curve.stability import Stability
from riskcalc.dynamics import Modes, respond
from riskcalc.equivalent.landmarks import Landmarks, landmarks
from riskcalc.equivalent.spectral_measure import modes_in_u, modes_in_z
from riskcalc.equivalent.stability import stability
from riskcalc.equivalent.sums import SpectralSums, spectral_sums
from riskcalc.errors import ConsistencyError, InvalidInput, ToleranceNotMet
from riskcalc.problem import PowerLaw, Problem
from riskcalc.schedule import Constant, Schedule

# One resolution, for the search; what it finds is computed again by the road itself, which verifies a second one.
_HEIGHT, _DIGITS, _NODES = 0.48, 14.0, 28
_SHARP_HEIGHT = 0.1  # of the contour that hugs the spectrum: slower, for small M or steps near their limit
_MOST_GROWTH = 3.0  # log of |q|^t on the contour beyond which digits are lost


@dataclasses.dataclass(frozen=True)
class Landscape:
    """A problem at one model size.

    problem: its dimension is what it is at this model size. batch_size: samples a step. sharp: use the contour that
    hugs the spectrum.
    """

    problem: Problem
    model_size: float
    batch_size: int
    sharp: bool = False

    @cached_property
    def _sums(self) -> SpectralSums:
        return spectral_sums(self.problem)

    @cached_property
    def _marks(self) -> Landmarks:
        return landmarks(self._sums, self.model_size)

    @cached_property
    def _modes(self) -> Modes:
        contour, height = (modes_in_z, _SHARP_HEIGHT) if self.sharp else (modes_in_u, _HEIGHT)
        return contour(self._sums, self.model_size, self._marks, height=height, digits=_DIGITS)

    @cached_property
    def largest_step_size(self) -> float:
        """Where the noise feedback kappa reaches 1."""
        return self.stability(1e-3 / self._marks.largest).largest_step_size

    def stability(self, step_size: float) -> Stability:
        """kappa at a step size, and the largest stable one."""
        return stability(self._sums, self.model_size, self._marks, step_size=step_size, batch_size=self.batch_size)

    def excess(self, step_size: float, steps: int) -> float:
        """The excess after `steps` at this constant step size; inf where it cannot be computed stably."""
        return self.final_excess(Constant(step_size), steps)

    def final_excess(self, schedule: Schedule, steps: int) -> float:
        """The same at the end of a schedule of few stages."""
        stages = schedule.stages(horizon=steps)
        if stages is None:
            raise InvalidInput("a landscape needs a schedule of constant stages: Constant(...) or Geometric(...)")
        try:
            modes = self._modes
        except (ToleranceNotMet, ConsistencyError, InvalidInput):
            return float("inf")
        peak = schedule.peak(horizon=steps)
        largest = {stage.step_size: np.abs(modes.factor(stage.step_size, self.batch_size)).max() for stage in stages}
        growth = max((stage.stop - stage.start) * float(np.log(largest[stage.step_size])) for stage in stages)
        if growth > _MOST_GROWTH or not 0 <= modes.feedback(peak, self.batch_size) < 1:
            return float("inf")
        response = respond(
            modes,
            schedule,
            steps=(steps,),
            horizon=steps,
            batch_size=self.batch_size,
            noise=float(self.problem.noise),
            nodes=_NODES,
        )
        return float(modes.floor + response.bias[-1] + response.variance[-1])


def with_dimension(problem: Problem, dimension: int) -> Problem:
    """The same power laws in another dimension."""
    if not isinstance(problem.spectrum, PowerLaw):
        raise InvalidInput("a ratio of dimension to model size needs a power-law spectrum: leave `ratio` out")
    return dataclasses.replace(problem, spectrum=dataclasses.replace(problem.spectrum, dimension=dimension))
