"""Warmup, a long stretch of constant step size, and a decay at the end, to zero or to a fraction of the peak."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenNumber, Number, chosen, frozen, given
from riskcalc.schedule.floored import above_floor, check_floor, without_floor
from riskcalc.schedule.formula import Formula
from riskcalc.schedule.reading import Reading, Value
from riskcalc.schedule.schedule import read_horizon
from riskcalc.schedule.spelling import spelled

_SHAPES = ("power", "cosine", "1-sqrt")


@spelled(
    "wsd",
    bare="decay",
    needs="the decay fraction F, as in wsd:1/5",
    letters="F (decay over the last fraction F)",
)
@frozen()
class WarmupStableDecay(Formula):
    """gamma_s = step_size min((s+1)/(W N), f + (1-f) D), warmup fraction W, floor f, with D = min(1, x^power).

    x = (1 - s/N)/F is what is left of the decay fraction F. Instead of a power the decay may have the shape
    "cosine", D = (1 - cos(pi x))/2, or "1-sqrt", D = 1 - sqrt(1 - x). Without warmup (W = 0) the first term of the
    minimum is absent. The decay is linear unless another power is given. Without warmup the first step has the
    step_size; the last one, x = 1/(F N), is one step above the floor.

    Parameters
    ----------
    step_size : number
        The step size between warmup and decay; positive.
    decay : number, default 1/5
        F, the fraction of the run that decays.
    warmup : number, default 0
        W, the fraction of the run that warms up.
    power : number, default 1
        Of the decay, where its shape is "power".
    floor : number, default 0
        f, the fraction of the step size that is left at the end.
    shape : str, default "power"
        Of the decay: "power", "cosine" or "1-sqrt".

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: 0 < F <= 1, 0 <= W, W + F <= 1, power > 0, 0 <= floor < 1; a power for the shape "power" alone.

    Source: D26, D17.

    Examples
    --------
    >>> WarmupStableDecay(1, decay="1/2").step_sizes(0, 4, horizon=4)
    array([1. , 1. , 1. , 0.5])
    >>> WarmupStableDecay(1, decay=1, shape="1-sqrt", floor="1/10").step_sizes(0, 4, horizon=4).round(4)
    array([1.    , 0.55  , 0.3636, 0.2206])
    """

    step_size: GivenNumber
    decay: GivenNumber = given(default=Fraction(1, 5))
    warmup: GivenNumber = given(default=0)
    power: GivenNumber = given(default=1)
    floor: GivenNumber = given(default=0)
    shape: str = "power"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_floor(self.floor)
        chosen(self.shape, "shape", _SHAPES)
        if self.power <= 0:
            raise InvalidInput(f"the power of the decay must be positive, not {self.power}")
        if self.shape != "power" and self.power != 1:
            raise InvalidInput(f"a decay of shape {self.shape!r} has no power, but power={self.power} is given")
        if not 0 < self.decay <= 1:
            raise InvalidInput(f"the decay fraction must lie in (0, 1], not {self.decay}")
        if not 0 <= self.warmup <= 1 - self.decay:
            raise InvalidInput(
                f"the warmup fraction must lie between 0 and 1 - decay = {1 - self.decay}, not {self.warmup}"
            )

    def formula(self, at: Reading) -> Value:
        factor = above_floor(at, self.floor, self._decayed(at))
        if self.warmup > 0:
            factor = at.least(factor, at.begun / (at.number(self.warmup) * at.horizon))
        return at.number(self.step_size) * factor

    def _decayed(self, at: Reading) -> Value:
        """From 1 to 0, whatever the floor."""
        stable = at.least(at.number(Fraction(1)), at.left / (at.number(self.decay) * at.horizon))
        if self.shape == "cosine":
            return at.sine(stable) ** 2
        if self.shape == "1-sqrt":
            return at.split(at.share(1 - Fraction(self.decay)), lambda early: early.number(Fraction(1)), self._rooted)
        return at.power(stable, self.power)

    def _rooted(self, at: Reading) -> Value:
        # 1 - sqrt(1 - x) = x/(1 + sqrt(1 - x)); both x and 1 - x are counted from their own end, so nothing cancels
        length = at.number(self.decay) * at.horizon
        elapsed = at.later(at.share(1 - Fraction(self.decay))).done / length
        return at.left / length / (1 + at.power(elapsed, Fraction(1, 2)))

    def kinks(self) -> tuple[Number, ...]:
        return tuple(sorted({place for place in (self.decay, 1 - self.warmup) if 0 < place < 1}))

    def breaks(self, *, horizon: int) -> tuple[int, ...]:
        # both formulas agree at a kink, so where it falls between two steps either may have the step after it
        steps = read_horizon(horizon)
        warm = math.ceil(Fraction(self.warmup) * steps) - 1
        decay = math.ceil((1 - Fraction(self.decay)) * steps)
        return tuple(sorted({place for place in (warm, decay) if 0 < place < steps}))

    def describe(self) -> dict[str, Any]:
        told = without_floor(super().describe())
        if self.shape == "power":
            return {key: value for key, value in told.items() if key != "shape"}
        return {key: value for key, value in told.items() if key != "power"}
