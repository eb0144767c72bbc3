"""Kernels whose matrix on the rows of a data set is decomposed; a bandwidth left open is the median distance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenWhole, NumberLike, Read, Real, frozen, given, number, of_type, whole
from riskcalc.quantity.spelling import Spelling, read_spelled


@runtime_checkable
class DataKernel(Protocol):
    """A positive semidefinite function of two rows."""

    def settled(self, rows: Real) -> DataKernel:
        """The same kernel with whatever was left open decided from the rows."""

    def matrix(self, rows: Real) -> Real:
        """k(x_i, x_k) of all pairs of rows, shape (n, n)."""

    def describe(self) -> dict[str, Any]:
        """Name and settings as plain JSON values."""


@dataclass(frozen=True, kw_only=True)
class Linear:
    """Formula: k(x, y) = <x, y>: the eigenvalues are those of the covariance of the rows."""

    def settled(self, rows: Real) -> Linear:
        return self

    def matrix(self, rows: Real) -> Real:
        return np.asarray(rows @ rows.T)

    def describe(self) -> dict[str, Any]:
        return {"name": "linear"}


@frozen(kw_only=True)
class Rbf:
    """Formula: k(x, y) = exp(-|x - y|^2 / (2 h^2)), h the bandwidth; by default the median distance of two rows."""

    bandwidth: Read[NumberLike | None, float | None] = given(default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bandwidth", _bandwidth(self.bandwidth))

    def settled(self, rows: Real) -> Rbf:
        return self if self.bandwidth is not None else replace(self, bandwidth=_median_distance(rows))

    def matrix(self, rows: Real) -> Real:
        width = self.bandwidth or _median_distance(rows)
        return np.asarray(np.exp(-_squared_distances(rows) / (2 * width**2)))

    def describe(self) -> dict[str, Any]:
        return {"name": "rbf", "bandwidth": self.bandwidth}


@frozen(kw_only=True)
class Laplace:
    """Formula: k(x, y) = exp(-|x - y| / h), h the bandwidth; by default the median distance of two rows."""

    bandwidth: Read[NumberLike | None, float | None] = given(default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bandwidth", _bandwidth(self.bandwidth))

    def settled(self, rows: Real) -> Laplace:
        return self if self.bandwidth is not None else replace(self, bandwidth=_median_distance(rows))

    def matrix(self, rows: Real) -> Real:
        width = self.bandwidth or _median_distance(rows)
        return np.asarray(np.exp(-np.sqrt(_squared_distances(rows)) / width))

    def describe(self) -> dict[str, Any]:
        return {"name": "laplace", "bandwidth": self.bandwidth}


@frozen(kw_only=True)
class ArcCosine:
    """The kernel of an infinitely wide layer of steps (order 0) or rectified linear units (order 1).

    Formula: with phi the angle between x and y: 1 - phi/pi, or |x| |y| (sin phi + (pi - phi) cos phi)/pi.
    Valid: order 0 sees directions only, so a row of zeros has none and is refused.
    Source: Cho and Saul (2009), their equations for n = 0 and n = 1.
    """

    order: GivenWhole = given(default=1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", whole(self.order, "order"))
        if self.order not in (0, 1):
            raise InvalidInput(f"the order of the arc-cosine kernel must be 0 or 1, not {self.order}")

    def settled(self, rows: Real) -> ArcCosine:
        return self

    def matrix(self, rows: Real) -> Real:
        norms = np.linalg.norm(rows, axis=1)
        if self.order == 0 and not norms.all():
            raise InvalidInput("a row is all zeros, which has no direction: use order 1, or another kernel")
        unit = rows / np.where(norms > 0, norms, 1.0)[:, None]
        cosine = np.clip(unit @ unit.T, -1.0, 1.0)
        np.fill_diagonal(cosine, 1.0)
        angle = np.arccos(cosine)
        if self.order == 0:
            return np.asarray(1 - angle / np.pi)
        return np.asarray(np.outer(norms, norms) * (np.sin(angle) + (np.pi - angle) * cosine) / np.pi)

    def describe(self) -> dict[str, Any]:
        return {"name": "arccos", "order": self.order}


_SPELLINGS = {
    one.name: one
    for one in (
        Spelling(name="linear", kind=Linear),
        Spelling(name="rbf", kind=Rbf, bare="bandwidth"),
        Spelling(name="laplace", kind=Laplace, bare="bandwidth"),
        Spelling(name="arccos", kind=ArcCosine, bare="order"),
    )
}
KERNELS = tuple(_SPELLINGS)


def read_kernel(value: object, *, asked: str = "kernel") -> DataKernel:
    """A kernel, or the one that a text names; Linear() where none is given.

    >>> read_kernel("rbf"), read_kernel("arccos:0")
    (Rbf(bandwidth=None), ArcCosine(order=0))
    """
    if isinstance(value, str):
        named: DataKernel = read_spelled(value, _SPELLINGS, asked=asked)
        return named
    read: DataKernel = of_type(
        Linear() if value is None else value, DataKernel, asked, "Linear(), Rbf(), Laplace() or ArcCosine()"
    )
    return read


def _bandwidth(value: object) -> float | None:
    if value is None:
        return None
    width = float(number(value, "bandwidth"))
    if width <= 0:
        raise InvalidInput(f"bandwidth must be positive, not {value}")
    return width


def _squared_distances(rows: Real) -> Real:
    squares = np.sum(rows**2, axis=1)
    found = squares[:, None] + squares - 2 * (rows @ rows.T)
    np.fill_diagonal(found, 0.0)
    return np.asarray(np.maximum(found, 0.0))


def _median_distance(rows: Real) -> float:
    pairs = np.triu_indices(len(rows), 1)
    width = float(np.median(np.sqrt(_squared_distances(rows)[pairs])))
    if width <= 0:
        raise InvalidInput("the median distance of two rows is 0, so it gives no bandwidth: give one")
    return width
