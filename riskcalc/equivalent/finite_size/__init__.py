"""The first correction to the deterministic equivalent in 1/M, and the scatter of one sketch."""

from riskcalc.equivalent.finite_size.finite_size import FiniteSize, finite_size, with_finite_size

__all__ = ["FiniteSize", "finite_size", "with_finite_size"]
