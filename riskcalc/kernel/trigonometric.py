"""Kernels on the unit interval whose eigenfunctions are sines and cosines."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.kernel.boundary_terms import fast_coefficients, leading
from riskcalc.kernel.breaks import read_breaks
from riskcalc.kernel.decay import Decay
from riskcalc.kernel.directions import directions
from riskcalc.kernel.expansion import RULES, Projection, Target, by_quadrature
from riskcalc.kernel.kernel import Kernel
from riskcalc.kernel.piecewise import PiecewisePolynomial
from riskcalc.kernel.quadrature import Rule, panels
from riskcalc.kernel.waves import Waves
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.quantity import NumberLike, Real, number, real_array, shown, whole

_LEAST = 64.0  # radians; so that a rule for few features resolves targets too




class Trigonometric(Kernel):
    """Common to such kernels: uniform measure on [0, 1], and an eigenvalue that depends on the frequency alone."""

    @abstractmethod
    def waves(self, dimension: int) -> Waves:
        """The eigenfunctions, by growing frequency."""

    @property
    @abstractmethod
    def smoothness(self) -> Fraction:
        """s, where lambda ~ omega^(-2s)."""

    @property
    @abstractmethod
    def amplitude(self) -> float:
        """A, where lambda ~ A omega^(-2s)."""

    @property
    def a(self) -> Fraction:
        """2s: the frequencies are omega_j ~ pi j, two for each full turn."""
        return 2 * self.smoothness

    def eigenfunctions(self, points: ArrayLike, dimension: int) -> Real:
        return self.waves(directions(dimension)).at(on_interval(points))

    def sample(self, generator: np.random.Generator, count: int) -> Real:
        return generator.random(count)

    def rule(self, dimension: int, *, factors: int, breaks: Iterable[float] = ()) -> Rule:
        fastest, many = np.pi * float(self.waves(directions(dimension)).turns.max()), whole(factors, "factors", least=1)
        return panels(0.0, 1.0, phase=many * (fastest + _LEAST), breaks=read_breaks(breaks))

    def _projections(self, target: Target, v: int, breaks: tuple[float, ...]) -> tuple[Projection, Projection]:
        """By boundary terms; where the frequency is so small that they cancel, by two quadratures."""
        if not isinstance(target, PiecewisePolynomial):
            return super()._projections(target, v, breaks)
        slow, fast = fast_coefficients(self.waves(v), target)
        squared_norm = float(target.squared_integral())
        if not slow:
            return (fast, squared_norm), (fast, squared_norm)
        rules = (self.rule(slow, factors=factors, breaks=target.breaks) for factors in RULES)
        parts = (by_quadrature(self.eigenfunctions, target, slow, rule)[0] for rule in rules)
        coarse, fine = ((np.concatenate([part, fast]), squared_norm) for part in parts)
        return coarse, fine

    def decay(self, target: Target) -> Decay:
        if not isinstance(target, PiecewisePolynomial):
            return super().decay(target)
        order, _ = leading(self.waves, target)
        return Decay(a=self.a, b=Fraction(2 * (order + 1)), derivative=order)

    def power_law(self, target: Target, *, dimension: int | None = None, noise: NumberLike = 0) -> Problem:
        if not isinstance(target, PiecewisePolynomial):
            return super().power_law(target, dimension=dimension, noise=noise)
        found = self.decay(target)
        _, square = leading(self.waves, target)
        return Problem(
            spectrum=PowerLaw(a=found.a, dimension=dimension, scale=self.amplitude * math.pi ** -float(found.a)),
            signal=PowerLawSignal(b=found.b, scale=square * math.pi ** -float(found.b)),
            noise=number(noise, "noise"),
        )


def on_interval(points: ArrayLike) -> Real:
    """Points as a vector, all of them in [0, 1]."""
    needed = "a vector of numbers between 0 and 1"
    vector = np.atleast_1d(real_array(points, "points", needed=needed))
    if vector.ndim != 1 or not ((vector >= 0) & (vector <= 1)).all():
        raise InvalidInput(f"points must be {needed}, not {shown(points)}")
    return vector
