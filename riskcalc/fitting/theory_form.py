"""The theory as a form of a scaling law: its own surface, with the width of the model a power of its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from riskcalc.fitting.crossover import LEAST, MOST_A, MOST_ABOVE, crossover
from riskcalc.quantity import Real

_POWER = 0.5  # of the parameters in the width: M ~ N^(1/2), as in square matrices
_BUMP = 1e-4  # for derivatives by a and b


@dataclass(frozen=True, kw_only=True, eq=False)
class Theory:
    """L = E + S M^(1 - b) Phi(tau D/M^a), M = N^(1/2), Phi the crossover of the theory.

    Fitted by the logarithms of E, S and tau. alpha = (b - 1)/2 and beta = (b - 1)/a are its exponents, and nothing is
    left free of how the two terms join.
    Source: D61.
    """

    sizes: Real
    samples: Real

    names: ClassVar[tuple[str, ...]] = ("E", "S", "tau", "a", "b")
    logarithms: ClassVar[tuple[str, ...]] = ("E", "S", "tau")

    def values(self, parameters: Real) -> Real:
        return np.array([self._value(row) for row in parameters])

    def evaluate(self, parameters: Real) -> tuple[Real, Real]:
        found = [self._evaluated(row) for row in parameters]
        return np.array([values for values, _ in found]), np.array([jacobian for _, jacobian in found])

    def _evaluated(self, row: Real) -> tuple[Real, Real]:
        """By a and b in differences, which need another surface; the rest from this one."""
        values, (_, _, time, a, b) = self._value(row), self._read(row)
        shares = np.exp(row[0] - values)
        width = _POWER * np.log(self.sizes)
        slope = crossover(a, b).slope(time + np.log(self.samples) - a * width)
        columns = [shares, 1 - shares, (1 - shares) * slope]
        for place in (3, 4):
            moved = np.zeros(len(self.names))
            moved[place] = _BUMP
            columns.append((self._value(row + moved) - self._value(row - moved)) / (2 * _BUMP))
        return values, np.stack(columns, axis=-1)

    def parts(self, parameters: Real) -> Real:
        return np.array([self._parts(row) for row in parameters])

    def directions(self, parameters: Real) -> dict[str, Real]:
        values, jacobian = self.evaluate(parameters)
        share = np.exp(parameters[0, 0] - values[0]).max()
        columns = dict(zip(self.names, jacobian[0].T, strict=True))
        across, along = np.log(self.sizes), np.log(self.samples)
        # a and b at a fixed loss in the middle of the grid
        found = {} if np.isneginf(parameters[0, 0]) else {"the constant": columns["E"] / share}
        found |= {"the scale of the loss": columns["S"], "the scale of time": columns["tau"]}
        for name, middle in (("a", columns["tau"] * _POWER), ("b", columns["S"] * _POWER)):
            found[f"the exponent {name}"] = columns[name] + middle * (across.mean() if name == "b" else along.mean())
        return found

    def at(self, sizes: Real, samples: Real) -> Theory:
        return Theory(sizes=sizes, samples=samples)

    def _value(self, row: Real) -> Real:
        floor, scale, time, a, b = self._read(row)
        width = _POWER * np.log(self.sizes)
        excess = scale + (1 - b) * width + crossover(a, b)(time + np.log(self.samples) - a * width)
        return np.asarray(np.logaddexp(floor, excess))

    def _parts(self, row: Real) -> Real:
        floor, scale, time, a, b = self._read(row)
        phi, width = crossover(a, b), _POWER * np.log(self.sizes)
        size = scale + (1 - b) * width + phi.floor
        slope = (b - 1) / a
        sample = scale + phi.decay - slope * (time + np.log(self.samples))
        return np.exp(np.stack([np.full_like(size, floor), size, sample]))

    def _read(self, row: Real) -> tuple[float, float, float, float, float]:
        floor, scale, time, a, b = (float(value) for value in row)
        a = float(np.clip(a, LEAST, MOST_A))
        return floor, scale, time, a, float(np.clip(b, LEAST, a + MOST_ABOVE))
