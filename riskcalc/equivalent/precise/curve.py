"""The curve of the equivalent with as many digits as asked, and the numbers as text."""

from __future__ import annotations

from fractions import Fraction

from riskcalc.curve import Claim, LastIterate, RiskCurve, Run, Warrant
from riskcalc.curve.decimal_fields import decimal_fields
from riskcalc.equivalent.precise.certified import certified_curve
from riskcalc.equivalent.precise.constant_size import constant_parts
from riskcalc.equivalent.precise.setting import feedback, setting_of
from riskcalc.errors import InvalidInput
from riskcalc.numeric.decimals import significant
from riskcalc.numeric.field import Field
from riskcalc.schedule import constant_size
from riskcalc.spectral.precise.roots import floor_root
from riskcalc.spectral.precise.sums import GUARD

_SPARE = 2  # digits computed beyond those printed


def precise_curve(run: Run, *, digits: int, field: Field | None, certified: bool, force: bool) -> RiskCurve:
    """The curve of a run with `digits` significant digits of the excess; certified: with a proved radius."""
    if force:
        raise InvalidInput(
            "an unstable run cannot be forced with digits=...: leave digits out, or use a smaller step size"
        )
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
