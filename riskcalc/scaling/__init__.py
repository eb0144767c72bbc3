"""Compute-optimal exponents, allocation and the phase diagram, derived exactly from the term table."""

from riskcalc.scaling.budget import Budget, Choice, compute, data
from riskcalc.scaling.exponents import Exponents, exponents
from riskcalc.scaling.phase_diagram import Phase, PhaseDiagram, phase_diagram

__all__ = [
    "Budget",
    "Choice",
    "Exponents",
    "Phase",
    "PhaseDiagram",
    "compute",
    "data",
    "exponents",
    "phase_diagram",
]
