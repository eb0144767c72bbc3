"""The flag --optimiser: a name with its parameters."""

from __future__ import annotations

import dataclasses
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SPELLINGS, DanaDecaying, Optimiser
from riskcalc.quantity.spelling import Spelling

OPTIMISERS = ", ".join(one.help for one in SPELLINGS.values())
_FAMILY = Spelling(name="dana-decaying", kind=DanaDecaying, flag="--optimiser", letters="delta=C,memory=D0")
_OUTSIDE = ("adam", "adamw", "rmsprop", "adagrad", "sign", "signsgd", "lion", "clipping")


def read_optimiser(text: str) -> Optimiser:
    """The optimiser that the flag names.

    >>> read_optimiser("nesterov:9/10,at=lookahead")
    Nesterov(beta=Fraction(9, 10), at='lookahead')
    """
    name, _, parameters = text.strip().partition(":")
    spelling = SPELLINGS.get(name)
    if spelling is None:
        if name.lower() in _OUTSIDE:
            raise InvalidInput(
                f"--optimiser {name} divides by the size of gradients: its second moments do not close, and no road is "
                f"exact for it; known are {OPTIMISERS}"
            )
        raise InvalidInput(f"--optimiser must be one of {OPTIMISERS}, not {text!r}")
    optimiser: Optimiser = _made(spelling, parameters)
    return optimiser


def read_growing(text: str) -> Optimiser | DanaDecaying:
    """The same for derived exponents, which know DANA with the decay of each spectrum as well.

    >>> read_growing("dana-decaying:delta=1/10,memory=8")
    DanaDecaying(delta=Fraction(1, 10), memory=Fraction(8, 1))
    """
    name, _, parameters = text.strip().partition(":")
    if name != _FAMILY.name:
        return read_optimiser(text)
    family: DanaDecaying = _made(_FAMILY, parameters)
    return family


def _made(spelling: Spelling, parameters: str) -> Any:
    named = spelling.parameters(parameters)
    for field in dataclasses.fields(spelling.kind):
        if field.default is dataclasses.MISSING and field.name not in named:
            raise InvalidInput(f"--optimiser {spelling.name} needs {field.name}=..., as in {spelling.help}")
    return spelling.kind(**named)
