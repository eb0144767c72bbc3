"""How to spend a real compute budget, by the deterministic equivalent, beside the derived exponents."""

from riskcalc.allocation.asymptote import BudgetExponents
from riskcalc.allocation.compute_optimal import ComputeOptimal, compute_optimal
from riskcalc.allocation.isoflop import Isoflop, isoflops
from riskcalc.allocation.model_size_sweep import ModelSizeSweep, model_size_sweep
from riskcalc.allocation.production import Production, production

__all__ = [
    "BudgetExponents",
    "ComputeOptimal",
    "Isoflop",
    "ModelSizeSweep",
    "Production",
    "compute_optimal",
    "isoflops",
    "model_size_sweep",
    "production",
]
