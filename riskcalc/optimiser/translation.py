"""The words of PyTorch and Optax for momentum, both ways.

Formula: torch.optim.SGD(lr, momentum, dampening, nesterov) moves m <- momentum m + (1 - dampening) g and
theta <- theta - lr m, or theta <- theta - lr (g + momentum m) with nesterov;
optax.sgd(learning_rate, momentum, nesterov) the same without dampening. PyTorch's very first step has no dampening:
what that adds is forgotten like momentum^t.
Source: D40.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from riskcalc.errors import InvalidInput
from riskcalc.optimiser.heavy_ball import HeavyBall
from riskcalc.optimiser.linear import Optimiser
from riskcalc.optimiser.nesterov import Nesterov
from riskcalc.optimiser.sgd import SGD
from riskcalc.optimiser.spelling import read_positive, read_share
from riskcalc.quantity import Number, NumberLike, flag, of_type, shown


@runtime_checkable
class _InPyTorch(Protocol):
    def pytorch(self) -> dict[str, Any]:
        """momentum and nesterov."""


def from_pytorch(
    lr: NumberLike, momentum: NumberLike = 0, dampening: NumberLike = 0, nesterov: bool = False
) -> tuple[Optimiser, Number]:
    """The optimiser and the step size behind the arguments of torch.optim.SGD.

    Valid: lr > 0, 0 <= momentum < 1, 0 <= dampening < 1, and no dampening with nesterov, as in PyTorch.

    >>> from_pytorch(0.1, momentum=0.9, nesterov=True)
    (Nesterov(beta=0.9, at='lookahead'), 0.1)
    >>> from_pytorch("1/10", momentum="9/10", dampening="1/2")
    (HeavyBall(beta=Fraction(9, 10)), Fraction(1, 20))
    """
    step_size = read_positive(lr, "lr", of="the step size")
    beta = read_share(momentum, "momentum", of="what the buffer keeps")
    damped = read_share(dampening, "dampening", of="what a gradient loses before it is kept")
    if flag(nesterov, "nesterov"):
        if beta == 0 or damped != 0:
            raise InvalidInput("nesterov=True needs a momentum above 0 and no dampening, in PyTorch and here")
        return Nesterov(beta, at="lookahead"), step_size
    return (HeavyBall(beta), step_size * (1 - damped)) if beta else (SGD(), step_size)


def to_pytorch(optimiser: Optimiser, step_size: NumberLike) -> dict[str, Any]:
    """The arguments of torch.optim.SGD that train as `optimiser` does at this step size.

    Valid: SGD(), HeavyBall(...) and Nesterov(..., at="lookahead"); of Nesterov's iterate PyTorch keeps no record.

    >>> to_pytorch(HeavyBall("9/10"), "1/20")
    {'lr': 0.05, 'momentum': 0.9, 'nesterov': False}
    """
    return _written_for("torch.optim.SGD", optimiser, step_size)


def from_optax(
    learning_rate: NumberLike, momentum: NumberLike | None = None, nesterov: bool = False
) -> tuple[Optimiser, Number]:
    """The optimiser and the step size behind the arguments of optax.sgd.

    >>> from_optax(0.1, momentum=0.9)
    (HeavyBall(beta=0.9), 0.1)
    """
    flag(nesterov, "nesterov")
    step_size = read_positive(learning_rate, "learning_rate", of="the step size")
    if momentum is None:  # optax then keeps no buffer at all, whatever nesterov says
        return SGD(), step_size
    beta = read_share(momentum, "momentum", of="what the buffer keeps")
    return from_pytorch(step_size, momentum=beta, nesterov=nesterov if beta else False)


def to_optax(optimiser: Optimiser, step_size: NumberLike) -> dict[str, Any]:
    """The arguments of optax.sgd that train as `optimiser` does at this step size.

    >>> to_optax(Nesterov("9/10", at="lookahead"), "1/20")
    {'learning_rate': 0.05, 'momentum': 0.9, 'nesterov': True}
    """
    found = _written_for("optax.sgd", optimiser, step_size)
    return {"learning_rate": found["lr"], "momentum": found["momentum"] or None, "nesterov": found["nesterov"]}


def _written_for(library: str, optimiser: Optimiser, step_size: NumberLike) -> dict[str, Any]:
    """In PyTorch's words; library: what errors call it."""
    of_type(optimiser, Optimiser, "optimiser", "an optimiser such as HeavyBall('9/10')")
    size = read_positive(step_size, "step_size", of="the step size")
    if not isinstance(optimiser, _InPyTorch):
        raise InvalidInput(
            f"{library} knows SGD(), HeavyBall(...) and Nesterov(..., at='lookahead'), not {shown(optimiser)}"
        )
    return {"lr": float(size), **optimiser.pytorch()}
