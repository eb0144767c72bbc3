"""Memory that is used again: asking the system for it costs more than what is computed in it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from riskcalc.quantity import Array


class Workspace:
    """Arrays by name. What stood under a name is lost when an array of that name is asked for again."""

    def __init__(self) -> None:
        self._kept: dict[str, Array] = {}

    def array(self, name: str, shape: tuple[int, ...], kind: Any) -> Array:
        """Of any content."""
        size, kept = math.prod(shape), self._kept.get(name)
        if kept is None or kept.size < size or kept.dtype != kind:
            kept = self._kept[name] = np.empty(size, dtype=kind)
        return kept[:size].reshape(shape)
