"""Modes (a discretised spectral measure) and a schedule, made into a risk curve: shared by both deterministic roads."""

from riskcalc.dynamics.response import Response, respond
from riskcalc.dynamics.verification import Resolution, Verified, verified
from riskcalc.spectral.modes import Modes

__all__ = ["Modes", "Resolution", "Response", "Verified", "respond", "verified"]
