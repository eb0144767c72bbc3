"""What a theorem says about one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """On which side of the truth a statement stands, up to a constant."""

    ORDER = "order"  # both sides
    UPPER = "upper bound"
    LOWER = "lower bound"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Terms without the constants in front of them.

    theorem: as numbered in the paper. terms: by the name of the part they bound (approximation, bias, variance, or
    excess where only the sum is bounded). kind: what is claimed about every part. provided: conditions with constants
    that the paper leaves open, which no program can check.
    """

    theorem: str
    kind: Kind
    terms: Mapping[str, float]
    provided: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Sum of the terms."""
        return sum(self.terms.values())
