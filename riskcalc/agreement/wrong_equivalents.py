"""The excess by deterministic equivalents that each leave something out, from the curve's own parts."""

from __future__ import annotations

from riskcalc.agreement import removal
from riskcalc.agreement.early_steps import places, with_steps_before
from riskcalc.agreement.equivalent_without_feedback import equivalent_without_feedback
from riskcalc.agreement.removal import Removal
from riskcalc.agreement.twin import without_label_noise
from riskcalc.agreement.without_sketch import without_sketch
from riskcalc.curve import Run
from riskcalc.equivalent import Equivalent
from riskcalc.quantity import Real, held


def wrong_equivalents(run: Run, road: Equivalent, *, plain_steps: int) -> dict[Removal, Real]:
    """Excess at the recorded steps by what each formula leaves out.

    plain_steps: how far the noise without feedback may be followed step by step, where the schedule has no stages.
    """
    recorded = with_steps_before(run)
    curve = road.curve(recorded)
    bias, variance = held(curve.bias, "the bias"), held(curve.variance, "the variance")
    now = places(run, recorded)
    excess = curve.excess
    wrong = {
        removal.APPROXIMATION: (excess - curve.approximation)[now],
        removal.BIAS: (excess - bias)[now],
        removal.VARIANCE: (excess - variance)[now],
        removal.STEP: excess[places(run, recorded, behind=1)],
    }
    if run.problem.noise > 0:
        wrong[removal.LABEL_NOISE] = road.curve(without_label_noise(run)).excess
    if run.schedule.stages(horizon=run.horizon) is not None or run.steps[-1] <= plain_steps:
        wrong[removal.FEEDBACK] = equivalent_without_feedback(run)
    return wrong


def wrong_theories(run: Run, road: Equivalent, *, plain_steps: int) -> dict[Removal, Real]:
    """The same, and a theory that knows no sketch; finite dimension, whole model size."""
    return {removal.SKETCH: without_sketch(run), **wrong_equivalents(run, road, plain_steps=plain_steps)}
