"""Compute-optimal exponents, allocation and the phase diagram, derived exactly from the term table."""

from riskcalc.scaling.approach import Approach, Local
from riskcalc.scaling.budget import Budget, Choice, compute, data, data_set
from riskcalc.scaling.contributions import Setting
from riskcalc.scaling.exponents import Exponents, exponents
from riskcalc.scaling.outputs import Regime, output_regimes
from riskcalc.scaling.phase_diagram import Phase, PhaseDiagram, phase_diagram

__all__ = [
    "Approach",
    "Budget",
    "Choice",
    "Exponents",
    "Local",
    "Phase",
    "PhaseDiagram",
    "Regime",
    "Setting",
    "compute",
    "data",
    "data_set",
    "exponents",
    "output_regimes",
    "phase_diagram",
]
