"""Bias and variance at the recorded steps, given precise modes: stages in closed form, other schedules step by step."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.dynamics.step_sizes import exact_stages, step_sizes
from riskcalc.errors import InvalidInput
from riskcalc.exact.precise.secular import ConstantStage
from riskcalc.exact.precise.sketched import PreciseModes
from riskcalc.numeric.field import Element, Field

MOST_WORK = 20_000_000  # steps times modes
_SHORT = 3  # a stage of up to so many steps a mode is followed step by step

Row = tuple[Element, Element]  # bias, variance
State = tuple[list[Element], list[Element]]
Piece = tuple[int, int, Fraction | None]  # steps start, ..., stop - 1, and their step size


def responses(run: Run, modes: PreciseModes, field: Field, *, level: int) -> list[Row]:
    """Rows at the recorded steps, within `field.working(level)`."""
    drive = field.middle(field.real(Fraction(run.problem.noise)) + modes.floor)
    state: State = (list(modes.signal), [field.real(0)] * len(modes.signal))
    found: dict[int, Row] = {}
    for start, stop, size in pieces(run, len(modes.position)):
        wanted = [step for step in run.steps if start <= step <= stop]
        if size is None or stop - start <= _SHORT * len(modes.position):
            sizes = _sizes(run, field, start, stop, size)
            state = _followed(modes, field, state, sizes, start, wanted, run.batch_size, drive, found)
            continue
        if size == 0:
            found.update((step, (added(field, state[0]), added(field, state[1]))) for step in wanted)
            continue
        stage = ConstantStage(
            field,
            modes.position,
            modes.kernel,
            step_size=size,
            batch_size=run.batch_size,
            level=level,
            latest=stop - start,
        )
        for step in wanted:
            found[step] = (
                stage.total(state[0], step - start, field.real(0)),
                stage.total(state[1], step - start, drive),
            )
        if stop < run.steps[-1]:
            state = (
                stage.state(state[0], stop - start, field.real(0)),
                stage.state(state[1], stop - start, drive),
            )
    return [found[step] for step in run.steps]


def pieces(run: Run, modes: int) -> list[Piece]:
    """Stages up to the last recorded step; one piece without a step size where the schedule has no stages."""
    last, stages = run.steps[-1], exact_stages(run.schedule, horizon=run.horizon)
    if stages is None:
        if last * modes > MOST_WORK:
            raise InvalidInput(
                f"{last} steps of this schedule take too long step by step in more digits than float64 "
                f"(steps times features up to {MOST_WORK:.0e}): ask for fewer steps, or leave digits out"
            )
        return [(0, last, None)]
    found: list[Piece] = [(start, min(stop, last), size) for start, stop, size in stages if start < last]
    return found or [(0, 0, None)]


def _sizes(run: Run, field: Field, start: int, stop: int, size: Fraction | None) -> Iterator[Element]:
    if size is None:
        return step_sizes(run.schedule, horizon=run.horizon, count=stop, field=field)
    element = field.real(size)
    return iter([element] * (stop - start))


def _followed(
    modes: PreciseModes,
    field: Field,
    state: State,
    sizes: Iterator[Element],
    start: int,
    wanted: list[int],
    batch_size: int,
    drive: Element,
    found: dict[int, Row],
) -> State:
    """The recursion x <- q x + (gamma^2/B) k (sum x + drive), to the last of the step sizes."""
    middle, asked = field.middle, set(wanted)
    spread, batch = field.real(1 + Fraction(1, batch_size)), field.real(batch_size)
    bias, variance = state
    linear = [middle(2 * z) for z in modes.position]
    square = [middle(spread * z * z) for z in modes.position]
    step = start
    while True:
        totals = added(field, bias), added(field, variance)
        if step in asked:
            found[step] = totals
        size = next(sizes, None)
        if size is None:
            return bias, variance
        gain, second = size * size / batch, totals[1] + drive
        factors = [1 - size * (one - size * two) for one, two in zip(linear, square, strict=True)]
        feeds = [gain * k for k in modes.kernel]
        bias = [middle(q * x + totals[0] * k) for q, x, k in zip(factors, bias, feeds, strict=True)]
        variance = [middle(q * x + second * k) for q, x, k in zip(factors, variance, feeds, strict=True)]
        step += 1


def added(field: Field, values: list[Element]) -> Element:
    """The sum of one or more elements."""
    total = values[0]
    for value in values[1:]:
        total = total + value
    return field.middle(total)
