"""Heavy ball, the momentum of PyTorch and Optax: m <- beta m + g, theta <- theta - gamma m. Source: D40."""

from __future__ import annotations

from typing import Any, ClassVar

from riskcalc.optimiser.frozen import Frozen
from riskcalc.optimiser.linear import Buffers, Coefficients, Gradient, alike, with_mean
from riskcalc.optimiser.spelling import described, read_share, spelled
from riskcalc.quantity import GivenNumber, Real, frozen


@spelled("heavy-ball", bare="beta", needs="the momentum BETA, as in heavy-ball:9/10", letters="BETA")
@frozen()
class HeavyBall:
    """m <- beta m + g, theta <- theta - gamma m with the new m, which starts at 0; gamma is the schedule's.

    Slow directions see the step size gamma/(1 - beta).

    Parameters
    ----------
    beta : number
        What the memory keeps; exact where it is text.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: 0 <= beta < 1; 0 is SGD.

    Source: D38, D40.

    Examples
    --------
    >>> HeavyBall("9/10").frozen(0, 0.03)
    Frozen(direct=0.0, through=0.03, loss=0.1)
    """

    beta: GivenNumber
    core: ClassVar[int] = 2
    start: ClassVar[tuple[float, ...]] = (1.0, 0.0)
    steady: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", read_share(self.beta, "beta", of="the momentum"))

    def coefficients(self, steps: Real, sizes: Real) -> Coefficients:
        return with_mean(0 * sizes, sizes, alike(1 - self.beta, sizes))

    def frozen(self, step: float, size: float) -> Frozen:
        return Frozen(direct=0.0, through=size, loss=float(1 - self.beta))

    def begin(self, parameters: Any) -> Buffers:
        return parameters, 0 * parameters

    def step(self, buffers: Buffers, gradient: Gradient, *, done: int, size: float) -> Buffers:
        theta, m = buffers
        m = float(self.beta) * m + gradient(theta)
        return theta - size * m, m

    def model(self, buffers: Buffers) -> Any:
        return buffers[0]

    def describe(self) -> dict[str, Any]:
        return described(self)

    def pytorch(self) -> dict[str, Any]:
        return {"momentum": float(self.beta), "nesterov": False}
