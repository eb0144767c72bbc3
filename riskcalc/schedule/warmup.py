"""A linear warm-up before any schedule."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenNumber, MaybeNumber, MaybeWhole, Number, Real, frozen, given, number, whole
from riskcalc.schedule.ending import Ending, long_run_of
from riskcalc.schedule.formula import Formula
from riskcalc.schedule.lengths import only_length, read_fraction
from riskcalc.schedule.reading import Reading, Value
from riskcalc.schedule.schedule import (
    Schedule,
    Stage,
    checked_schedule,
    read_horizon,
    read_range,
    rescaled,
    sizes_of,
)
from riskcalc.schedule.smooth import is_smooth
from riskcalc.schedule.spelling import name_of

_MOST_STAGES = 10_000  # steps of a warm-up that count as stages, one by one; a longer one is crossed in panels


@frozen()
class Warmup(Formula):
    """gamma_s = g_0 (r + (1 - r) s/W) for s < W; then gamma_s = g_(s-W), g being the schedule for a run of N - W steps.

    A ramp over W steps (W = steps, or fraction N rounded up) from the fraction r = start of the schedule's first
    step size to the whole of it, and the schedule in the steps that are left. Step 0 has r g_0, which is 0 unless a
    start is given: that step uses its samples and moves nothing. Step W is the first of the schedule, at its full
    size. So do PyTorch (`LinearLR` and then the schedule, in `SequentialLR`), optax
    (`warmup_cosine_decay_schedule`), Keras and the schedules with warm-up of the transformers library. A ramp g_0
    (s + 1)/W, whose step 0 has g_0/W, is the one with steps = W - 1 and start = 1/W.

    Parameters
    ----------
    schedule : Schedule
        What follows the ramp.
    steps : whole number or None, default None
        W, a whole number of steps.
    fraction : number or None, default None
        W as a fraction of the horizon, in place of steps.
    start : number, default 0
        r, the fraction of the first step size at which the ramp begins.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: W >= 1, at least one step left after it; steps or fraction, one of them; 0 <= start < 1; the schedule not
    itself a Warmup.

    Source: D26.

    Examples
    --------
    >>> from riskcalc.schedule import Cosine
    >>> Warmup(Cosine(1), steps=2).step_sizes(0, 6, horizon=6).round(4)
    array([0.    , 0.5   , 1.    , 0.8536, 0.5   , 0.1464])
    """

    schedule: Schedule
    steps: MaybeWhole = given(default=None)
    fraction: MaybeNumber = given(default=None)
    start: GivenNumber = given(default=0)

    def __post_init__(self) -> None:
        if isinstance(checked_schedule(self.schedule), Warmup):
            raise InvalidInput("the schedule of a Warmup has a warm-up already: give one of them")
        only_length("a warm-up", steps=self.steps, fraction=self.fraction)
        if self.steps is not None:
            object.__setattr__(self, "steps", whole(self.steps, "steps", least=1))
        else:
            object.__setattr__(self, "fraction", read_fraction(self.fraction))
        object.__setattr__(self, "start", number(self.start, "start"))
        if not 0 <= self.start < 1:
            raise InvalidInput(f"start is a fraction of the first step size, in [0, 1), not {self.start}")

    @property
    def name(self) -> str:
        """That of the schedule, with what goes before it."""
        return f"warmup-{name_of(self.schedule)}"

    @property
    def step_size(self) -> Number:
        """The largest step size of the schedule."""
        given: Number = self.schedule.step_size  # type: ignore[attr-defined]  # AttributeError where it has none
        return given

    def formula(self, at: Reading) -> Value:
        place = self.steps if self.fraction is None else at.whole(self.fraction)

        def ramp(early: Reading) -> Value:
            risen = early.done / early.steps(place)
            start = early.number(self.start)
            return early.later(place).first().of(self.schedule) * (start + (1 - start) * risen)

        return at.split(place, ramp, lambda late: late.later(place).of(self.schedule))

    def kinks(self) -> tuple[Number, ...]:
        inner = self.schedule.kinks() if isinstance(self.schedule, Formula) else ()
        rest = 1 - Fraction(0 if self.fraction is None else self.fraction)
        return (*(kink * rest for kink in inner), *([rest] if rest < 1 else []))

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> Real:
        stages = self.stages(horizon=horizon)
        if stages is None:
            return super().step_sizes(start, stop, horizon=horizon)
        first, last, _ = read_range(start, stop, horizon=horizon)
        return sizes_of(stages, first, last)

    def stages(self, *, horizon: int) -> tuple[Stage, ...] | None:
        """One for each step of a short warm-up before a schedule of stages."""
        warm, left = self._parts(horizon)
        later = self.schedule.stages(horizon=left)
        if later is None or warm > _MOST_STAGES:
            return None
        start, first = Fraction(self.start), Fraction(later[0].exact)
        ramp = (start + (1 - start) * Fraction(step, warm) for step in range(warm))
        return (
            *(Stage(start=step, stop=step + 1, step_size=first * risen) for step, risen in enumerate(ramp)),
            *(Stage(start=one.start + warm, stop=one.stop + warm, step_size=one.exact) for one in later),
        )

    def breaks(self, *, horizon: int) -> tuple[int, ...] | None:
        warm, left = self._parts(horizon)
        stages = self.schedule.stages(horizon=left)
        inner: tuple[int, ...] | None
        if stages is not None:
            inner = tuple(stage.start for stage in stages[1:])
        else:
            inner = self.schedule.breaks(horizon=left) if is_smooth(self.schedule, horizon=left) else None
        return None if inner is None else (warm, *(warm + place for place in inner))

    def peak(self, *, horizon: int) -> float:
        return self.schedule.peak(horizon=self._parts(horizon)[1])

    def check(self, *, horizon: int) -> None:
        self.schedule.check(horizon=self._parts(horizon)[1])

    def describe(self) -> dict[str, Any]:
        told = self.schedule.describe()
        own = {"steps": self.steps, "fraction": self.fraction, "start": self.start or None}
        words = {f"warmup_{key}": str(value) for key, value in own.items() if value is not None}
        return {**told, "name": self.name, **words}

    def with_step_size(self, step_size: Number) -> Warmup:
        return dataclasses.replace(self, schedule=rescaled(self.schedule, step_size))

    def long_run(self, *, horizon: int | None) -> Any:
        if self.fraction is None and horizon is None:
            return long_run_of(self.schedule, horizon=None)  # so many steps are nothing in a run without end
        left = None if horizon is None else self._parts(horizon)[1]
        later = long_run_of(self.schedule, horizon=left)
        if isinstance(later, Ending):
            raise InvalidInput(
                f"no exponents are derived for {self.name}: after a warm-up over a share of the run it "
                "goes by another scale of time; give the warm-up in steps"
            )
        share = self.fraction if horizon is None or left is None else Fraction(horizon - left, horizon)
        return Warmup(later, fraction=share, start=self.start)

    def _parts(self, horizon: int) -> tuple[int, int]:
        """W and N - W."""
        steps = read_horizon(horizon)
        warm = self.steps if self.fraction is None else -(-Fraction(self.fraction) * steps // 1)
        left = steps - int(warm or 0)
        if left < 1:
            raise InvalidInput(f"the warm-up takes {warm} steps, but the run has {steps}: none is left after it")
        return steps - left, left
