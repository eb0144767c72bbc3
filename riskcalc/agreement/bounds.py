"""How large the largest of several statistics may be when both sides are right."""

from __future__ import annotations

from statistics import NormalDist


def surely_seen(bound: float) -> float:
    """How far a wrong formula must lie from the right one to be rejected whenever the right one is not.

    Formula: twice the bound. Two sides that agree differ by at most one bound, in whatever direction; a formula two
    bounds away from one of them is then at least one bound away from the other. So a control with power adds nothing to
    the chance that a right calculator fails, and an error of that size is seen with probability 1 - level or more.

    >>> surely_seen(4.2)
    8.4
    """
    return 2 * bound


def reaches(expected: float, needed: float) -> bool:
    """Whether a statistic is expected to be as large as needed; rounding aside, for the edge itself is a control."""
    return expected >= needed * (1 - 1e-9)


def share(level: float, tests: int) -> float:
    """The level of each of `tests` tests whose joint level is at most `level`.

    Formula: 1 - (1 - level)^(1/tests), after Sidak; for positively dependent statistics it is cautious.

    >>> f"{share(1e-3, 20):.3g}"
    '5e-05'
    """
    from math import expm1, log1p

    return -expm1(log1p(-level) / tests)


def normal_bound(level: float, tests: int) -> float:
    """The size that |z| exceeds somewhere among `tests` steps with probability `level`.

    >>> f"{normal_bound(1e-3, 20):.2f}"
    '4.06'
    """
    return -NormalDist().inv_cdf(share(level, tests) / 2)


def chi_square_bound(level: float, tests: int) -> float:
    """The same for a chi-square variable of two degrees of freedom, whose tail is exp(-x/2).

    >>> f"{chi_square_bound(1e-3, 20):.2f}"
    '19.81'
    """
    from math import log

    return -2 * log(share(level, tests))
