"""The symbolic theory: every formula once, as SymPy, on one noun, the spectral sum."""

from riskcalc.formula.evaluate import evaluate
from riskcalc.formula.registry import Formula, formula, formulas
from riskcalc.formula.spectral_sum import SpectralSum, power_sum, resolvent_sum

__all__ = ["Formula", "SpectralSum", "evaluate", "formula", "formulas", "power_sum", "resolvent_sum"]
