"""How to spend a real compute budget, by the deterministic equivalent, beside the derived exponents."""

from riskcalc.allocation.compute_optimal import ComputeOptimal, LocalExponents, compute_optimal
from riskcalc.allocation.isoflop import Isoflop, isoflops

__all__ = ["ComputeOptimal", "Isoflop", "LocalExponents", "compute_optimal", "isoflops"]
