"""The curve of the equivalent with as many digits as asked: settings, stability, and the numbers as text."""

from __future__ import annotations

import math
from fractions import Fraction

from riskcalc.curve import Claim, LastIterate, RiskCurve, Run, Warrant, plain_descent
from riskcalc.curve.decimal_fields import decimal_fields
from riskcalc.equivalent.precise.constant import constant_parts
from riskcalc.equivalent.precise.generating import Setting, kernel_mass, stability_point
from riskcalc.equivalent.stability import stability
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.numeric.decimals import leading, significant
from riskcalc.numeric.field import Field
from riskcalc.schedule import constant_size
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.precise.of_problem import precise_sums
from riskcalc.spectral.precise.roots import floor_root, left_of_spectrum
from riskcalc.spectral.precise.sums import GUARD

_SPARE = 2  # digits computed beyond those printed


def precise_curve(run: Run, *, digits: int, field: Field | None, certified: bool, force: bool) -> RiskCurve:
    """The curve of a run with `digits` significant digits of the excess; certified: with a proved radius."""
    if force:
        raise InvalidInput(
            "an unstable run cannot be forced with digits=...: leave digits out, or use a smaller step size"
        )
    plain_descent(run, method="Equivalent(digits=...)")
    last = isinstance(run.averaging, LastIterate)
    if field is None:
        from riskcalc.numeric.arb_field import Arb

        field = Arb()
    if certified:
        if not last:
            raise InvalidInput(
                "no radius is proved for averages of iterates: leave certified out, which computes them to the digits "
                "asked, or use LastIterate()"
            )
        from riskcalc.equivalent.precise.certified import certified_curve

        return certified_curve(run, digits=digits, field=field)
    setting = setting_of(run, field)
    kappa = feedback(run, setting, digits + _SPARE)
    if last and constant_size(run.schedule, horizon=run.horizon) is not None:
        parts = constant_parts(setting, steps=run.steps, digits=digits + _SPARE)
    else:
        from riskcalc.equivalent.precise.walked import walked_parts

        parts = walked_parts(setting, run, digits=digits + _SPARE)
    floor = floor_root(setting.sums, setting.model_size, digits + _SPARE)
    with field.working(digits + GUARD):
        approximation = field.rational(floor.u * floor.values.sig)
        bias, variance = ([field.rational(value) for value in values] for values in (parts.bias, parts.variance))
        place = field.rational(floor.u)
    return RiskCurve(
        steps=run.steps,
        claim=Claim.DETERMINISTIC_EQUIVALENT,
        warrant=Warrant.COMPUTED,
        asked=run.question,
        method={
            "name": "equivalent",
            "digits": digits,
            "field": field.name,
            "kappa": float(kappa),
            "floor": significant(place, digits),
        },
        **decimal_fields(Fraction(run.problem.noise), approximation, bias, variance, digits, gap=parts.error),
    )


def setting_of(run: Run, field: Field, *, proved: bool = False) -> Setting:
    """The exact numbers behind a run; the step size is the peak of its schedule."""
    stages = run.schedule.stages(horizon=run.horizon)
    size = run.schedule.peak(horizon=run.horizon) if stages is None else max(stage.exact for stage in stages)
    if run.problem.dimension is not None and run.model_size >= run.problem.dimension:
        raise InvalidInput(
            f"model size {float(run.model_size):.6g} is not smaller than the dimension {run.problem.dimension}: the "
            "equivalent has a hard edge there; use a smaller model, or the exact road"
        )
    return Setting(
        sums=precise_sums(run.problem, field, proved=proved),
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
        sums = spectral_sums(run.problem)
        size = run.model_size
        found = stability(
            sums, size, landmarks(sums, size), step_size=float(setting.step_size), batch_size=run.batch_size
        )
        found.require(peak=constant_size(run.schedule, horizon=run.horizon) is None)
        raise ToleranceNotMet(
            f"the step size is too close to the edge of stability to be told stable: it is "
            f"{float(setting.step_size):.17g}, and the largest stable one about {found.largest_step_size:.17g}"
        )
    return kappa


def log10(value: Fraction) -> float:
    """log10 of a positive rational of any size."""
    place = leading(value)
    return place + math.log10(float(value / Fraction(10) ** place))
