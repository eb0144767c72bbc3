"""Modes (a discretised spectral measure) and a schedule, made into a risk curve: shared by both deterministic roads."""

from riskcalc.dynamics.modes import Modes
from riskcalc.dynamics.response import Response, respond

__all__ = ["Modes", "Response", "respond"]
