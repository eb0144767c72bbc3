"""The steps that a check records beside those asked for: there an error in time, or in a single step, shows most.

Far from the start a curve changes little from step to step, so that a road one step ahead or behind is not seen. After
the first steps it is, whatever the step size: both the change of the risk and its scatter are in proportion to that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from riskcalc.curve import Run

EARLY = (0, 1, 2)


def with_early_steps(run: Run) -> Run:
    """The run recorded at its own steps and at the first ones."""
    return _also(run, (step for step in EARLY if step <= run.steps[-1]))


def early_remark(asked: Run, checked: Run) -> tuple[str, ...]:
    """Which steps the check has recorded though they were not asked for, in words."""
    added = [str(step) for step in checked.steps if step in EARLY and step not in asked.steps]
    return (f"recorded too: step {', '.join(added)}, where an error in time shows most",) if added else ()


def with_steps_before(run: Run) -> Run:
    """The run recorded at the step before each of its own as well."""
    return _also(run, (max(0, step - 1) for step in run.steps))


def _also(run: Run, steps: Iterable[int]) -> Run:
    return replace(run, steps=tuple(sorted({*run.steps, *steps})))


def places(run: Run, recorded: Run, *, behind: int = 0) -> NDArray[np.intp]:
    """Where `recorded` has the steps of `run`, or those that many steps before; step 0 has none before it."""
    return np.searchsorted(recorded.steps, [max(0, step - behind) for step in run.steps])
