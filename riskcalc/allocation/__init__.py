"""How to spend a real compute budget, by the deterministic equivalent, beside the derived exponents."""

from riskcalc.allocation.compute_optimal import ComputeOptimal, LocalExponents, compute_optimal
from riskcalc.allocation.isoflop import Isoflop, isoflops
from riskcalc.allocation.model_size_sweep import ModelSizeSweep, model_size_sweep
from riskcalc.allocation.production import Production, production

__all__ = [
    "ComputeOptimal",
    "Isoflop",
    "LocalExponents",
    "ModelSizeSweep",
    "Production",
    "compute_optimal",
    "isoflops",
    "model_size_sweep",
    "production",
]
