"""The generating functions of bias and variance at constant step size, from two resolvents.

Formula: 1 - zeta q(x) = -c (x - x1)(x - x2) and z(u_i) = x_i give F^ and K^; then bias = X/(1 - zeta K) with
X = F^ - approximation/(1 - zeta), and variance = zeta K (sigma2 + approximation)/((1 - zeta)(1 - zeta K)). All of them
are the formulas of the formula room, compiled. Source: D03, section 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from riskcalc.numeric.field import Element, Field
from riskcalc.spectral.precise.roots import Point, follow, left_of_spectrum, right_of_floor
from riskcalc.spectral.precise.sums import Sums

_COMPILED: dict[str, tuple[Callable[..., Any], ...]] = {}  # by name of the field


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One problem under one step size: exact numbers, and the sums."""

    sums: Sums
    model_size: Fraction
    step_size: Fraction
    batch_size: int
    noise: Fraction

    @property
    def field(self) -> Field:
        return self.sums.field

    def scalars(self) -> tuple[Element, Element, Element, Element]:
        """M, gamma, B, sigma2 at the working precision."""
        real = self.field.real
        return real(self.model_size), real(self.step_size), real(self.batch_size), real(self.noise)


def stability_point(setting: Setting) -> Fraction:
    """z_* = 2/(gamma (1 + 1/B)), exactly."""
    return 2 / (setting.step_size * (1 + Fraction(1, setting.batch_size)))


def kernel_mass(setting: Setting, edge: Point) -> Element:
    """kappa = -d1(u_*)/(B + 1)."""
    return -edge.values.d1 / (setting.batch_size + 1)


def roots_of_factor(setting: Setting, zeta: Element) -> tuple[Element, Element]:
    """x1 and x2, where 1 - zeta q(x) = 0."""
    near, far, *_ = _formulas(setting.field)
    _, gamma, batch, _ = setting.scalars()
    return near(zeta, gamma, batch), far(zeta, gamma, batch)


def points_along(
    setting: Setting, start: Element, path: Sequence[Element], digits: int
) -> Iterator[tuple[Point, Point]]:
    """(u1, u2) at each zeta of a path in the upper or lower half plane that begins near the real `start` < 1."""
    first, second = roots_of_factor(setting, setting.field.middle(start))
    pairs = [roots_of_factor(setting, zeta) for zeta in path]
    near = right_of_floor(setting.sums, setting.model_size, setting.field.middle(first), 20)
    far = left_of_spectrum(setting.sums, setting.model_size, setting.field.middle(second), 20)
    return zip(
        follow(setting.sums, setting.model_size, near, [pair[0] for pair in pairs], digits),
        follow(setting.sums, setting.model_size, far, [pair[1] for pair in pairs], digits),
        strict=True,
    )


def responses(setting: Setting, zeta: Element, near: Point, far: Point, floor: Element) -> tuple[Element, Element]:
    """Generating functions of bias and variance at zeta; floor: the approximation error."""
    *_, bias, variance = _formulas(setting.field)
    _, _, _, noise = setting.scalars()
    total, feedback = forcing_and_kernel(setting, zeta, near, far)
    started = total - floor / (1 - zeta)
    return bias(started, feedback, zeta), variance(feedback, zeta, noise, floor)


def forcing_and_kernel(setting: Setting, zeta: Element, near: Point, far: Point) -> tuple[Element, Element]:
    """Generating functions F^ (floor included) and K^ at zeta."""
    _, _, forcing, kernel, *_ = _formulas(setting.field)
    size, gamma, batch, _ = setting.scalars()
    places = (zeta, gamma, batch, near.x, far.x, near.values.d1, far.values.d1)
    return forcing(*places, near.values.sig, far.values.sig, size), kernel(*places)


def _formulas(field: Field) -> tuple[Callable[..., Any], ...]:
    """x1, x2, F^, K^, bias and variance as functions of field elements, compiled once a field."""
    if field.name not in _COMPILED:
        _COMPILED[field.name] = _compile(field)
    return _COMPILED[field.name]


def _compile(field: Field) -> tuple[Callable[..., Any], ...]:
    from riskcalc.formula import generating, letters as L
    from riskcalc.formula.compiled import compiled
    from riskcalc.formula.dispersion import d1, signal_sum

    step, sums = [L.zeta, L.gamma, L.B], [d1(L.u1), d1(L.u2)]
    places = [*step, L.x1, L.x2, *sums]
    return (
        compiled(generating.near_root(), step, field),
        compiled(generating.far_root(), step, field),
        compiled(generating.forcing_from_resolvents(), [*places, signal_sum(L.u1), signal_sum(L.u2), L.M], field),
        compiled(generating.kernel_from_resolvents(), places, field),
        compiled(generating.bias_transform(), [L.X, L.K, L.zeta], field),
        compiled(generating.variance_transform(), [L.K, L.zeta, L.sigma2, L.approximation], field),
    )
