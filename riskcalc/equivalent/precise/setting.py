"""The exact numbers behind a run of the equivalent, and whether it is stable. Source: D02, D20."""

from __future__ import annotations

from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.equivalent.known import known_of
from riskcalc.equivalent.precise.generating import Setting, kernel_mass, stability_point
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Field
from riskcalc.schedule import constant_size
from riskcalc.spectral.landmarks import check_no_hard_edge
from riskcalc.spectral.precise.of_problem import precise_sums
from riskcalc.spectral.precise.roots import left_of_spectrum
from riskcalc.spectral.precise.sums import GUARD


def setting_of(run: Run, field: Field, *, proved: bool = False) -> Setting:
    """The exact numbers behind a run; the step size is the peak of its schedule."""
    stages = run.schedule.stages(horizon=run.horizon)
    size = run.schedule.peak(horizon=run.horizon) if stages is None else max(stage.exact for stage in stages)
    sums = precise_sums(run.problem, field, proved=proved)
    check_no_hard_edge(sums.rank, run.model_size)
    return Setting(
        sums=sums,
        model_size=Fraction(run.model_size),
        step_size=Fraction(size),
        batch_size=run.batch_size,
        noise=Fraction(run.problem.noise),
    )


def feedback(run: Run, setting: Setting, digits: int) -> Fraction:
    """kappa; UnstableRun where it is 1 or more, or the step size lies beyond the edge of the spectrum."""
    field = setting.field
    with field.working(digits + GUARD):
        try:
            edge = left_of_spectrum(setting.sums, setting.model_size, field.real(stability_point(setting)), digits)
            kappa = field.rational(kernel_mass(setting, edge))
        except ToleranceNotMet:
            kappa = Fraction(1)
    if kappa >= 1:
        known = known_of(run.problem, run.model_size)
        found = known.stability(step_size=float(setting.step_size), batch_size=run.batch_size)
        found.require(peak=constant_size(run.schedule, horizon=run.horizon) is None)
        raise ToleranceNotMet(
            f"the step size is too close to the edge of stability to be told stable: it is "
            f"{float(setting.step_size):.17g}, and the largest stable one about {found.largest_step_size:.17g}"
        )
    return kappa
