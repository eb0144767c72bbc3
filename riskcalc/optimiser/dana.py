"""Dimension-adapted Nesterov acceleration: a memory that grows with the run, and a step along it that shrinks.

Source: D40, D42; arXiv 2505.16098.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.optimiser.frozen import Frozen
from riskcalc.optimiser.linear import Buffers, Coefficients, Gradient, alike, with_memory
from riskcalc.optimiser.spelling import described, read_positive, spelled
from riskcalc.quantity import Array, GivenNumber, NumberLike, Real, exact, frozen, number, plain


@spelled("dana", letters="delta=C,decay=K,memory=D0")
@frozen(kw_only=True)
class Dana:
    """m <- mu_t m + g, theta <- theta - gamma g - delta_t m with the new m; gamma is the schedule's.

    Parameters
    ----------
    delta : number
        Step size along the memory at the first step.
    decay : number
        Power at which that falls with the step number.
    memory : number
        Steps that the memory holds at first; it grows with the step number.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: delta_t = delta (1 + t)^-decay, 1 - mu_t = memory/(memory + t), t = 0, 1, ...; decay 0 is
    DANA-constant, which wants delta ~ 1/M, decay 1/a on a spectrum j^-a is DANA-decaying.

    Valid: delta >= 0, decay >= 0, memory > 0. A decay below 1/a grows unstable on a long run.

    Source: D38, D40, D42; Ferbach et al. (arXiv 2505.16098).

    Examples
    --------
    >>> Dana(delta="1/100", decay="1/2", memory=8).memory
    Fraction(8, 1)
    """

    delta: GivenNumber
    decay: GivenNumber
    memory: GivenNumber
    core: ClassVar[int] = 2
    start: ClassVar[tuple[float, ...]] = (1.0, 0.0)
    steady: ClassVar[bool] = False

    def __post_init__(self) -> None:
        delta = read_positive(self.delta, "delta", of="the step size along the memory", zero=True)
        object.__setattr__(self, "delta", delta)
        object.__setattr__(self, "decay", read_positive(self.decay, "decay", of="the exponent", zero=True))
        object.__setattr__(self, "memory", read_positive(self.memory, "memory", of="the exponent of forgetting"))

    def coefficients(self, steps: Real, sizes: Real) -> Coefficients:
        # with m D0/(D0 + t) for m, a mean of gradients: its units change from step to step
        memory, through = alike(self.memory, steps), self._through(steps)
        return with_memory(
            kicked=sizes + through,
            held=through * steps / memory,
            lost=(memory + 1) / (memory + steps + 1),
            fed=memory / (memory + steps + 1),
        )

    def frozen(self, step: float, size: float) -> Frozen:
        memory = float(self.memory)
        return Frozen(direct=size, through=float(self._through(np.array([step]))[0]), loss=memory / (memory + step))

    def caution(self) -> str:
        return (
            f"the memory grows with the run, and its feedback too, where the decay, here {plain(self.decay)}, is below "
            "1/a on a spectrum j^-a; with decay 0, delta ~ 1/M is needed"
        )

    def _through(self, steps: Array) -> Array:
        return np.asarray(alike(self.delta, steps) * (1 + steps) ** -alike(self.decay, steps))

    def begin(self, parameters: Any) -> Buffers:
        return parameters, 0 * parameters

    def step(self, buffers: Buffers, gradient: Gradient, *, done: int, size: float) -> Buffers:
        (theta, m), memory = buffers, float(self.memory)
        g = gradient(theta)
        m = (1 - memory / (memory + done)) * m + g
        return theta - size * g - float(self.delta) * (1 + done) ** -float(self.decay) * m, m

    def model(self, buffers: Buffers) -> Any:
        return buffers[0]

    def describe(self) -> dict[str, Any]:
        return described(self)


@frozen(kw_only=True)
class DanaDecaying:
    """DANA whose step along the memory decays as each spectrum j^-a asks for: what is derived for all of them at once.

    Parameters
    ----------
    delta : number
        As for `Dana`.
    memory : number
        As for `Dana`.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: for exponents and phase diagrams; a run has one spectrum, and takes `on(a)`.

    Source: D42; Ferbach et al. (arXiv 2505.16098).

    Examples
    --------
    >>> DanaDecaying(delta="1/10", memory=8).on(2)
    Dana(delta=Fraction(1, 10), decay=Fraction(1, 2), memory=Fraction(8, 1))
    """

    delta: GivenNumber
    memory: GivenNumber
    steady: ClassVar[bool] = False

    def __post_init__(self) -> None:
        told = self.on(1)  # checks both
        object.__setattr__(self, "delta", told.delta)
        object.__setattr__(self, "memory", told.memory)

    def on(self, a: NumberLike) -> Dana:
        """With decay 1/a."""
        power = exact(number(a, "a"), "a")
        if power <= 0:
            raise InvalidInput(f"a must be positive, but a = {power}: eigenvalues j^-a have to decay")
        return Dana(delta=self.delta, decay=1 / power, memory=self.memory)
