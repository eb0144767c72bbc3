"""Road 3: leading-order theory, by Mellin residues of spectral sums.

The engine is symbolic; the road that makes numbers of it, and the crossover functions, are loaded when asked for.
"""

from typing import TYPE_CHECKING, Any

from riskcalc.asymptotic.expansion import Expansion, Term, expand
from riskcalc.asymptotic.mellin import MellinTransform, mellin_transforms
from riskcalc.asymptotic.outputs import Normalisation, critical_outputs, with_outputs
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.term_table import term_table

if TYPE_CHECKING:
    from riskcalc.asymptotic.asked import power_law_exponents, shape_of
    from riskcalc.asymptotic.asymptotic import Asymptotic
    from riskcalc.asymptotic.crossover import Crossover, crossover

_NUMERIC = {
    "Asymptotic": "asymptotic",
    "Crossover": "crossover",
    "crossover": "crossover",
    "power_law_exponents": "asked",
    "shape_of": "asked",
}

__all__ = [
    "Asymptotic",
    "Crossover",
    "Expansion",
    "MellinTransform",
    "Normalisation",
    "PowerTerm",
    "Term",
    "critical_outputs",
    "crossover",
    "expand",
    "mellin_transforms",
    "power_law_exponents",
    "shape_of",
    "term_table",
    "with_outputs",
]


def __getattr__(name: str) -> Any:
    if name not in _NUMERIC:
        raise AttributeError(f"module 'riskcalc.asymptotic' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"riskcalc.asymptotic.{_NUMERIC[name]}"), name)
    globals()[name] = value
    return value
