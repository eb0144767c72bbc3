"""Negative control: the deterministic equivalent whose noise does not feel the error that is still to be learnt.

Formula: on the modes of the equivalent, x_n(t+1) = q_n x_n(t) + (gamma_t^2/B) k_n (sigma2 + approximation): the noise
is not driven by the whole excess. At constant step size this is a geometric series, summed at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskcalc.agreement.recursion import Values
from riskcalc.curve import Run
from riskcalc.curve.sum import one_run_a_law
from riskcalc.equivalent.landmarks import landmarks
from riskcalc.equivalent.spectral_measure import modes_in_z
from riskcalc.equivalent.sums import spectral_sums

NAME = "the equivalent without the feedback of the error"

_HEIGHT, _DIGITS = 0.4, 12.0  # of the contour round the spectrum


def equivalent_without_feedback(run: Run) -> Values:
    """Excess at the recorded steps, wrong on purpose."""
    if len(laws := one_run_a_law(run)) > 1:
        return np.asarray(np.sum([equivalent_without_feedback(law) for law in laws], axis=0))
    sums, size = spectral_sums(run.problem), float(run.model_size)
    marks = landmarks(sums, size)
    modes = modes_in_z(sums, size, marks, height=_HEIGHT, digits=_DIGITS)
    drive = float(run.problem.noise) + modes.floor
    state = modes.signal
    excess = {0: modes.floor + float(modes.total(state))}
    for start, stop, gamma in _pieces(run):
        if gamma > 0:
            decrement = modes.decrement(gamma, run.batch_size)
            power = np.exp((stop - start) * np.log1p(-decrement))
            source = gamma**2 / run.batch_size * modes.kernel * drive
            state = power * state + source * (1 - power) / decrement
        excess[stop] = modes.floor + float(modes.total(state))
    return np.array([excess[step] for step in run.steps])


def _pieces(run: Run) -> Iterator[tuple[int, int, float]]:
    """The run as pieces (start, stop, step size) of constant step size that end at every recorded step."""
    last = run.steps[-1]
    stages = run.schedule.stages(horizon=run.horizon)
    if stages is None:
        for step, gamma in enumerate(run.schedule.step_sizes(0, last, horizon=run.horizon).tolist()):
            yield step, step + 1, gamma
        return
    for stage in stages:
        start = stage.start
        for stop in [step for step in run.steps if stage.start < step < stage.stop] + [min(stage.stop, last)]:
            if start < stop:
                yield start, stop, stage.step_size
                start = stop
