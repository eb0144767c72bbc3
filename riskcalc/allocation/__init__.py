"""How to spend a real compute budget, by the deterministic equivalent, beside the derived exponents."""

from riskcalc.allocation.compute_optimal import ComputeOptimal, LocalExponents, compute_optimal

__all__ = ["ComputeOptimal", "LocalExponents", "compute_optimal"]
