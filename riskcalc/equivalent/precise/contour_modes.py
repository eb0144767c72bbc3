"""The modes of the equivalent to any number of digits: nodes of a contour round the spectrum.

Formula: nodes on an ellipse in log(u0 - u), f = -(1/2 pi i) Phi dz, k = -(1/2 pi i) z d1 dz. Source: D02, D03.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.equivalent.landmarks import landmarks
from riskcalc.equivalent.precise.generating import Setting
from riskcalc.equivalent.precise.roots import dispersion, floor_root, slope
from riskcalc.equivalent.precise.sums import GUARD
from riskcalc.equivalent.sums import spectral_sums
from riskcalc.errors import InvalidInput
from riskcalc.numeric.contour import node_count
from riskcalc.numeric.field import Element


@dataclass(frozen=True, kw_only=True)
class ContourModes:
    """Upper half of the contour: positions, signal and kernel weights, twice each for the conjugates; and the floor."""

    position: list[Element]
    signal: list[Element]
    kernel: list[Element]
    floor: Element


def contour_modes(
    setting: Setting, run: Run, height: Fraction, digits: int, *, most: int, working: int = 0
) -> ContourModes:
    """The trapezoidal rule in y = log(u0 - u); the float edges only place the ellipse."""
    field = setting.field
    rough = landmarks(spectral_sums(run.problem), float(setting.model_size))
    low, high = math.log(rough.floor - rough.right), math.log(rough.floor - rough.left)
    half = (high - low) / 2
    count = node_count(low=low, high=high, height=float(height), digits=digits)
    if count // 2 > most:
        raise InvalidInput(
            f"{run.steps[-1]} steps of this schedule with {digits} digits take too long ({count // 2} modes each): "
            "ask for fewer digits or steps, or leave digits out"
        )
    level = max(digits, working)
    root = floor_root(setting.sums, setting.model_size, level)
    with field.working(level + GUARD):
        size, wide = field.real(setting.model_size), math.hypot(half, float(height))
        centre, wide_, high_ = (field.real(Fraction(x)) for x in ((low + high) / 2, wide, height))
        position, signal, kernel = [], [], []
        for k in range(count // 2):
            turn = field.exp(field.pair(field.real(0), field.pi() * (2 * k + 1) / count))
            cosine, sine = field.parts(turn)
            y, dy = field.pair(centre + wide_ * cosine, high_ * sine), field.pair(-wide_ * sine, high_ * cosine)
            distance = field.exp(y)
            u = root.u - distance
            values = setting.sums.at(u, level)
            z = dispersion(size, u, values)
            # -(1/2 pi i) dz, conjugate partners included
            weight = slope(size, values) * distance * dy * 2 / field.pair(field.real(0), field.real(count))
            position.append(z)
            signal.append(values.sig / (1 - values.d1 / size) * weight)
            kernel.append(z * values.d1 * weight)
        return ContourModes(position=position, signal=signal, kernel=kernel, floor=root.u * root.values.sig)
