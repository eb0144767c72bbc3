"""Nodes of a hyperbola for one coefficient of a generating function at any step, with a proved bound of the error.

Formula: g(t) = (1/2 pi i) int g^(zeta) zeta^-(t+1) d zeta on zeta = 1 - mu (1 - sin(alpha - i theta)), midpoint rule in
theta. A shift of theta by i y turns alpha into alpha + y: the strip of the trapezoidal theorem is a family of
hyperbolas with foci zeta = 1 and zeta = 1 - 2 mu, and |1 - zeta| = mu (cosh theta - sin beta) on each. Where
|g^| <= G (1 + |1 - zeta|)^2/(|1 - zeta| cos^2 beta), everything has a closed bound.
Valid: t >= 2; singularities at real zeta >= 1 only. Source: D22.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Field
from riskcalc.numeric.precise_inversion import Nodes

EARLIEST = 2  # steps: below, the integrand does not decay
_LN10 = math.log(10)
_MARGIN = 1e-6  # natural units: far above the rounding errors of the floats that bounds are computed in
_FARTHEST = 600.0  # of theta: beyond, cosh would overflow
_ANGLES = tuple(0.2 + 0.05 * k for k in range(23))
_SCALES = tuple(0.2 + 0.1 * k for k in range(24))  # of mu t, in units of the digits asked
_SHARES = (0.8, 0.86, 0.9, 0.94, 0.97, 0.985)


@dataclass(frozen=True, kw_only=True)
class Hyperbola:
    """mu, alpha and the spacing Delta, exactly the floats they are; nodes: those with theta > 0; bounds: for G = 1."""

    time: int
    scale: float
    angle: float
    spacing: float
    nodes: int
    left: float  # beta of the two edges of the strip
    right: float
    sector: float = 0.0  # half the angle, at zeta = 1, of the wedge that holds the singularities

    def log10_bound(self) -> float:
        """log10 of a bound of the error of the midpoint rule for G = 1. Source: D22."""
        strip = [
            self._log_mass(beta) - _log_expm1(2 * math.pi * abs(beta - self.angle) / self.spacing)
            for beta in (self.left, self.right)
        ]
        return (_log_sum([*strip, self._log_rest()]) + _MARGIN) / _LN10

    def growth(self) -> float:
        """log10 of the largest |zeta|^-t on the contour, where it crosses the axis."""
        return -self.time * math.log1p(-self.scale * (1 - math.sin(self.angle))) / _LN10

    def _log_factor(self, beta: float) -> float:
        """log of a bound of |f| (1 + nu (cosh theta - 1))^{t-1} on the hyperbola of angle beta."""
        sine, cosine = math.sin(beta), math.cos(beta)
        waist = self.scale * (1 - sine)  # 1 - zeta at theta = 0
        ratio = max(1 / sine, (1 + waist) / (1 - waist))
        steep = math.log((1 + sine) / (2 * math.pi * cosine * math.cos(beta + self.sector) ** 2))
        return steep + 2 * math.log(ratio) - (self.time - 1) * math.log1p(-waist)

    def _steepness(self, beta: float) -> float:
        """nu."""
        return self.scale * math.sin(beta) / (1 - self.scale * (1 - math.sin(beta)))

    def _log_mass(self, beta: float) -> float:
        """log of a bound of int |f| over the hyperbola of angle beta."""
        power, nu = self.time - 1, self._steepness(beta)
        width = math.sqrt(2 * math.pi / (power * nu * math.log(2))) + 4 * 2.0 ** -min(power, 1000) / power
        return self._log_factor(beta) + math.log(width)

    def _log_rest(self) -> float:
        """log of a bound of the terms of the midpoint rule that are left out, both halves."""
        power, nu = self.time - 1, self._steepness(self.angle)
        end = (self.nodes - 0.5) * self.spacing
        above = nu * (math.cosh(end) - 1)
        fall = power * min(1.0, nu * math.sinh(end) / (1 + above))
        return self._log_factor(self.angle) - power * math.log1p(above) + math.log(2 / fall)


def hyperbola(*, time: int, digits: int, sector: float = 0.0) -> Hyperbola:
    """The hyperbola of fewest nodes, among those of a grid, with an error proved below G 10^-digits.

    sector: 0 where the singularities are real.
    """
    if time < EARLIEST:
        raise ToleranceNotMet(f"the hyperbola serves steps from {EARLIEST} on, not {time}")
    best = None
    for angle in _ANGLES:
        if angle > 0.9 * (math.pi / 2 - sector):
            continue
        for share in _SCALES:
            scale = share * digits * _LN10 / (time + 4 * digits)
            found = _fitted(time, digits, angle, scale, sector, best.nodes if best else 10**6)
            if found is not None and (best is None or found.nodes < best.nodes):
                best = found
    if best is None:
        raise ToleranceNotMet(f"no hyperbola serves {digits} digits at step {time}")
    return best


def _fitted(time: int, digits: int, angle: float, scale: float, sector: float, most: int) -> Hyperbola | None:
    """The widest spacing and the fewest nodes at this angle and scale; None if there are `most` nodes or more."""
    target = -(digits * _LN10 + math.log(3) + 2 * _MARGIN)  # three parts of one size
    edges = []
    for wide in (True, False):
        spacing, edge = 0.0, angle
        for share in _SHARES:
            beta = angle + share * (math.pi / 2 - sector - angle) if wide else angle * (1 - share)
            if scale * (1 - math.sin(beta)) >= 0.9:
                continue
            trial = Hyperbola(
                time=time, scale=scale, angle=angle, spacing=1.0, nodes=1, left=beta, right=beta, sector=sector
            )
            fits = 2 * math.pi * abs(beta - angle) / (max(1.0, trial._log_mass(beta) - target) + 1e-3)
            spacing, edge = (fits, beta) if fits > spacing else (spacing, edge)
        edges.append((spacing, edge))
    (near, left), (far, right) = edges
    spacing = min(near, far)
    if spacing == 0.0:
        return None

    def build(nodes: int) -> Hyperbola:
        return Hyperbola(
            time=time,
            scale=scale,
            angle=angle,
            spacing=spacing,
            nodes=nodes,
            left=left,
            right=right,
            sector=sector,
        )

    low, high = 0, min(most, int(_FARTHEST / spacing))
    if high < 1 or build(high)._log_rest() > target:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if build(middle)._log_rest() > target else (low, middle)
    return build(high) if high < most else None


def hyperbola_nodes(field: Field, curve: Hyperbola) -> Nodes:
    """Nodes zeta and weights of one step, from the axis outwards."""
    scale, spacing = field.real(Fraction(curve.scale)), field.real(Fraction(curve.spacing))
    cosine, sine = field.parts(field.exp(field.pair(field.real(0), field.real(Fraction(curve.angle)))))
    zetas, weights = [], []
    for k in range(curve.nodes):
        up = field.exp(spacing * (2 * k + 1) / 2)
        wide, high = (up + 1 / up) / 2, (up - 1 / up) / 2
        zeta = field.pair(1 - scale * (1 - sine * wide), -scale * cosine * high)
        rise = field.pair(cosine * wide, sine * high)
        zetas.append(zeta)
        weights.append((1 / zeta) ** (curve.time + 1) * rise * (spacing * scale / field.pi()))
    return Nodes(start=1 - scale * (1 - sine), zeta=tuple(zetas), weight=(tuple(weights),))


def _log_expm1(x: float) -> float:
    return x + math.log(-math.expm1(-x))


def _log_sum(logs: list[float]) -> float:
    most = max(logs)
    return most + math.log(math.fsum(math.exp(log - most) for log in logs))
