"""What tuning found, for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskcalc.display import Facts, Grid, Page
from riskcalc.schedule import name_of, spelled_out

if TYPE_CHECKING:
    from riskcalc.schedule import Schedule
    from riskcalc.tuning.batch_size import CriticalBatchSize
    from riskcalc.tuning.optimal_schedule import OptimalSchedule
    from riskcalc.tuning.step_size import TunedStepSize


def page_of_step_size(found: TunedStepSize) -> Page:
    """The best step size, and what of the grid lies around it."""
    facts = [
        ("schedule", in_words(found.schedule)),
        ("step size", f"{found.step_size:.6g}" + (" (at the largest that is allowed)" if found.at_edge else "")),
        ("largest", f"{found.largest:.6g}"),
        ("excess", f"{found.excess:.9e}{_known(found.error)}"),
        *(("note", note) for note in found.notes),
    ]
    rows = tuple((f"{step_size:.4g}", f"{excess:.6e}") for step_size, excess in found.grid)
    return Page("tuned step size", (Facts(tuple(facts)), Grid(("step size", "excess"), rows)))


def page_of_schedule(found: OptimalSchedule) -> Page:
    """The best schedule beside the named ones, tuned."""
    best = found.excess
    searched = "1 iteration" if found.iterations == 1 else f"{found.iterations} iterations"
    facts = (
        ("steps", str(found.schedule.values.size)),
        ("excess", f"{best:.9e}{_known(found.error)}"),
        ("largest", f"{found.largest:.6g}; {100 * found.share_at_the_largest:.0f} % of the steps are there"),
        ("search", f"{searched}, {'converged' if found.converged else 'NOT CONVERGED'}"),
    )
    rows = tuple(
        (in_words(one.schedule), f"{one.step_size:.6g}", f"{one.excess:.6e}", f"{one.excess / best:.4f}")
        for one in found.named
    )
    titles = ("named and tuned", "step size", "excess", "over the best")
    return Page("optimal schedule", (Facts(facts), Grid(titles, rows)))


def page_of_batch_size(found: CriticalBatchSize) -> Page:
    """The critical batch size, and the ladder it was read off from."""
    said = "none: every batch size that leaves four steps stays below" if found.batch_size is None else ""
    facts = (
        ("batch size", said or f"{found.batch_size:.6g}"),
        ("where", f"bias + variance is {found.factor:g} times that at B = 1, after {found.samples} samples"),
        ("at B = 1", f"{found.reference:.6e}"),
    )
    rows = tuple((str(b), f"{steps:.6g}", f"{size:.4g}", f"{value:.6e}") for b, steps, size, value in found.ladder)
    titles = ("batch size", "steps", "step size", "bias + variance")
    return Page("critical batch size", (Facts(facts), Grid(titles, rows)))


def in_words(schedule: Schedule) -> str:
    """The shape of a schedule as it is spelled."""
    said = schedule.describe()
    settings = {key: value for key, value in said.items() if key not in ("name", "step_size", "warmup")}
    return spelled_out(name_of(schedule), settings)


def _known(error: float | None) -> str:
    return "" if error is None else f"  (known to {error:.1e})"
