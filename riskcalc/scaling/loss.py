"""A sum of monomials with factors that bend slowly, in logarithms of the budget and of what is chosen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


class Bend(Protocol):
    """The logarithm of a factor, as a function of w = (l, z)."""

    def at(self, w: Values) -> tuple[float, Values, Values]:
        """Value, gradient and Hessian; inf where the factor has no logarithm."""

    def along(self, directions: Values) -> Bend:
        """What is left of it infinitely far along directions of z."""


@dataclass(frozen=True, kw_only=True)
class EffectiveSteps:
    """log of 1/log2(n), log n being a form of w and a constant: t = n/log2(n)."""

    form: tuple[float, ...]
    constant: float = 0.0

    def at(self, w: Values) -> tuple[float, Values, Values]:
        form = np.array(self.form)
        steps = max(float(form @ w) + self.constant, math.log(2))  # one halving at least
        return -math.log(steps / math.log(2)), -form / steps, np.outer(form, form) / steps**2

    def along(self, directions: Values) -> EffectiveSteps:
        """The same: what costs nothing pays no steps."""
        return self


@dataclass(frozen=True, kw_only=True)
class Part:
    """constant * e^(form w) * factor^power, the factor being that of a bend."""

    constant: float
    form: tuple[float, ...]
    power: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Quotient:
    """log of 1/(1 + sum of parts); bend: whose powers the parts have, where there is one."""

    parts: tuple[Part, ...]
    bend: Bend | None = None

    def at(self, w: Values) -> tuple[float, Values, Values]:
        flat = np.zeros((len(w), len(w)))
        if not self.parts:
            return 0.0, np.zeros(len(w)), flat
        logs, signs, forms, powers = self._arrays
        value, gradient, curvature = (0.0, np.zeros(len(w)), flat) if self.bend is None else self.bend.at(w)
        exponents, slopes = forms @ w + logs + powers * value, forms + np.outer(powers, gradient)
        most = max(0.0, float(exponents.max()))  # of what is added to 1
        sizes = signs * np.exp(exponents - most)
        total = math.exp(-most) + float(sizes.sum())
        if total <= 0:
            return math.inf, np.zeros(len(w)), flat
        shares = sizes / total
        slope = shares @ slopes
        hessian = (slopes * shares[:, None]).T @ slopes - np.outer(slope, slope) + (shares @ powers) * curvature
        return -most - math.log(total), -slope, -hessian

    def along(self, directions: Values) -> Quotient:
        """Without the parts that vanish."""
        kept = tuple(part for part in self.parts if (directions @ np.array(part.form[1:]) >= 0).all())
        return Quotient(parts=kept, bend=self.bend)

    @cached_property
    def _arrays(self) -> tuple[Values, Values, Values, Values]:
        constants = np.array([part.constant for part in self.parts])
        forms, powers = ([getattr(part, name) for part in self.parts] for name in ("form", "power"))
        return np.log(np.abs(constants)), np.sign(constants), np.array(forms), np.array(powers)


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """constant * e^(form w) * prod factor^power.

    known: whether it is derived, and not an order or a bridge between two ranges of time.
    """

    name: str
    constant: float
    form: tuple[float, ...]
    powers: tuple[float, ...]
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class Loss:
    """The sum of contributions, as a function of w = (l, z): the logarithms of the budget and of the variables."""

    contributions: tuple[Contribution, ...]
    bends: tuple[Bend, ...] = ()

    @property
    def known(self) -> bool:
        """Whether every contribution is derived."""
        return all(one.known for one in self.contributions)

    def along(self, directions: Values) -> Loss:
        """What is left of it infinitely far along directions of z."""
        slopes = [directions @ np.array(one.form[1:]) for one in self.contributions]
        kept = tuple(one for one, slope in zip(self.contributions, slopes, strict=True) if (slope >= 0).all())
        return Loss(contributions=kept, bends=tuple(bend.along(directions) for bend in self.bends))

    def value(self, w: Values) -> float:
        """The logarithm of the loss; inf where the sum is not positive or a factor is not."""
        return self._at(w)[0]

    def derivatives(self, w: Values) -> tuple[float, Values, Values]:
        """The logarithm of the loss with its gradient and Hessian in w.

        Formula: with shares p_k and slopes s_k of log of each contribution, sum p_k s_k; and sum p_k (s_k s_k^T + H_k)
            less the square of the gradient, H_k from the factors that bend.
        """
        value, shares, bent = self._at(w)
        slopes = self._forms + self._powers @ np.array([gradient for _, gradient, _ in bent]).reshape(-1, len(w))
        gradient = shares @ slopes
        hessian = (slopes * shares[:, None]).T @ slopes - np.outer(gradient, gradient)
        for weight, (_, _, curvature) in zip(shares @ self._powers, bent, strict=True):
            hessian += weight * curvature
        return value, gradient, hessian

    def _at(self, w: Values) -> tuple[float, Values, Sequence[tuple[float, Values, Values]]]:
        bent = [bend.at(w) for bend in self.bends]
        factors = np.array([value for value, _, _ in bent])
        if not np.isfinite(factors).all():
            return math.inf, np.zeros(len(self.contributions)), bent
        sizes = self._logs + self._forms @ w + self._powers @ factors
        largest = float(sizes.max())
        parts = self._signs * np.exp(sizes - largest)
        total = float(parts.sum())
        return (largest + math.log(total) if total > 0 else math.inf), parts / (total or 1.0), bent

    @cached_property
    def _logs(self) -> Values:
        return np.log(np.abs([one.constant for one in self.contributions]))

    @cached_property
    def _signs(self) -> Values:
        return np.sign([one.constant for one in self.contributions])

    @cached_property
    def _forms(self) -> Values:
        return np.array([one.form for one in self.contributions])

    @cached_property
    def _powers(self) -> Values:
        return np.array([one.powers for one in self.contributions]).reshape(len(self.contributions), len(self.bends))
