"""Forms of a scaling law L(N, D): what each says of the loss, from its parameters, in logarithms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from riskcalc.fitting.power_sum import PowerSum, log_of_sum
from riskcalc.quantity import Real

FLOOR, SIZE, SAMPLE = 0, 1, 2  # parts: the constant, the term of N, the term of D


class Form(Protocol):
    """A scaling law at some points.

    sizes, samples: N and D of the points. names: of the parameters as they are reported; logarithms: of them, those
    that are fitted as logarithms.
    """

    names: ClassVar[tuple[str, ...]]
    logarithms: ClassVar[tuple[str, ...]]

    @property
    def sizes(self) -> Real:
        """N."""

    @property
    def samples(self) -> Real:
        """D."""

    def values(self, parameters: Real) -> Real:
        """log L, shape (sets, points)."""

    def evaluate(self, parameters: Real) -> tuple[Real, Real]:
        """log L and its Jacobian."""

    def parts(self, parameters: Real) -> Real:
        """The constant and what N and D add alone, shape (sets, 3, points)."""

    def directions(self, parameters: Real) -> dict[str, Real]:
        """Derivatives of log L by what has to be known of it, each in its natural unit, by name."""

    def at(self, sizes: Real, samples: Real) -> Form:
        """The same law at other points."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Additive:
    """L = E + A N^-alpha + B D^-beta, fitted by the logarithms of E, A and B."""

    sizes: Real
    samples: Real

    names: ClassVar[tuple[str, ...]] = ("E", "A", "alpha", "B", "beta")
    logarithms: ClassVar[tuple[str, ...]] = ("E", "A", "B")

    @property
    def sum(self) -> PowerSum:
        return surface_sum(self.sizes, self.samples)

    def values(self, parameters: Real) -> Real:
        return self.sum.values(parameters)

    def evaluate(self, parameters: Real) -> tuple[Real, Real]:
        return self.sum.evaluate(parameters)

    def parts(self, parameters: Real) -> Real:
        return self.sum.parts(parameters)

    def directions(self, parameters: Real) -> dict[str, Real]:
        return _power_law_directions(self, parameters)

    def at(self, sizes: Real, samples: Real) -> Additive:
        return Additive(sizes=sizes, samples=samples)


@dataclass(frozen=True, kw_only=True, eq=False)
class Coupled:
    """L = E + [(A N^-alpha)^g + (B D^-beta)^g]^(1/g): g = 1 adds the terms, g = oo takes the larger one.

    Fitted by the logarithms of E, A, B and g.
    """

    sizes: Real
    samples: Real

    names: ClassVar[tuple[str, ...]] = ("E", "A", "alpha", "B", "beta", "g")
    logarithms: ClassVar[tuple[str, ...]] = ("E", "A", "B", "g")

    def values(self, parameters: Real) -> Real:
        return self._evaluated(parameters)[0]

    def evaluate(self, parameters: Real) -> tuple[Real, Real]:
        total, share, powers, joint, terms = self._evaluated(parameters)
        mine = np.exp(powers - log_of_sum(powers)[:, None, :])  # what each term has of the pair
        weight = (1 - share)[:, None, :] * mine
        by_coupling = (1 - share) * ((mine * terms).sum(axis=1) - joint)
        across, along = np.log(self.sizes), np.log(self.samples)
        rows = [share, weight[:, 0], -weight[:, 0] * across, weight[:, 1], -weight[:, 1] * along, by_coupling]
        return total, np.stack(rows, axis=-1)

    def parts(self, parameters: Real) -> Real:
        return surface_sum(self.sizes, self.samples).parts(parameters[:, :5])

    def directions(self, parameters: Real) -> dict[str, Real]:
        found = _power_law_directions(self, parameters)
        return {**found, "the coupling g": self.evaluate(parameters)[1][0][:, 5]}

    def at(self, sizes: Real, samples: Real) -> Coupled:
        return Coupled(sizes=sizes, samples=samples)

    def _evaluated(self, parameters: Real) -> tuple[Real, Real, Real, Real, Real]:
        """log L, the share of E, the powers of the terms, the logarithm of the pair, those of the terms."""
        first = parameters[:, 1, None] - parameters[:, 2, None] * np.log(self.sizes)
        second = parameters[:, 3, None] - parameters[:, 4, None] * np.log(self.samples)
        terms = np.stack([first, second], axis=1)
        coupling = np.exp(parameters[:, 5])[:, None, None]
        powers = coupling * terms
        joint = log_of_sum(powers) / coupling[:, :, 0]
        floor = np.broadcast_to(parameters[:, 0, None], joint.shape)
        total = log_of_sum(np.stack([floor, joint], axis=1))
        return total, np.exp(floor - total), powers, joint, terms


def surface_sum(sizes: Real, samples: Real) -> PowerSum:
    """Formula: L = E + A N^-alpha + B D^-beta, parameters (log E, log A, alpha, log B, beta)."""
    design = np.zeros((3, len(sizes), 5))
    design[0, :, 0] = design[1, :, 1] = design[2, :, 3] = 1.0
    design[1, :, 2], design[2, :, 4] = -np.log(sizes), -np.log(samples)
    return PowerSum(design=design, names=Additive.names)


def _power_law_directions(form: Additive | Coupled, parameters: Real) -> dict[str, Real]:
    """The constant in units of the loss; each term by its logarithm in the middle of the grid, and its exponent times
    half the width of the grid."""
    values, jacobian = form.evaluate(parameters)
    shares = (form.parts(parameters)[0] / np.exp(values)).max(axis=1)
    columns = dict(zip(form.names, jacobian[0].T, strict=True))
    found = {} if np.isneginf(parameters[0, 0]) else {"the constant": columns["E"] / shares[FLOOR]}
    axes = (("N", "A", "alpha", form.sizes), ("D", "B", "beta", form.samples))
    for letter, size, exponent, axis in axes:
        x = np.log(axis)
        middle, half = (x.max() + x.min()) / 2, np.ptp(x) / 2
        found[f"the term of {letter}"] = columns[size]
        found[f"the exponent of {letter}"] = (columns[exponent] + middle * columns[size]) / half
    return found
