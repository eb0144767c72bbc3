"""Nesterov's momentum, read at the iterate or at the point ahead of it where gradients are taken. Source: D40."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.optimiser.frozen import Frozen
from riskcalc.optimiser.linear import Buffers, Coefficients, Gradient, alike, still, with_mean
from riskcalc.optimiser.spelling import described, read_share, spelled
from riskcalc.quantity import GivenNumber, Real, chosen, frozen


@spelled("nesterov", bare="beta", needs="the momentum BETA, as in nesterov:9/10", letters="BETA[,at=lookahead]")
@frozen()
class Nesterov:
    """v <- beta v - gamma g(theta + beta v), theta <- theta + v; gamma is the schedule's.

    Parameters
    ----------
    beta : number
        What the memory keeps; exact where it is text.
    at : str, default "iterate"
        "iterate" reads theta; "lookahead" reads theta + beta v, where gradients are taken: these are the parameters
        of PyTorch and Optax, m <- beta m + g, theta <- theta - gamma (g + beta m). At a constant step size both are
        one run, read at two places; under a schedule, the second multiplies the whole of m by the step size of the
        moment.

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
    >>> Nesterov("9/10", at="lookahead")
    Nesterov(beta=Fraction(9, 10), at='lookahead')
    """

    beta: GivenNumber
    at: str = "iterate"
    core: ClassVar[int] = 2
    start: ClassVar[tuple[float, ...]] = (1.0, 0.0)
    steady: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", read_share(self.beta, "beta", of="the momentum"))
        object.__setattr__(self, "at", chosen(self.at, "at", ("iterate", "lookahead")))

    def coefficients(self, steps: Real, sizes: Real) -> Coefficients:
        beta, loss = alike(self.beta, sizes), alike(1 - self.beta, sizes)
        if self.at == "lookahead":
            return with_mean(sizes, beta * sizes, loss)
        drift = still(sizes, buffers=2)
        drift[:, 0, 1], drift[:, 1, 1] = -beta, loss
        kick = -np.stack([sizes, sizes], axis=1)
        return Coefficients(drift=drift, kick=kick, drive=np.array([1.0, beta]), read=np.array([1.0, 0.0]))

    def frozen(self, step: float, size: float) -> Frozen:
        return Frozen(direct=size, through=float(self.beta) * size, loss=float(1 - self.beta))

    def begin(self, parameters: Any) -> Buffers:
        return parameters, 0 * parameters

    def step(self, buffers: Buffers, gradient: Gradient, *, done: int, size: float) -> Buffers:
        (theta, m), beta = buffers, float(self.beta)
        if self.at == "lookahead":
            g = gradient(theta)
            m = beta * m + g
            return theta - size * (g + beta * m), m
        m = beta * m - size * gradient(theta + beta * m)
        return theta + m, m

    def model(self, buffers: Buffers) -> Any:
        return buffers[0]

    def describe(self) -> dict[str, Any]:
        return described(self)

    def pytorch(self) -> dict[str, Any]:
        if self.at == "iterate":
            raise InvalidInput("PyTorch holds the point where gradients are taken: use Nesterov(..., at='lookahead')")
        return {"momentum": float(self.beta), "nesterov": True}
