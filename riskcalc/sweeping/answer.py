"""The answer to one point: its numbers, or the reason why there are none; as bytes, and back without a bit lost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from riskcalc.curve import RiskCurve
from riskcalc.curve.containers import LONG_NAMES
from riskcalc.quantity import Real

SERIES = tuple(name for name in LONG_NAMES if name != "risk")  # which is the sum of others
SINGLE = ("irreducible", "approximation", "error")


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """series: numbers a recorded step; single: one number each. reason: why there are none, "" where there are.

    settled: whether the question itself has no answer, so that asking it again would be of no use. seed: of the
    samples, where there are any.
    """

    series: dict[str, Real] = field(default_factory=dict)
    single: dict[str, float] = field(default_factory=dict)
    claim: str = ""
    warrant: str = ""
    reason: str = ""
    settled: bool = True
    seed: int | None = None

    def packed(self) -> tuple[str, bytes]:
        """Text and bytes that hold the answer."""
        told = {
            "series": list(self.series),
            "single": self.single,
            "claim": self.claim,
            "warrant": self.warrant,
            "reason": self.reason,
            "seed": self.seed,
        }
        return json.dumps(told), b"".join(values.astype("<f8").tobytes() for values in self.series.values())


def of_curve(curve: RiskCurve, *, seed: int | None) -> Answer:
    """What a sweep keeps of a curve."""
    series = {name: getattr(curve, name) for name in SERIES}
    single = {name: getattr(curve, name) for name in SINGLE}
    return Answer(
        series={name: np.asarray(values) for name, values in series.items() if values is not None},
        single={name: float(value) for name, value in single.items() if value is not None},
        claim=curve.claim.value,
        warrant=curve.warrant.value,
        seed=seed,
    )


def unpacked(text: str, content: bytes) -> Answer:
    """The answer that `packed` wrote."""
    told: dict[str, Any] = json.loads(text)
    names = told.pop("series")
    columns = np.frombuffer(content, dtype="<f8").astype(np.float64).reshape(len(names), -1) if names else ()
    return Answer(**told, series=dict(zip(names, columns, strict=True)))
