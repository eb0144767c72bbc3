"""Warmup, a long stretch of constant step size, and a decay to zero at the end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number, plain
from riskcalc.schedule.formula import Formula, Reading, Value
from riskcalc.schedule.schedule import positive_step_size, read_horizon


@dataclass(frozen=True)
class WarmupStableDecay(Formula):
    """gamma_s = step_size min(1, (s+1)/(W N), ((1 - s/N)/F)^power), warmup fraction W, decay fraction F.

    Valid: 0 < F <= 1, 0 <= W, W + F <= 1, power > 0. Without warmup (W = 0) the first factor is absent. The decay is
    linear unless another power is given.

    >>> WarmupStableDecay(1, decay="1/2").step_sizes(0, 4, horizon=4)
    array([1. , 1. , 1. , 0.5])
    """

    step_size: Number
    decay: Number = Fraction(1, 5)
    warmup: Number = 0
    power: Number = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "step_size", positive_step_size(self.step_size))
        object.__setattr__(self, "decay", number(self.decay, "decay"))
        object.__setattr__(self, "warmup", number(self.warmup, "warmup"))
        object.__setattr__(self, "power", number(self.power, "power"))
        if self.power <= 0:
            raise InvalidInput(f"the power of the decay must be positive, not {self.power}")
        if not 0 < self.decay <= 1:
            raise InvalidInput(f"the decay fraction must lie in (0, 1], not {self.decay}")
        if not 0 <= self.warmup <= 1 - self.decay:
            raise InvalidInput(
                f"the warmup fraction must lie between 0 and 1 - decay = {1 - self.decay}, not {self.warmup}"
            )

    def formula(self, at: Reading) -> Value:
        stable = at.least(at.number(Fraction(1)), at.left / (at.number(self.decay) * at.horizon))
        factor = at.power(stable, self.power)
        if self.warmup > 0:
            factor = at.least(factor, at.begun / (at.number(self.warmup) * at.horizon))
        return at.number(self.step_size) * factor

    def kinks(self) -> tuple[Number, ...]:
        return tuple(sorted({place for place in (self.decay, 1 - self.warmup) if 0 < place < 1}))

    def breaks(self, *, horizon: int) -> tuple[int, ...]:
        # both formulas agree at a kink, so where it falls between two steps either may have the step after it
        steps = read_horizon(horizon)
        warm = math.ceil(Fraction(self.warmup) * steps) - 1
        decay = math.ceil((1 - Fraction(self.decay)) * steps)
        return tuple(sorted({place for place in (warm, decay) if 0 < place < steps}))

    def stages(self, *, horizon: int) -> None:
        read_horizon(horizon)

    def peak(self, *, horizon: int) -> float:
        read_horizon(horizon)
        return float(self.step_size)

    def check(self, *, horizon: int) -> None:
        """Smooth between two kinks at any horizon: nothing to refuse but what is none."""
        read_horizon(horizon)

    def describe(self) -> dict[str, Any]:
        return {
            "name": "wsd",
            "step_size": plain(self.step_size),
            "decay": plain(self.decay),
            "warmup": plain(self.warmup),
            "power": plain(self.power),
        }
