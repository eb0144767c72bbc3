"""The answer type of every road: the risk at each recorded step, decomposed, with its claim and warrant."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.curve.claim import Claim, Warrant
from riskcalc.curve.precise import SERIES, Decimals
from riskcalc.curve.question import Question
from riskcalc.curve.steps import steps_in_words
from riskcalc.display import Displayed, Page
from riskcalc.errors import ConsistencyError, InvalidInput
from riskcalc.quantity import (
    NumberLike,
    NumbersLike,
    Real,
    held,
    is_several,
    listed,
    number,
    of_type,
    optional,
    real_array,
    shown,
    whole,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas
    import xarray



@dataclass(frozen=True, kw_only=True, eq=False)
class RiskCurve(Displayed):
    """Expected risk along a run: risk = irreducible + excess, excess = approximation + bias + variance.

    Parameters
    ----------
    steps : tuple of int
        Recorded step counts, ascending.
    excess : array, shape (steps,)
        Risk less the irreducible part.
    irreducible : float
        Variance of the label noise.
    approximation : float
        Excess risk of the best model on the features.
    claim : Claim
        What the numbers are.
    warrant : Warrant
        How well they are known to be that.
    bias : array, shape (steps,), or None, default None
        What training has not learnt yet; None where the road cannot separate it from the variance: simulation.
    variance : array, shape (steps,), or None, default None
        What the noise of the samples adds; None as the bias.
    standard_error : array or None, default None
        Of the excess, one a step, where it is sampled or averaged over sketches.
    radius : array or None, default None
        Of the excess: a proved bound, one a step, where the warrant is `enclosed`.
    shift : array or None, default None
        Where the equivalent was asked for its finite size: what the average over sketches adds to the excess at
        order 1/M, one a step.
    spread : array or None, default None
        Where the equivalent was asked for its finite size: the standard deviation of the excess of one sketch, one
        a step.
    training : array or None, default None
        The mean squared error on the samples of the data set, where there is one, label noise included; known to
        `error` of the risk, or sampled as the excess is.
    error : float or None, default None
        A bound of the relative error of the excess at every recorded step, argued and calibrated but not proved
        (D37), where the road states one: of the decimals where the curve has them, else of the floats; bias and
        variance are known to the same absolute accuracy. It is an error in evaluating what is claimed, not the
        distance from what is claimed to anything else.
    decimals : Decimals or None, default None
        The same numbers as text, where they were computed with more digits than a float holds.
    asked : Question, optional
        Everything that defines the run; a table, as files hold it, is read.
    method : dict[str, Any], optional
        Name and settings of the road that answered.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: made by the roads; all arrays have shape (steps,), and the risk the unit of the labels squared.

    Source: D01 (the parts), D37 (the stated error).

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run, risk
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3), noise="1/10")
    >>> curve = risk(Run(problem, model_size=100, schedule=Constant("3/10"), steps=[0, 1000]))
    >>> bool(abs(curve.risk - (curve.irreducible + curve.approximation + curve.bias + curve.variance)).max() < 1e-12)
    True
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
    shift: Real | None = None
    spread: Real | None = None
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
        series = ("excess", "bias", "variance", "standard_error", "radius", "shift", "spread", "training")
        for name in series:
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

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, places: slice) -> RiskCurve:
        """The curve at some of its steps, chosen as places of a list: curve[::2], curve[-10:]."""
        if not isinstance(places, slice):
            raise InvalidInput(
                f"a curve is cut by slices, curve[3:7], not by {shown(places)}: for one step ask curve.at(step)"
            )
        return self._picked(range(len(self.steps))[places])

    def at(self, steps: NumbersLike | str) -> RiskCurve:
        """The curve at one recorded step, or at several; in words, "0,10..1e4", at all that were recorded in a range.

        Raises InvalidInput where a step was not recorded; the nearest ones that were are named.
        """
        ranges: tuple[tuple[int, int], ...] = ()
        if isinstance(steps, str):
            read = steps_in_words(steps)
            asked, ranges = tuple(read.counts), read.ranges
        else:
            asked = listed(steps, "steps", "recorded steps") if is_several(steps) else (steps,)
        inside = {step for step in self.steps if any(first <= step <= last for first, last in ranges)}
        wanted = sorted(inside | {whole(step, "steps") for step in asked})
        place_of = {step: place for place, step in enumerate(self.steps)}
        for step in wanted:
            if step not in place_of:
                above = bisect(self.steps, step)
                near = ", ".join(map(str, self.steps[max(0, above - 1) : above + 1]))
                raise InvalidInput(
                    f"step {step} is not recorded: the nearest are {near}; ask for it in the steps of the run"
                )
        return self._picked([place_of[step] for step in wanted])

    def _picked(self, places: Sequence[int]) -> RiskCurve:
        if not places:
            raise InvalidInput("no step of the curve is chosen")
        chosen = sorted(places)
        arrays = {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        series: dict[str, Any] = {name: value[chosen] for name, value in arrays.items()}
        decimals = None if self.decimals is None else self.decimals.at(chosen)
        return replace(self, steps=tuple(self.steps[place] for place in chosen), decimals=decimals, **series)

    @property
    def risk(self) -> Real:
        """irreducible + excess, one value a step."""
        return self.irreducible + self.excess

    def page(self) -> Page:
        """What was asked and what is claimed, then one row a step."""
        from riskcalc.curve.page import page_of
        from riskcalc.curve.rounding import verified_digits

        return page_of(self, digits=verified_digits(self))

    def __str__(self) -> str:
        from riskcalc.curve.page import table_of
        from riskcalc.curve.rounding import verified_digits

        return table_of(self, digits=verified_digits(self))

    def __repr__(self) -> str:
        ends = f"{self.steps[0]} to {self.steps[-1]}" if self.steps else "none"
        return f"RiskCurve({len(self.steps)} steps, {ends}; {self.claim.value}; {self.warrant.value})"

    def interval(self, level: NumberLike = Fraction(19, 20)) -> tuple[Real, Real]:
        """Lower and upper ends, one a step, of an interval that holds the excess of so many single sketches.

        Formula: excess + shift -+ z spread, z the normal quantile. Valid: curves with shift and spread; one sketch's
        excess is skewed to the right, so what is missed lies mostly above. Source: D50.
        """
        half = _half_width(level) * self._scatter("interval")
        middle = self.excess + held(self.shift, "the shift")
        return middle - half, middle + half

    def standard_error_of(self, *, sketches: NumberLike) -> Real:
        """Standard error of the excess averaged over so many sketches, one a step: spread/sqrt(K)."""
        count = whole(sketches, "sketches", least=1)
        return np.asarray(self._scatter("standard_error_of") / math.sqrt(count))

    def _scatter(self, asked: str) -> Real:
        if self.shift is None or self.spread is None:
            raise InvalidInput(
                f"{asked} needs shift and spread, which this curve has not: ask Equivalent(finite_size=True)"
            )
        return self.spread

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

    def plot(self, **settings: Any) -> Any:
        """The curve and its parts as a picture (needs the extra `plot`); settings as in `plot_components`.

        Returns the axes. A curve without parts is drawn alone, as by `plot_curve`.
        """
        from importlib import import_module

        plotting = import_module("riskcalc.plotting")  # a room above this one: found when it is asked for
        draw = plotting.plot_curve if self.bias is None or self.variance is None else plotting.plot_components
        return draw(self, **settings)

    def to_pandas(self) -> pandas.DataFrame:
        """A table with one row a step, indexed by `step` (needs pandas)."""
        from riskcalc.curve.containers import to_pandas

        return to_pandas(self)

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


def _half_width(level: NumberLike) -> float:
    """How many standard deviations on each side hold this share of a normal law."""
    share = number(level, "level")
    if not 0 < share < 1:
        raise InvalidInput(f"level is a share of all sketches, above 0 and below 1, not {level}")
    return NormalDist().inv_cdf((1 + float(share)) / 2)
