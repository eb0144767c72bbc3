"""Laws of the covariates' coordinates: uncorrelated, of unit mean square; here the independent ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenNumber, Real, frozen, number, plain


@runtime_checkable
class CovariateLaw(Protocol):
    """The law of the standardised coordinates xi_j, where x_j = sqrt(lambda_j) xi_j: E xi_j xi_k = 1 if j = k, else 0.

    The coordinates of one sample may depend on each other, as the features of a kernel do.
    """

    def draw(self, generator: np.random.Generator, shape: tuple[int, int]) -> Real:
        """Independent samples, one a row; a stream read in two pieces gives the same numbers as read in one."""

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON values."""


@dataclass(frozen=True)
class Gaussian:
    """Standard normal coordinates: the law of the theory.

    Notes
    -----
    Valid: any dimension.

    Source: D01, whose moments are those of this law.

    Examples
    --------
    >>> Gaussian()
    Gaussian()
    """

    def draw(self, generator: np.random.Generator, shape: tuple[int, int]) -> Real:
        return generator.standard_normal(shape)

    def describe(self) -> dict[str, Any]:
        return {"name": "gaussian"}


@dataclass(frozen=True)
class Rademacher:
    """Signs: -1 or +1 with equal probability; fourth moment 1, the smallest there is.

    Notes
    -----
    Valid: any dimension.

    Source: D31.

    Examples
    --------
    >>> Rademacher()
    Rademacher()
    """

    def draw(self, generator: np.random.Generator, shape: tuple[int, int]) -> Real:
        return np.where(generator.random(shape) < 0.5, -1.0, 1.0)

    def describe(self) -> dict[str, Any]:
        return {"name": "rademacher"}


@frozen()
class StudentT:
    """Student's t, scaled to unit variance: heavy tails.

    Parameters
    ----------
    degrees_of_freedom : number
        The power of its tails, df below.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: degrees_of_freedom > 4. A step of SGD multiplies the parameters by squares of the covariates, so the
    expected risk after a step needs their fourth moment, 3 (df - 2)/(df - 4), to be finite. The standard error
    needs the eighth moment: it means something only for degrees_of_freedom > 8.

    Source: D31.

    Examples
    --------
    >>> StudentT(4)
    Traceback (most recent call last):
    ...
    riskcalc.errors.InvalidInput: degrees_of_freedom must exceed 4, not 4: ...
    """

    degrees_of_freedom: GivenNumber

    def __post_init__(self) -> None:
        object.__setattr__(self, "degrees_of_freedom", number(self.degrees_of_freedom, "degrees_of_freedom"))
        if self.degrees_of_freedom <= 4:
            raise InvalidInput(
                f"degrees_of_freedom must exceed 4, not {self.degrees_of_freedom}: otherwise the expected "
                "risk is infinite after one step (above 8 the standard error exists too)"
            )

    def draw(self, generator: np.random.Generator, shape: tuple[int, int]) -> Real:
        degrees = float(self.degrees_of_freedom)
        return np.asarray(generator.standard_t(degrees, shape) * np.sqrt((degrees - 2) / degrees))

    def describe(self) -> dict[str, Any]:
        return {"name": "student-t", "degrees_of_freedom": plain(self.degrees_of_freedom)}
