"""Schedule-free SGD: gradients between a fast iterate and the mean of all fast iterates, which is read. Source: D40.

arXiv 2405.15682.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from riskcalc.optimiser.frozen import Frozen
from riskcalc.optimiser.linear import Buffers, Coefficients, Gradient, alike, still
from riskcalc.optimiser.spelling import described, read_share, spelled
from riskcalc.quantity import GivenNumber, Real, frozen


@spelled("schedule-free", bare="beta", needs="the share BETA, as in schedule-free:9/10", letters="BETA")
@frozen()
class ScheduleFree:
    """y = (1 - beta) z + beta x, z <- z - gamma g(y), x <- (1 - c_t) x + c_t z with the new z, c_t = 1/(t + 1).

    x, which is read, is the uniform mean of z_1, ..., z_t; beta 0 is SGD with its average read, 1 primal averaging.

    Parameters
    ----------
    beta : number
        Where the gradient is taken, between z (0) and x (1).

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: 0 <= beta <= 1; gamma is the schedule's and does not weight the mean.

    Source: D38, D40; Defazio et al. (arXiv 2405.15682).

    Examples
    --------
    >>> ScheduleFree("9/10")
    ScheduleFree(beta=Fraction(9, 10))
    """

    beta: GivenNumber
    core: ClassVar[int] = 2
    start: ClassVar[tuple[float, ...]] = (1.0, 1.0)
    steady: ClassVar[bool] = False

    def __post_init__(self) -> None:
        of = "the share of the mean in the point where gradients are taken"
        object.__setattr__(self, "beta", read_share(self.beta, "beta", of=of, whole=True))

    def coefficients(self, steps: Real, sizes: Real) -> Coefficients:
        beta, share = alike(self.beta, sizes), 1 / (steps + 1)
        drift = still(sizes, buffers=2)
        drift[:, 1, 0], drift[:, 1, 1] = -share, share
        return Coefficients(
            drift=drift,
            kick=-np.stack([sizes, share * sizes], axis=1),
            drive=np.array([alike(1 - self.beta, sizes), beta]),
            read=np.array([0.0, 1.0]),
        )

    def frozen(self, step: float, size: float) -> Frozen:
        share = 1 / (step + 1)
        return Frozen(direct=float(1 - self.beta) * size, through=float(self.beta) * size * share, loss=share)

    def begin(self, parameters: Any) -> Buffers:
        return parameters, parameters

    def step(self, buffers: Buffers, gradient: Gradient, *, done: int, size: float) -> Buffers:
        (z, x), beta, share = buffers, float(self.beta), 1 / (done + 1)
        z = z - size * gradient((1 - beta) * z + beta * x)
        return z, (1 - share) * x + share * z

    def model(self, buffers: Buffers) -> Any:
        return buffers[1]

    def describe(self) -> dict[str, Any]:
        return described(self)
