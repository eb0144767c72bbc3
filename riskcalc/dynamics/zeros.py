"""Where an excess of zero is one of the floats themselves, and not of a transform that leaves dead modes out.

Source: D37.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from riskcalc.curve import Run
from riskcalc.dynamics.moments import moment_map
from riskcalc.dynamics.served import served
from riskcalc.dynamics.slowest import least_fall
from riskcalc.quantity import Real
from riskcalc.schedule import Stage
from riskcalc.spectral.modes import Modes


def fallen_by(run: Run, modes: Modes, stages: Sequence[Stage]) -> Real:
    """At least so much has the log of the excess fallen at each recorded step, in stages crossed at once; else 0.

    An average has not fallen further than the first iterate in it.
    """
    steps = np.array([float(run.averaging.first(step)) for step in run.steps])
    fallen = np.zeros_like(steps)
    if len(run.training.start) > 1:
        return fallen
    for stage in stages:
        inside = np.clip(steps - stage.start, 0, stage.stop - stage.start)
        fallen += [least_fall(modes, stage.step_size, run.batch_size, duration) for duration in inside.tolist()]
    return fallen


def made_singly(run: Run, modes: Modes, stages: Sequence[Stage]) -> float:
    """Up to which step every one is made by itself, and none crossed by a transform; inf where none is."""
    last = run.steps[-1]
    for stage in stages:
        if stage.start >= last:
            break
        sizes = np.array([modes.number(stage.exact)])
        moments = moment_map(run.training, np.array([float(stage.start)]), sizes, batch_size=run.batch_size)
        length = min(last, stage.stop) - stage.start
        singly = served(moments, modes, length=length).singly
        if stage.exact and singly < length:
            return stage.start + singly
    return math.inf
