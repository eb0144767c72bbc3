"""Modes (a discretised spectral measure) and a schedule, made into a risk curve: shared by both deterministic roads."""

from riskcalc.dynamics.modes import Modes
from riskcalc.dynamics.response import Response, goes_one_by_one, respond

__all__ = ["Modes", "Response", "goes_one_by_one", "respond"]
