"""Where a curve under a schedule may bend: where the step size begins to follow another law, and where the run ends."""

from __future__ import annotations

from riskcalc.quantity import Number
from riskcalc.schedule.schedule import Schedule, constant_size, read_horizon
from riskcalc.schedule.sizes import stages_of
from riskcalc.schedule.smooth import is_smooth

_MOST = 64  # beyond, as in a list of measured step sizes, every step is a corner


def corners(schedule: Schedule, *, horizon: Number | int) -> tuple[int, ...]:
    """Step counts, ascending, the horizon last; none where the step size never moves.

    A count t is one where the step s = t is the first of another smooth formula or of another stage. Of more than a few
    dozen the horizon alone is left.

    >>> from riskcalc.schedule import Constant, Cosine, MultiStep, WarmupStableDecay
    >>> corners(Constant(1), horizon=100), corners(Cosine(1), horizon=100)
    ((), (100,))
    >>> corners(WarmupStableDecay(1, decay="1/5"), horizon=100), corners(MultiStep(1, milestones=[30]), horizon=100)
    ((80, 100), (30, 100))
    """
    steps = read_horizon(horizon)
    if constant_size(schedule, horizon=steps) is not None:
        return ()
    if is_smooth(schedule, horizon=steps):
        places = schedule.breaks(horizon=steps) or ()
    else:
        places = tuple(stage.start for stage in (stages_of(schedule, horizon=steps) or ())[1:])
    return (*places, steps) if len(places) < _MOST else (steps,)
