"""Compute-optimal exponents, allocation and the phase diagram, derived exactly from the term table."""

from riskcalc.scaling.budget import Budget, Choice, compute, data
from riskcalc.scaling.exponents import Exponents, exponents
from riskcalc.scaling.outputs import Regime, output_regimes
from riskcalc.scaling.phase_diagram import Phase, PhaseDiagram, phase_diagram

__all__ = [
    "Budget",
    "Choice",
    "Exponents",
    "Phase",
    "PhaseDiagram",
    "Regime",
    "compute",
    "data",
    "exponents",
    "output_regimes",
    "phase_diagram",
]
