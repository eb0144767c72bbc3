"""A gradient step and a step along a memory, each with a step size of its own. Source: D40."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from riskcalc.optimiser.frozen import Frozen
from riskcalc.optimiser.linear import Buffers, Coefficients, Gradient, alike, with_mean
from riskcalc.optimiser.spelling import described, read_positive, read_share, spelled
from riskcalc.quantity import GivenNumber, Number, Real, frozen, given


@spelled("two-buffer", letters="delta=D,mu=MU[,eta=E]")
@frozen(kw_only=True)
class TwoBuffer:
    """m <- mu m + eta g, theta <- theta - gamma g - delta m with the new m; gamma is the schedule's.

    Parameters
    ----------
    delta : number
        Step size along the memory, the same at every step.
    mu : number
        What it keeps. Of delta and eta only the product matters. Slow directions see the step size gamma + delta
        eta/(1 - mu).
    eta : number, default 1
        How much of a gradient enters the memory.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: delta >= 0, 0 <= mu < 1, eta > 0.

    Source: D38, D40.

    Examples
    --------
    >>> TwoBuffer(delta="1/10", mu="9/10")
    TwoBuffer(delta=Fraction(1, 10), mu=Fraction(9, 10), eta=Fraction(1, 1))
    """

    delta: GivenNumber
    mu: GivenNumber
    eta: GivenNumber = given(default=Fraction(1))
    core: ClassVar[int] = 2
    start: ClassVar[tuple[float, ...]] = (1.0, 0.0)
    steady: ClassVar[bool] = True

    def __post_init__(self) -> None:
        delta = read_positive(self.delta, "delta", of="the step size along the memory", zero=True)
        object.__setattr__(self, "delta", delta)
        object.__setattr__(self, "mu", read_share(self.mu, "mu", of="what the memory keeps"))
        object.__setattr__(self, "eta", read_positive(self.eta, "eta", of="the weight of a gradient in the memory"))

    def coefficients(self, steps: Real, sizes: Real) -> Coefficients:
        through = np.full_like(sizes, alike(self._through, sizes))
        return with_mean(sizes, through, alike(1 - self.mu, sizes))

    def frozen(self, step: float, size: float) -> Frozen:
        return Frozen(direct=size, through=float(self._through), loss=float(1 - self.mu))

    @property
    def _through(self) -> Number:
        return self.delta * self.eta

    def begin(self, parameters: Any) -> Buffers:
        return parameters, 0 * parameters

    def step(self, buffers: Buffers, gradient: Gradient, *, done: int, size: float) -> Buffers:
        theta, m = buffers
        g = gradient(theta)
        m = float(self.mu) * m + float(self.eta) * g
        return theta - size * g - float(self.delta) * m, m

    def model(self, buffers: Buffers) -> Any:
        return buffers[0]

    def describe(self) -> dict[str, Any]:
        return described(self)
