"""Everything about a spectrum and a signal that the deterministic roads share: sums, landmarks, resolvent, modes."""

from riskcalc.spectral.modes import Modes
from riskcalc.spectral.of_problem import spectral_sums

__all__ = ["Modes", "spectral_sums"]
