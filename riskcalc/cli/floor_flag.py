"""The flag --floor: what no algorithm can be below on the same samples, beside the risk of a run."""

from __future__ import annotations

import click
import numpy as np

from riskcalc.curve import RiskCurve

floor_flag = click.option(
    "--floor", is_flag=True, help="Also the lowest mean risk of any algorithm on the same samples, over the prior."
)
_DIGITS = 10  # significant: enough for a comparison, and known


def floor_texts(curve: RiskCurve) -> list[str]:
    """The floor of the risk at every step, as decimal text."""
    from riskcalc.least_squares import floor_under

    levels = curve.irreducible + floor_under(curve)
    return [np.format_float_positional(level, _DIGITS, fractional=False, unique=False, trim="-") for level in levels]
