"""Outputs that follow several laws: the equivalent of each law, added up, in floats or in decimals. Source: D29."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, ClassVar, Protocol

import numpy as np

from riskcalc.curve import RiskCurve, Run
from riskcalc.curve.sum import sum_of_curves
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real, held

_SPARE = 2  # digits of every summand beyond those of the sum


class Digital(Protocol):
    """A road, a dataclass, that may be asked for digits."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def digits(self) -> int | None: ...

    @property
    def certified(self) -> bool: ...

    def curve(self, run: Run, *, force: bool) -> RiskCurve: ...


def sum_over_laws(run: Run, road: Digital, laws: Sequence[Run], *, force: bool) -> RiskCurve:
    """The total risk of a run whose outputs need several scalar problems."""
    if road.digits is None:
        return sum_of_curves(run, [road.curve(law, force=force) for law in laws])
    if road.certified:
        raise InvalidInput(
            f"these outputs follow {len(laws)} power laws, and proved radii are not added up: ask for a certified "
            "answer of each output, or leave certified out"
        )
    from riskcalc.curve.decimal_fields import decimal_fields

    finer = replace(road, digits=road.digits + _SPARE)
    curves = [finer.curve(law, force=force) for law in laws]
    bias, variance = (_added([_series(curve, name) for curve in curves]) for name in ("bias", "variance"))
    single = {name: sum(_series(curve, name)[0] for curve in curves) for name in ("irreducible", "approximation")}
    return replace(
        curves[0],
        asked=run.question,
        training=_trained(curves),
        method={**curves[0].method, "digits": road.digits},
        **decimal_fields(
            Fraction(single["irreducible"]),
            Fraction(single["approximation"]),
            bias,
            variance,
            road.digits,
            gap=math.log10(max(curve.error or 0.0 for curve in curves) or 1e-320),
        ),
    )


def _trained(curves: Sequence[RiskCurve]) -> Real | None:
    """The training loss of all outputs, where there is a data set."""
    losses = [curve.training for curve in curves if curve.training is not None]
    return np.sum(losses, axis=0) if losses else None


def _series(curve: RiskCurve, name: str) -> list[Fraction]:
    decimals = held(curve.decimals, "the decimals")  # it was asked for with digits
    return [Fraction(text) for text in decimals[name]]


def _added(series: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    return [sum(values, start=Fraction(0)) for values in zip(*series, strict=True)]
