"""Covariance spectra lambda_1 >= lambda_2 >= ... of the data: what one says of itself, and those of the house."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from fractions import Fraction
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.display import Formula
from riskcalc.errors import InvalidInput, RoundedToZero
from riskcalc.problem.page import power
from riskcalc.problem.vectors import finite_vector
from riskcalc.quantity import GivenNumber, MaybeWhole, Number, Real, frozen, given, held, number, plain, whole

_LARGEST_LOGARITHM = 30
CLOSEST = Fraction(1, 10**300)  # least distance of a and b from 1, below which sums are infinite
LARGEST_ARRAY = 50_000_000  # entries; a vector of this length takes 400 MB


@runtime_checkable
class Spectrum(Protocol):
    """What every road needs of a spectrum; a class of a user's own is a frozen value with these."""

    @property
    def dimension(self) -> int | None:
        """v, None when infinite."""

    def eigenvalues(self) -> Real:
        """All eigenvalues, of a finite dimension; nonnegative."""

    def describe(self) -> dict[str, Any]:
        """What defines it besides its dimension, as plain JSON values."""

    def resized(self, dimension: int | None) -> Self:
        """The same spectrum, longer or shorter; InvalidInput where there is none."""


class Arithmetic(Protocol):
    """What a law is computed with at any digits: a field, whose elements know + - * / and whole powers."""

    def real(self, value: Fraction | int) -> Any:
        """A rational, rounded once."""

    def exp(self, x: Any) -> Any:
        """Exponential."""

    def log(self, x: Any) -> Any:
        """Principal logarithm."""


@runtime_checkable
class Law(Spectrum, Protocol):
    """A spectrum that is a positive, decreasing and smooth function of j: it has any digits, and may be gathered."""

    def at(self, places: Sequence[Any], field: Arithmetic) -> list[Any]:
        """lambda at any places j, real or complex."""

    def steepness(self, place: float) -> float:
        """A bound of -d log lambda/d log j from that place on."""

    def fall(self, place: int) -> float:
        """log(lambda_j/lambda_v), of a finite dimension."""

    def smallest(self) -> float:
        """lambda_v, of a finite dimension."""


@frozen()
class PowerLaw:
    """Power-law spectrum.

    Parameters
    ----------
    a : number
        Decay of the eigenvalues; exact where it is text such as "17/5".
    dimension : whole number or None, default None
        v, a whole number >= 1; None: infinite.
    scale : number, default 1
        Multiplies every eigenvalue, and with it the unit of x squared.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: lambda_j = scale * j^-a, j = 1..dimension.

    Valid: a > 0, scale > 0; an infinite dimension (None) needs a > 1, so that the trace is finite.

    Source: the common setting of Lin et al. (arXiv 2406.08466, assumption 2) and Paquette et al. (arXiv 2405.15074,
    with a = 2 alpha).

    Examples
    --------
    >>> PowerLaw(a=2, dimension=3).eigenvalues()
    array([1.        , 0.25      , 0.11111111])
    """

    a: GivenNumber
    _: KW_ONLY
    dimension: MaybeWhole = given(default=None)
    scale: GivenNumber = given(default=1)

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

    def formula(self) -> Formula:
        """lambda_j."""
        return power(self.a, self.scale, of=r"\lambda_j")

    def describe(self) -> dict[str, Any]:
        """Exponent and scale."""
        return {"a": plain(self.a), "spectrum_scale": plain(self.scale)}

    def resized(self, dimension: int | None) -> Self:
        """The same law, longer or shorter."""
        return replace(self, dimension=dimension)

    def at(self, places: Sequence[Any], field: Arithmetic) -> list[Any]:
        """lambda at any places j, real or complex."""
        return powers_at(places, -Fraction(self.a), Fraction(self.scale), field)

    def steepness(self, place: float) -> float:
        """a."""
        return float(self.a)

    def fall(self, place: int) -> float:
        """a log(v/j)."""
        return float(self.a) * _log_ratio(place, self.dimension)

    def smallest(self) -> float:
        """scale v^-a."""
        last = float(held(self.dimension, "the dimension"))
        return float(float(self.scale) * last ** -float(self.a))


