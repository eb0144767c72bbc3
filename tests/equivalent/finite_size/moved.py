"""Modes whose weights are moved by hand."""

from __future__ import annotations

from dataclasses import replace

from riskcalc.spectral.modes import Modes


def with_weights(modes: Modes, *, signal, kernel, floor) -> Modes:
    """The modes with these added to signal weights, kernel weights and floor."""
    return replace(modes, signal=modes.signal + signal, kernel=modes.kernel + kernel, floor=modes.floor + floor)
