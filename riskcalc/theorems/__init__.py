"""Published bounds as functions, to be put beside the exact value: the constants they leave open are measured.

Lin, Wu, Kakade, Bartlett, Lee 2024 (arXiv 2406.08466). A bound holds up to constants the paper does not give; what
it says is in `Statement.terms`, what must hold for it is checked, what cannot be checked is in `Statement.provided`.
"""

from riskcalc.theorems.averaged import theorem_f6
from riskcalc.theorems.constants import MeasuredConstants, measured_constants
from riskcalc.theorems.given_sketch import bias, theorem_61, variance
from riskcalc.theorems.last_iterate import theorem_41, theorem_42
from riskcalc.theorems.logarithmic import theorem_43
from riskcalc.theorems.sketched_spectrum import lemma_62, theorem_63, theorem_64
from riskcalc.theorems.statement import Statement

__all__ = [
    "MeasuredConstants",
    "Statement",
    "bias",
    "lemma_62",
    "measured_constants",
    "theorem_41",
    "theorem_42",
    "theorem_43",
    "theorem_61",
    "theorem_63",
    "theorem_64",
    "theorem_f6",
    "variance",
]
