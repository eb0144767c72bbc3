"""Signals: the coefficients w_j of the target in the eigenbasis of the covariance."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.display import Formula
from riskcalc.errors import InvalidInput
from riskcalc.problem.page import power
from riskcalc.problem.vectors import finite_vector
from riskcalc.quantity import GivenNumber, MaybeNumber, MaybeWhole, Real, frozen, given, number, plain, whole

_SIGNS_KEY = (1, 0)


@frozen()
class PowerLawSignal:
    """Power-law signal power, also called the source condition.

    Parameters
    ----------
    b : number
        Decay of the signal power; exact where it is text such as "17/5".
    scale : number, default 1
        Positive; multiplies the power, and with it the unit of y squared.
    signs : whole number or None, default None
        A seed, a whole number >= 0, for the signs of the w_j; None: all positive.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: lambda_j w_j^2 = scale * j^-b with w_j > 0; with signs, a seed, each w_j has a random sign instead.

    Valid: any real b with a finite dimension; b > 1 with an infinite one, so that the risk at step 0 is finite.

    Source: Lin et al. (arXiv 2406.08466, theorem 4.2); Paquette et al. (arXiv 2405.15074) with b = 2 alpha + 2
    beta.

    Examples
    --------
    >>> PowerLawSignal(b="17/5").b
    Fraction(17, 5)
    """

    b: GivenNumber
    _: KW_ONLY
    scale: GivenNumber = given(default=1)
    signs: MaybeWhole = given(default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "b", number(self.b, "b"))
        object.__setattr__(self, "scale", number(self.scale, "scale"))
        if self.scale <= 0:
            raise InvalidInput(f"scale must be positive, not {self.scale}")
        if self.signs is not None:
            object.__setattr__(self, "signs", whole(self.signs, "signs"))

    def formula(self) -> Formula:
        """lambda_j w_j^2."""
        return power(self.b, self.scale, of=r"\lambda_j w_j^2")

    def signed(self, coefficients: Real) -> Real:
        """The coefficients with their random signs, where there are any."""
        if self.signs is None:
            return coefficients
        # a key of its own, so that signs share no random numbers with sketches and samples of the same seed
        generator = np.random.default_rng(np.random.SeedSequence(self.signs, spawn_key=_SIGNS_KEY))
        return np.where(generator.random(coefficients.size) < 0.5, -coefficients, coefficients)


@dataclass(frozen=True, eq=False)
class ExplicitSignal:
    """Target coefficients w_j given as numbers, one for each eigenvalue, in the same order.

    Parameters
    ----------
    values : array_like
        W_j, shape (v,): real, finite, in the order of the eigenvalues. No unit: the risk has that of the labels
        squared.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: as many values as the spectrum has eigenvalues; w_j where lambda_j = 0 changes nothing.

    Source: D01, where s_j(0) = w_j^2.

    Examples
    --------
    >>> ExplicitSignal([1, -0.5]).values.tolist()
    [1.0, -0.5]
    """

    values: Real

    def __init__(self, values: ArrayLike) -> None:
        object.__setattr__(self, "values", finite_vector(values, "target coefficients"))

    def formula(self) -> str:
        """How many coefficients there are."""
        return f"of {self.values.size} given target coefficients"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExplicitSignal) and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash(self.values.tobytes())


@frozen()
class GaussianPrior:
    """A random target with independent coefficients w_j of mean zero; the risk is averaged over it.

    Exact and equivalent road average over w analytically; the simulation draws a w for each run.

    Parameters
    ----------
    b : number or None, default None
        Decay of the mean signal power; exact where it is text. None: isotropic, b = a.
    scale : number, default 1
        Positive; multiplies the power.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: w_j ~ N(0, scale j^-b/lambda_j), so that lambda_j E w_j^2 = scale j^-b, the power of a
    `PowerLawSignal`; where lambda_j = j^-a the variance is scale j^(a-b). Without b the prior is isotropic: w_j ~
    N(0, scale), which for lambda_j = j^-a is b = a.

    Valid: any real b with a finite dimension; b > 1 with an infinite one.

    Source: D25; Lin et al. (arXiv 2406.08466), assumption 1 (isotropic) and theorem 4.2 (b).

    Examples
    --------
    >>> GaussianPrior(b="5/2").b
    Fraction(5, 2)
    """

    b: MaybeNumber = given(default=None)
    _: KW_ONLY
    scale: GivenNumber = given(default=1)

    def __post_init__(self) -> None:
        if self.b is not None:
            object.__setattr__(self, "b", number(self.b, "b"))
        object.__setattr__(self, "scale", number(self.scale, "scale"))
        if self.scale <= 0:
            raise InvalidInput(f"scale must be positive, not {self.scale}")

    def formula(self) -> Formula:
        """Mean of lambda_j w_j^2."""
        mean = r"\operatorname{E} \lambda_j w_j^2"
        if self.b is not None:
            drawn = power(self.b, self.scale, of=mean)
            return Formula(text=f"{drawn.text} on average (gaussian prior)", latex=drawn.latex)
        factor = "" if self.scale == 1 else f"{plain(self.scale)} "
        return Formula(text=f"{factor}lambda_j on average (isotropic prior)", latex=rf"{mean} = {factor}\lambda_j")


Signal = PowerLawSignal | GaussianPrior | ExplicitSignal
