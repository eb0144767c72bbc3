"""A schedule followed one step after the other, whatever it could say about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class StepByStep:
    """A schedule that does not say that it has stages."""

    schedule: Any

    def stages(self, *, horizon: int) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.schedule, name)
