"""Road 3: leading-order theory, by Mellin residues of spectral sums."""

from riskcalc.asymptotic.asked import power_law_exponents, shape_of
from riskcalc.asymptotic.asymptotic import Asymptotic
from riskcalc.asymptotic.crossover import Crossover, crossover
from riskcalc.asymptotic.expansion import Expansion, Term, expand
from riskcalc.asymptotic.mellin import MellinTransform, mellin_transforms
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.term_table import term_table

__all__ = [
    "Asymptotic",
    "Crossover",
    "Expansion",
    "MellinTransform",
    "PowerTerm",
    "Term",
    "crossover",
    "expand",
    "mellin_transforms",
    "power_law_exponents",
    "shape_of",
    "term_table",
]
