"""A page to play with: the phase diagrams and the leading terms, as one HTML file that needs nothing else."""

from riskcalc.explorer.writing import explore

__all__ = ["explore"]
