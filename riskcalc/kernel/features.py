"""The features of a kernel as a law of covariates: real, not Gaussian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.kernel.directions import directions
from riskcalc.kernel.kernel import Kernel
from riskcalc.quantity import Real, of_type

_MOST_VALUES = 50_000_000  # at the nodes (400 MB)


@dataclass(frozen=True)
class KernelFeatures:
    """Coordinates xi_j = phi_j(x) at a point x drawn from the kernel's measure.

    Jointly they are a function of x: uncorrelated, of unit mean square, dependent, and neither centred nor
    Gaussian. A law of covariates for `Ambient`, which simulates, and for `FourthMoments`, which computes.

    Parameters
    ----------
    kernel : Kernel
        One of the named kernels, such as Brownian().

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: kernels that say their eigenfunctions.

    Source: D31.

    Examples
    --------
    >>> from riskcalc import Brownian
    >>> KernelFeatures(Brownian()).kernel
    Brownian()
    """

    kernel: Kernel

    def __post_init__(self) -> None:
        of_type(self.kernel, Kernel, "kernel", "a kernel such as Brownian()")

    def draw(self, generator: np.random.Generator, shape: tuple[int, int]) -> Real:
        """The first shape[1] eigenfunctions at shape[0] independent points."""
        return self.kernel.eigenfunctions(self.kernel.sample(generator, shape[0]), shape[1])

    def nodes(self, dimension: int) -> tuple[Real, Real]:
        """Values xi, shape (n, dimension), with weights, shape (n,), that give fourth moments to rounding."""
        v = directions(dimension)
        rule = self.kernel.rule(v, factors=4)
        if rule.weights.size * v > _MOST_VALUES:
            raise InvalidInput(
                f"fourth moments of {v} features need {rule.weights.size * v} values at the nodes, "
                f"more than {_MOST_VALUES}: use a smaller dimension, or simulate"
            )
        return self.kernel.eigenfunctions(rule.points, v), rule.weights

    def describe(self) -> dict[str, Any]:
        return {"name": "kernel features", "kernel": self.kernel.describe()}
