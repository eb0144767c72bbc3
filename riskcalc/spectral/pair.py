"""What two fits have in common, their sketch, their samples, both or neither; and what means of fits are made of.

Formula: with kappa = u (1 - d1/M) and nu = 1 - d1/N of each fit, the mean product of their errors on fresh samples is
    R12 = [k_1 (sigma2 + psi_2) - k_2 (sigma2 + psi_1)]/(l_1 - l_2),
    (k, l) = (kappa, kappa nu) one sketch and one data set; (u, u nu) two sketches; (kappa, kappa) two data sets; (u, u)
neither in common: an average over sketches replaces the gap of the sketch by 1, one over data sets that of the data.
The mean of E fits has 1/E of the risk of one and 1 - 1/E of the product of two. Source: D70.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from riskcalc.errors import InvalidInput
from riskcalc.quantity import NumberLike, Real, chosen, number

WORDS = ("own", "shared")

Value = TypeVar("Value", float, Real)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """sketch, data: whether both fits have the same one."""

    sketch: bool = True
    data: bool = True

    @classmethod
    def read(cls, *, sketch: object, data: object) -> Pair:
        """From the words "own" and "shared"."""
        return cls(sketch=chosen(sketch, "sketch", WORDS) == "shared", data=chosen(data, "data", WORDS) == "shared")


ONE_FIT = Pair()


@dataclass(frozen=True, kw_only=True, eq=False)
class Product(Generic[Value]):
    """R12 = unfitted + sigma2 (1 + used): what is left of the signal, and what becomes of unit noise."""

    unfitted: Value
    used: Value

    def merged(self, two: Product[Value], share: float) -> Product[Value]:
        """The mean of fits of which one has this risk and any two have that product; share: one over their number."""
        rest = 1 - share
        return Product(
            unfitted=share * self.unfitted + rest * two.unfitted, used=share * self.used + rest * two.used
        )

    def parts(self, *, noise: float, floor: float) -> tuple[Value, Value]:
        """Bias and variance above a floor, which is noise to those who fit above it."""
        return self.unfitted - floor * (1 + self.used), (noise + floor) * self.used


def share_of_one(members: NumberLike | None) -> float:
    """1/E; zero for None, the limit of many."""
    if members is None:
        return 0.0
    count = number(members, "members")
    if count < 1:
        raise InvalidInput(f"members must be at least 1, or None for the limit of many, not {members}")
    return 1 / float(count)


@dataclass(frozen=True, kw_only=True, eq=False)
class Variances(Generic[Value]):
    """What the excess of one fit is made of: excess = bias + sketch + data + interaction + noise.

    bias: of the mean over sketches and samples. sketch, data: variance of what is a mean over the other one.
    interaction: what both make together. noise: the response to the noise of the labels. One number of a ridge fit,
    one a step of descent. error: a bound of the absolute error of every part, of descent, whose parts are differences
    of integrals; those of a ridge fit are closed sums of positive terms, known to rounding, and state none.
    """

    bias: Value
    sketch: Value
    data: Value
    interaction: Value
    noise: Value
    error: Value | None = None
