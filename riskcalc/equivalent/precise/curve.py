"""The curve of the equivalent with as many digits as asked, and the numbers as text."""

from __future__ import annotations

from fractions import Fraction

from riskcalc.curve import Claim, LastIterate, RiskCurve, Run, Warrant, fresh_samples, plain_descent
from riskcalc.curve.decimal_fields import decimal_fields
from riskcalc.curve.stability import forced
from riskcalc.equivalent.precise.certified import certified_curve
from riskcalc.equivalent.precise.constant_size import Parts, constant_parts
from riskcalc.equivalent.precise.generating import Setting
from riskcalc.equivalent.precise.setting import feedback, setting_of
from riskcalc.errors import InvalidInput
from riskcalc.numeric.decimals import significant
from riskcalc.numeric.field import Field
from riskcalc.optimiser import SGD
from riskcalc.schedule import constant_size
from riskcalc.spectral.precise.roots import floor_root
from riskcalc.spectral.precise.sums import GUARD

_SPARE = 2  # digits computed beyond those printed


def precise_curve(run: Run, *, digits: int, field: Field | None, certified: bool, force: bool) -> RiskCurve:
    """The curve of a run with `digits` significant digits of the excess; certified: with a proved radius."""
    return forced(lambda: _stable_curve(run, digits=digits, field=field, certified=certified), force=force)


def _stable_curve(run: Run, *, digits: int, field: Field | None, certified: bool) -> RiskCurve:
    fresh_samples(run, method="Equivalent(digits=...)")
    if field is None:
        from riskcalc.numeric.arb_field import Arb

        field = Arb()
    if certified:
        plain_descent(run, method="Equivalent(certified=True)")
        if not isinstance(run.averaging, LastIterate):
            raise InvalidInput(
                "no radius is proved for averages of iterates: leave certified out, which computes them to the digits "
                "asked, or use LastIterate()"
            )
        return certified_curve(run, digits=digits, field=field)
    setting = setting_of(run, field)
    kappa, parts = _found(setting, run, digits + _SPARE)
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
            "kappa": kappa,
            "floor": significant(place, digits),
        },
        **decimal_fields(Fraction(run.problem.noise), approximation, bias, variance, digits, gap=parts.error),
    )


def _found(setting: Setting, run: Run, digits: int) -> tuple[float, Parts]:
    """kappa, bias and variance."""
    if run.training != SGD():
        from riskcalc.equivalent.precise.memory import memory_kappa, memory_parts

        return memory_kappa(run), memory_parts(setting, run, digits=digits)
    kappa = float(feedback(run, setting, digits))
    if isinstance(run.averaging, LastIterate) and constant_size(run.schedule, horizon=run.horizon) is not None:
        return kappa, constant_parts(setting, steps=run.steps, digits=digits)
    from riskcalc.equivalent.precise.walked import walked_parts

    return kappa, walked_parts(setting, run, digits=digits)
