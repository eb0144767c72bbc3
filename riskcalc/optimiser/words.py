"""An optimiser in words: its name with its parameters."""

from __future__ import annotations

from riskcalc.errors import InvalidInput
from riskcalc.optimiser.dana import DanaDecaying
from riskcalc.optimiser.linear import Optimiser
from riskcalc.optimiser.spelling import SPELLINGS
from riskcalc.quantity import of_type
from riskcalc.quantity.spelling import Spelling, read_spelled, split

_FAMILY = Spelling(name="dana-decaying", kind=DanaDecaying, letters="delta=C,memory=D0")
_OUTSIDE = ("adam", "adamw", "rmsprop", "adagrad", "sign", "signsgd", "lion", "clipping")


def optimiser_words() -> str:
    """The optimisers that have a name, for lists of them."""
    return ", ".join(one.help for one in SPELLINGS.values())


def read_optimiser(value: object, *, asked: str = "optimiser") -> Optimiser:
    """An optimiser, or the one that a text names; SGD() where none is given.

    >>> read_optimiser("Nesterov:9/10,at=lookahead")
    Nesterov(beta=Fraction(9, 10), at='lookahead')
    """
    if not isinstance(value, str):
        given = SPELLINGS["sgd"].kind() if value is None else value
        found: Optimiser = of_type(given, Optimiser, asked, "an optimiser such as SGD() or HeavyBall('9/10')")
        return found
    name = split(value)[0]
    if name in _OUTSIDE:
        raise InvalidInput(
            f"{asked} {name} divides by the size of gradients: its second moments do not close, and no road is "
            f"exact for it; known are {optimiser_words()}"
        )
    optimiser: Optimiser = read_spelled(value, SPELLINGS, asked=asked)
    return optimiser


def read_growing(value: object, *, asked: str = "optimiser") -> Optimiser | DanaDecaying:
    """The same for derived exponents, which know DANA with the decay of each spectrum as well.

    >>> read_growing("dana-decaying:delta=1/10,memory=8")
    DanaDecaying(delta=Fraction(1, 10), memory=Fraction(8, 1))
    """
    if isinstance(value, DanaDecaying):
        return value
    if not isinstance(value, str) or split(value)[0] != _FAMILY.name:
        return read_optimiser(value, asked=asked)
    family: DanaDecaying = read_spelled(value, {_FAMILY.name: _FAMILY}, asked=asked)
    return family
