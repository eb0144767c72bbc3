"""The answer type of every road: the risk at each recorded step, decomposed, with its claim and warrant."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.curve.claim import Claim, Warrant
from riskcalc.curve.precise import SERIES, Decimals
from riskcalc.curve.question import Question
from riskcalc.errors import ConsistencyError, InvalidInput
from riskcalc.quantity import Real, listed, of_type, optional, real_array, shown, whole

if TYPE_CHECKING:
    from pathlib import Path

    import xarray



@dataclass(frozen=True, kw_only=True, eq=False)
class RiskCurve:
    """Expected risk along a run: risk = irreducible + excess, excess = approximation + bias + variance.

    steps: recorded step counts, ascending. excess, bias, variance: one value a step (bias and variance are None
    where the road cannot separate them: simulation). irreducible, approximation: one value.
    standard_error: of the excess, one a step, where it is sampled or averaged over sketches; radius: a proved
    bound, one a step, where the warrant is `enclosed`. training: the mean squared error on the samples of the data
    set, where there is one, label noise included; known to `error` of the risk, or sampled as the excess is.
    error: a bound of the relative error of the excess at every recorded step, argued and calibrated but not proved
    (D37), where the road states one: of the decimals where the curve has them, else of the floats; bias and variance
    are known to the same absolute accuracy. It is an error in evaluating what is claimed, not the distance from what is
    claimed to anything else.
    decimals: the same numbers as text, where they were computed with more digits than a float holds.
    asked: everything that defines the run; a table, as files hold it, is read. method: name and settings of the road
    that answered.
    """

    steps: tuple[int, ...]
    excess: Real
    irreducible: float
    approximation: float
    claim: Claim
    warrant: Warrant
    bias: Real | None = None
    variance: Real | None = None
    standard_error: Real | None = None
    radius: Real | None = None
    training: Real | None = None
    error: float | None = None
    decimals: Decimals | None = None
    asked: Question = field(default_factory=Question)
    method: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        steps = listed(self.steps, "steps", "the recorded step counts")
        object.__setattr__(self, "steps", tuple(whole(step, "steps") for step in steps))
        of_type(self.claim, Claim, "claim", "a member of Claim")
        of_type(self.warrant, Warrant, "warrant", "a member of Warrant")
        optional(self.decimals, Decimals, "decimals", "Decimals(...)")
        if isinstance(self.asked, dict):
            object.__setattr__(self, "asked", Question.of(self.asked))
        of_type(self.asked, Question, "asked", "a table of names and values, or a Question")
        of_type(self.method, dict, "method", "a table of names and values")
        for name, least in (("irreducible", 0.0), ("approximation", -math.inf), ("error", 0.0)):
            if name != "error" or self.error is not None:
                object.__setattr__(self, name, _single(getattr(self, name), name, least=least))
        if self.excess is None:
            raise InvalidInput("excess must be one real number a step, not None")
        for name in ("excess", "bias", "variance", "standard_error", "radius", "training"):
            values = getattr(self, name)
            if values is None:
                continue
            array = real_array(values, name, needed="one real number a step")
            if array.shape != (len(self.steps),):
                raise ConsistencyError(f"{name} has shape {array.shape} for {len(self.steps)} recorded steps")
            if np.isnan(array).any():
                raise ConsistencyError(f"{name} came out as nan at step {self.steps[int(np.argmax(np.isnan(array)))]}")
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        for name, texts in self.decimals.text.items() if self.decimals is not None else ():
            if name in SERIES and len(texts) != len(self.steps):
                raise ConsistencyError(f"{len(texts)} decimals of {name} for {len(self.steps)} recorded steps")

    @property
    def risk(self) -> Real:
        """irreducible + excess, one value a step."""
        return self.irreducible + self.excess

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RiskCurve) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def to_dict(self, *, digits: int = 17) -> dict[str, Any]:
        """The curve as plain JSON values, numbers as decimal strings; 17 digits lose nothing."""
        from riskcalc.curve.storage import curve_to_dict

        return curve_to_dict(self, digits=digits)

    def to_json(self) -> str:
        """Lossless JSON text; `RiskCurve.from_json` reads it back to an equal curve."""
        import json

        return json.dumps(self.to_dict(), indent=1)

    @classmethod
    def from_json(cls, text: str) -> RiskCurve:
        """The curve behind the text of `to_json`, or of `riskcalc risk --json`; refused where it is not one."""
        from riskcalc.curve.parsing import curve_from_json

        return curve_from_json(text)

    def save(self, path: str | Path) -> None:
        """Write the lossless JSON to a file."""
        from riskcalc.curve.storage import save_curve

        save_curve(self, path)

    @classmethod
    def load(cls, path: str | Path) -> RiskCurve:
        """Read a curve written by `save`."""
        from riskcalc.curve.storage import load_curve

        return load_curve(path)

    def to_xarray(self) -> xarray.Dataset:
        """An xarray Dataset over the coordinate `step` (needs the extra `data`)."""
        from riskcalc.curve.containers import to_xarray

        return to_xarray(self)


def _single(value: object, name: str, *, least: float) -> float:
    single = real_array(value, name, needed="one finite real number")
    if single.ndim or not np.isfinite(single):
        raise InvalidInput(f"{name} must be one finite real number, not {shown(value)}")
    if single < least:
        raise InvalidInput(f"{name} cannot be negative, but it is {shown(value)}")
    return float(single)
