"""The flag --optimiser: a name with its parameters."""

from __future__ import annotations

import dataclasses

from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SPELLINGS, Optimiser

OPTIMISERS = ", ".join(one.help for one in SPELLINGS.values())
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
    named = spelling.parameters(parameters)
    for field in dataclasses.fields(spelling.kind):
        if field.default is dataclasses.MISSING and field.name not in named:
            raise InvalidInput(f"--optimiser {name} needs {field.name}=..., as in {spelling.help}")
    optimiser: Optimiser = spelling.kind(**named)
    return optimiser
