"""Negative control: the deterministic equivalent whose noise does not feel the error that is still to be learnt.

Formula: on the modes of the equivalent, x_n(t+1) = q_n x_n(t) + (gamma_t^2/B) k_n (sigma2 + approximation): the noise
is not driven by the whole excess. At constant step size this is a geometric series, summed at once; for an average of
iterates its sum with p_n = 1 - gamma_t z_n is too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from riskcalc.curve import Run
from riskcalc.curve.sum import one_run_a_law
from riskcalc.dynamics import Modes
from riskcalc.quantity import Array, Real
from riskcalc.schedule import listed_sizes
from riskcalc.spectral.contour_modes import modes_in_z
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums

_HEIGHT, _DIGITS = 0.4, 12.0  # of the contour round the spectrum


def equivalent_without_feedback(run: Run) -> Real:
    """Excess at the recorded steps, wrong on purpose."""
    if len(laws := one_run_a_law(run)) > 1:
        return np.asarray(np.sum([equivalent_without_feedback(law) for law in laws], axis=0))
    sums, size = spectral_sums(run.problem), run.model_size
    marks = landmarks(sums, size)
    modes = modes_in_z(sums, size, marks, height=_HEIGHT, digits=_DIGITS)
    series = _Series(modes=modes, run=run)
    state, at = modes.signal, 0
    excess = {}
    for step in run.steps:
        first = run.averaging.first(step)
        if first < at:  # an average that reaches back beyond the one before it
            state, at = modes.signal, 0
        state, at = series.moments(state, at, first), first
        mean = float(modes.total(state)) if step == first else series.square_of_sum(state, first, step)
        excess[step] = modes.floor + mean / max(1, step - first) ** 2
    return np.array([excess[step] for step in run.steps])


@dataclass(frozen=True, kw_only=True)
class _Series:
    modes: Modes
    run: Run

    def moments(self, state: Array, start: int, stop: int) -> Array:
        """x_n at step `stop` from `start`."""
        for length, gamma in self._pieces(start, stop):
            if gamma == 0:
                continue
            decrement, rest = self._rest(gamma)
            state = rest + np.exp(length * np.log1p(-decrement)) * (state - rest)
        return state

    def square_of_sum(self, state: Array, start: int, stop: int) -> float:
        """sum_n z_n E (sum of u_n from `start` to `stop` - 1)^2."""
        cross, total = np.zeros_like(state), 0.0
        for length, gamma in self._pieces(start, stop):
            if gamma == 0:
                total += float(self.modes.total(2 * length * cross + length**2 * state))
                cross = cross + length * state
                continue
            decrement, rest = self._rest(gamma)
            slope = gamma * self.modes.position
            decay, slow_decay = np.exp(length * np.log1p(-decrement)), np.exp(length * np.log1p(-slope))
            moving = state - rest
            # sums over the piece of q^t, of (1 - gamma z)^t, and of the cross moments they drive
            fast, slow = (1 - decay) / decrement, (1 - slow_decay) / slope
            driven = moving * (1 - slope) / (slope - decrement)
            at_rest = rest * (1 - slope) / slope
            crosses = cross * slow + driven * (fast - slow) + at_rest * (length - slow)
            total += float(self.modes.total(2 * crosses + moving * fast + rest * length))
            cross = cross * slow_decay + driven * (decay - slow_decay) + at_rest * (1 - slow_decay)
            state = rest + decay * moving
        return total

    def _rest(self, gamma: float) -> tuple[Array, Array]:
        """1 - q_n, and what x_n tends to."""
        batch_size, drive = self.run.batch_size, float(self.run.problem.noise) + self.modes.floor
        decrement = self.modes.decrement(gamma, batch_size)
        return decrement, gamma**2 / batch_size * self.modes.kernel * drive / decrement

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[int, float]]:
        """Lengths and step sizes of the pieces of constant step size that lead from `start` to `stop`."""
        stages = self.run.schedule.stages(horizon=self.run.horizon)
        if stages is None:
            sizes = listed_sizes(self.run.schedule, start, stop, horizon=self.run.horizon)
            yield from ((1, gamma) for gamma in sizes.tolist())
            return
        for stage in stages:
            length = min(stage.stop, stop) - max(stage.start, start)
            if length > 0:
                yield length, stage.step_size
