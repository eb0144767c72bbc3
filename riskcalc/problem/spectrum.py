"""Covariance spectra lambda_1 >= lambda_2 >= ... of the data."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.problem.vectors import finite_vector
from riskcalc.quantity import Number, Real, number, whole

_LARGEST_LOGARITHM = 30
CLOSEST = Fraction(1, 10**300)  # least distance of a and b from 1, below which sums are infinite
LARGEST_ARRAY = 50_000_000  # entries; a vector of this length takes 400 MB


@dataclass(frozen=True, kw_only=True)
class PowerLaw:
    """Power-law spectrum.

    Formula: lambda_j = scale * j^-a, j = 1..dimension.
    Valid: a > 0, scale > 0; an infinite dimension (None) needs a > 1, so that the trace is finite.
    Source: the common setting of Lin et al. (arXiv 2406.08466, assumption 2) and Paquette et al.
    (arXiv 2405.15074, with a = 2 alpha).

    >>> PowerLaw(a=2, dimension=3).eigenvalues()
    array([1.        , 0.25      , 0.11111111])
    """

    a: Number
    dimension: int | None = None
    scale: Number = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", number(self.a, "a"))
        object.__setattr__(self, "scale", number(self.scale, "scale"))
        if self.a <= 0:
            raise InvalidInput(f"a must be positive, not {self.a}: eigenvalues j^-a have to decay")
        if self.scale <= 0:
            raise InvalidInput(f"scale must be positive, not {self.scale}")
        if self.dimension is None:
            _check_trace(self.a)
        else:
            object.__setattr__(self, "dimension", whole(self.dimension, "dimension", least=1))

    def eigenvalues(self) -> Real:
        """All eigenvalues, largest first; the dimension must be finite and fit in memory."""
        return float(self.scale) * powers(self.dimension, -float(self.a))


@dataclass(frozen=True, kw_only=True)
class LogarithmicPowerLaw:
    """The slowest spectra of finite trace: hyperbolic decay with a power of a logarithm.

    Formula: lambda_j = scale * j^-1 log^-a(j + 1), j = 1..dimension (natural logarithm).
    Valid: a > 0, scale > 0; an infinite dimension (None) needs a > 1, so that the trace is finite.
    Source: D19, D25; Lin et al. (arXiv 2406.08466), theorem 4.3.

    >>> LogarithmicPowerLaw(a=2, dimension=2).eigenvalues().round(6)
    array([2.081369, 0.414268])
    """

    a: Number
    dimension: int | None = None
    scale: Number = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", number(self.a, "a"))
        object.__setattr__(self, "scale", number(self.scale, "scale"))
        if not 0 < self.a <= _LARGEST_LOGARITHM:
            raise InvalidInput(f"a of a logarithmic spectrum lies above 0 and up to {_LARGEST_LOGARITHM}, not {self.a}")
        if self.scale <= 0:
            raise InvalidInput(f"scale must be positive, not {self.scale}")
        if self.dimension is None:
            _check_trace(self.a)
        else:
            object.__setattr__(self, "dimension", whole(self.dimension, "dimension", least=1))

    def eigenvalues(self) -> Real:
        """All eigenvalues, largest first; the dimension must be finite and fit in memory."""
        places = powers(self.dimension, 1.0)
        return np.asarray(float(self.scale) / (places * np.log1p(places) ** float(self.a)))


@dataclass(frozen=True, eq=False)
class ExplicitSpectrum:
    """A spectrum given as numbers, for example measured on data.

    Valid: finite, nonnegative, at least one positive. Any order; an explicit signal is in the same order.

    >>> ExplicitSpectrum([1.0, 0.5]).dimension
    2
    """

    values: Real

    def __init__(self, values: ArrayLike) -> None:
        array = finite_vector(values, "eigenvalues")
        if array.min() < 0:
            raise InvalidInput(f"eigenvalues of a covariance cannot be negative, but one is {array.min()}")
        if array.max() <= 0:
            raise InvalidInput("all eigenvalues are zero: there is nothing to learn from")
        object.__setattr__(self, "values", array)

    @property
    def dimension(self) -> int:
        return int(self.values.size)

    def eigenvalues(self) -> Real:
        """The eigenvalues as given (read-only)."""
        return self.values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExplicitSpectrum) and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash(self.values.tobytes())


Spectrum = PowerLaw | LogarithmicPowerLaw | ExplicitSpectrum


def _check_trace(a: Number) -> None:
    """Refuse an infinite dimension where the trace, about 1/(a - 1), is infinite or has no float beside it."""
    if a <= 1:
        raise InvalidInput(
            f"a={a} with infinite dimension has an infinite trace: use a > 1, or give a finite dimension"
        )
    if Fraction(a) - 1 < CLOSEST:
        raise InvalidInput(
            "a is so close to 1 that the trace in infinite dimension, about 1/(a - 1), is above 1e300: "
            "use a larger a, or give a finite dimension"
        )


def powers(dimension: int | None, exponent: float) -> Real:
    """j^exponent for j = 1..dimension, refused where it cannot be held in memory."""
    if dimension is None:
        raise InvalidInput("a vector of all eigenvalues needs a finite dimension: give one, for example 10 times M")
    if dimension > LARGEST_ARRAY:
        raise InvalidInput(
            f"dimension {dimension} is too large to be held as a vector (at most {LARGEST_ARRAY}): "
            "use fewer; the equivalent does without for power laws of any dimension, and logarithmic ones of infinite"
        )
    result: Real = np.arange(1, dimension + 1, dtype=np.float64) ** exponent
    return result
