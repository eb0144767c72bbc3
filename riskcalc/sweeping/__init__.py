"""Grids of runs: what is varied, how it is computed anywhere, what is kept of it, and the Dataset it becomes."""

from riskcalc.sweeping.grid import Grid
from riskcalc.sweeping.sweep import sweep, swept

__all__ = ["Grid", "sweep", "swept"]
