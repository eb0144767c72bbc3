"""Many stages one after another: what each leaves of a slow mode must not add up. Against powers of many digits."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

from riskcalc.dynamics import Modes
from riskcalc.dynamics.moments import moment_map, start_state
from riskcalc.dynamics.stage import ConstantStage
from riskcalc.optimiser import SGD

STAGES, LONG, STEP, BATCH = 400, 1000, 0.5, 2
POSITIONS = np.array([0.5, 1e-9, 3e-10, 0.0])  # one dies at once, the others have hardly moved after all the stages
ONE_TRANSFORM = 256  # roundings, what D37 counts for a stage


@pytest.mark.parametrize("nodes", [28, 30, 32])
def test_what_hardly_moves_is_as_good_after_hundreds_of_stages_as_after_one(nodes):
    modes = Modes(position=POSITIONS, signal=np.ones(4), kernel=np.zeros(4), floor=0.0, paired=False)
    moments = moment_map(SGD(), np.zeros(1), np.array([STEP]), batch_size=BATCH)
    state = start_state(SGD(), modes.signal)
    for _ in range(STAGES):
        state = ConstantStage(
            modes=modes, moments=moments, state=state, step_size=STEP, batch_size=BATCH, noise=0.0
        ).state_after(LONG, nodes=nodes)
    with mpmath.workdps(40):
        moved = [STEP * mpmath.mpf(position) for position in POSITIONS]
        right = [(1 - 2 * z + (1 + mpmath.mpf(1) / BATCH) * z**2) ** (STAGES * LONG) for z in moved]
        errors = [float(abs(found - exact)) for found, exact in zip(state[0, 0], right, strict=True)]
    assert max(errors) < ONE_TRANSFORM * np.finfo(float).eps
