"""How much simulation is too much."""

from __future__ import annotations

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput

MOST_UPDATES = 1e12  # element updates, some hours on one processor core
MOST_OUTPUTS = 2000  # beyond it the covariance of the labels alone takes more than 32 MB
MOST_RECORDS = 50_000_000  # values kept until they are averaged (400 MB)


def check_work(run: Run, *, runs: int, updates_a_sample: float) -> None:
    """Refuse simulations that would not end in a day, or whose results do not fit in memory."""
    steps, outputs = run.steps[-1], run.problem.outputs
    if outputs > MOST_OUTPUTS:
        raise InvalidInput(
            f"{outputs} outputs are too many to simulate (at most {MOST_OUTPUTS}): ask for fewer, or use another road"
        )
    buffers = len(run.training.start)
    if run.data.samples is None:
        updates = float(runs) * float(steps) * run.batch_size * updates_a_sample * outputs * buffers
    else:  # drawn once, and then only multiplied
        seen = float(steps) * run.data.seen(run.batch_size) * int(run.model_size)
        updates = float(runs) * (float(run.data.samples) * updates_a_sample + seen * buffers) * outputs
    if updates > MOST_UPDATES:
        raise InvalidInput(
            f"{runs} simulated runs of {float(steps):.6g} steps with batch size {run.batch_size} take "
            f"{updates:.2g} element updates, more than {MOST_UPDATES:.0e} (some hours): ask for fewer runs "
            "or steps, or use the exact road, which computes the expectation without samples"
        )
    values = runs * len(run.steps) * outputs
    if values > MOST_RECORDS:
        raise InvalidInput(
            f"{runs} simulated runs recorded at {len(run.steps)} steps give {values} values, "
            f"more than {MOST_RECORDS}: ask for fewer runs or fewer recorded steps"
        )