@frozen()
class LogarithmicPowerLaw:
    """The slowest spectra of finite trace: hyperbolic decay with a power of a logarithm.

    Parameters
    ----------
    a : number
        Power of the logarithm; exact where it is text.
    dimension : whole number or None, default None
        v, a whole number >= 1; None: infinite.
    scale : number, default 1
        Multiplies every eigenvalue.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: lambda_j = scale * j^-1 log^-a(j + 1), j = 1..dimension (natural logarithm).

    Valid: a > 0, scale > 0; an infinite dimension (None) needs a > 1, so that the trace is finite.

    Source: D19, D25; Lin et al. (arXiv 2406.08466), theorem 4.3.

    Examples
    --------
    >>> LogarithmicPowerLaw(a=2, dimension=2).eigenvalues().round(6)
    array([2.081369, 0.414268])
    """

    a: GivenNumber
    _: KW_ONLY
    dimension: MaybeWhole = given(default=None)
    scale: GivenNumber = given(default=1)

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

    def formula(self) -> Formula:
        """lambda_j."""
        logarithm = f"log^-{plain(self.a)}(j+1)"
        latex = rf"\log^{{-{plain(self.a)}}}(j+1)"
        plainly = power(Fraction(1), self.scale, of=r"\lambda_j")
        return Formula(text=f"{plainly.text} {logarithm}", latex=rf"{plainly.latex} {latex}")

    def describe(self) -> dict[str, Any]:
        """Exponent and scale."""
        return {"log_a": plain(self.a), "spectrum_scale": plain(self.scale)}

    def resized(self, dimension: int | None) -> Self:
        """The same law, longer or shorter."""
        return replace(self, dimension=dimension)

    def at(self, places: Sequence[Any], field: Arithmetic) -> list[Any]:
        """lambda at any places j, real or complex."""
        logarithms = powers_at([field.log(1 + j) for j in places], -Fraction(self.a), Fraction(self.scale), field)
        return [power / j for power, j in zip(logarithms, places, strict=True)]

    def steepness(self, place: float) -> float:
        """1 + a/log(j + 1)."""
        return 1 + float(self.a) / math.log(place + 1.0)

    def fall(self, place: int) -> float:
        """log(v/j) + a log(log(v + 1)/log(j + 1))."""
        slow = float(self.a) * math.log(self._last_logarithm / math.log(place + 1.0))
        return _log_ratio(place, self.dimension) + slow

    def smallest(self) -> float:
        """scale/(v log^a(v + 1))."""
        last = held(self.dimension, "the dimension")
        return float(float(self.scale) / last / self._last_logarithm ** float(self.a))

    @property
    def _last_logarithm(self) -> float:
        return math.log(held(self.dimension, "the dimension") + 1.0)


@dataclass(frozen=True, eq=False)
class ExplicitSpectrum:
    """A spectrum given as numbers, for example measured on data.

    Parameters
    ----------
    values : array_like
        Lambda_j, shape (v,), in any order.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: finite, nonnegative, at least one positive. Any order; an explicit signal is in the same order. Negative
    eigenvalues that rounding may have made of zero, no larger than v eps times the largest, count as zero, positive
    ones as small beside them too, and a warning says so.

    Source: D02, whose sums are then over these numbers.

    Examples
    --------
    >>> ExplicitSpectrum([1.0, 0.5]).dimension
    2
    """

    values: Real

    def __init__(self, values: ArrayLike) -> None:
        array = finite_vector(values, "eigenvalues")
        if array.max() <= 0:
            raise InvalidInput(
                "all eigenvalues are zero or negative, as no covariance has them: there is nothing to learn from"
            )
        if array.min() < 0:
            array = _without_rounding(array)
        object.__setattr__(self, "values", array)

    @property
    def dimension(self) -> int:
        return int(self.values.size)

    def eigenvalues(self) -> Real:
        """The eigenvalues as given (read-only)."""
        return self.values

    def formula(self) -> str:
        """How many there are, and their ends."""
        least, most = float(self.values[self.values > 0].min()), float(self.values.max())
        positive = int(np.count_nonzero(self.values))
        return f"{self.values.size} given, {positive} of them positive, from {least:.3g} to {most:.3g}"

    def describe(self) -> dict[str, Any]:
        """The eigenvalues."""
        return {"eigenvalues": self.values.tolist()}

    def resized(self, dimension: int | None) -> Self:
        """Refused: a list is as long as it is."""
        raise InvalidInput("only a power law, or a logarithmic one, has a twin of another dimension")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExplicitSpectrum) and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash(self.values.tobytes())


def _without_rounding(eigenvalues: Real) -> Real:
    """Zero for what a decomposition made negative; refused where that is more than rounding."""
    least, most = float(eigenvalues.min()), float(eigenvalues.max())
    bound = eigenvalues.size * float(np.finfo(np.float64).eps) * most
    if -least > bound:
        raise InvalidInput(
            f"eigenvalues of a covariance cannot be negative, but one is {least} beside the largest, {most}: more than "
            "rounding makes of zero"
        )
    count, beside = int((eigenvalues < 0).sum()), int(((eigenvalues > 0) & (eigenvalues <= bound)).sum())
    alike = f" and {beside} as small above it" if beside else ""  # a decomposition that errs so much errs both ways
    warnings.warn(
        f"{count} eigenvalue{'s' * (count > 1)} below zero by rounding, down to {least:.3g},{alike} "
        f"count{'s' * (count + beside == 1)} as zero",
        RoundedToZero,
        stacklevel=4,
    )
    rounded = np.where(eigenvalues <= bound, 0.0, eigenvalues)
    rounded.setflags(write=False)
    return np.asarray(rounded)


def powers_at(places: Sequence[Any], exponent: Fraction, scale: Fraction, field: Arithmetic) -> list[Any]:
    """scale j^exponent at any places, real or complex."""
    factor = field.real(scale)
    if exponent.denominator == 1:
        return [factor * j ** int(exponent) for j in places]
    rate = field.real(exponent)
    return [factor * field.exp(rate * field.log(j)) for j in places]


def _log_ratio(place: int, dimension: int | None) -> float:
    """log(v/j)."""
    return math.log1p((held(dimension, "the dimension") - place) / place)


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
