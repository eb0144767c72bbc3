"""Road 3: leading-order theory, by Mellin residues of spectral sums."""

from riskcalc.asymptotic.expansion import Expansion, Term, expand
from riskcalc.asymptotic.mellin import MellinTransform, mellin_transforms
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.term_table import term_table

__all__ = ["Expansion", "MellinTransform", "PowerTerm", "Term", "expand", "mellin_transforms", "term_table"]
