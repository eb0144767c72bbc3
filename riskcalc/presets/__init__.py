"""The settings of published papers, as runs ready to be answered."""

from riskcalc.presets.lin2024 import (
    effective_samples,
    effective_time,
    lin2024,
    resolved_directions,
    trace_normalised,
)

__all__ = ["effective_samples", "effective_time", "lin2024", "resolved_directions", "trace_normalised"]
