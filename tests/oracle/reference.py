"""The slow answer to a question, with the accuracy that two routes of its own show."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np
from flint import ctx

from tests.oracle import arithmetic, dynamics, memory, panels, powers
from tests.oracle.arithmetic import BALLS, BITS, Arithmetic, rounded, spread
from tests.oracle.equivalent import Dispersion, Landmarks, landmarks, largest_step, modes
from tests.oracle.feedback import margin, margin_of_modes
from tests.oracle.floats80 import LD, OutOfReach, from_ball, longdouble
from tests.oracle.measures import SHORT, measure
from tests.oracle.modes import Modes, sketched, unsketched
from tests.oracle.questions import Question, Signal, Spectrum
from tests.oracle.schedules import sizes, staged, stages
from tests.oracle.vanished import log_bounds

STEPWISE = 3000
NEAR = 0.9  # shares of the largest step from which 1 - kappa is computed apart
DOUBTFUL = 1e-17  # a tenth of the rounding of a float
MEMORY_AXES = (0.45, 0.38)
LOG_NOTHING = -700  # excesses below e^-700 are no floats


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Excess, bias, variance at the steps, the floor; doubt: of the excess, relative, by the reference's own routes."""

    excess: np.ndarray
    bias: np.ndarray
    variance: np.ndarray
    floor: np.longdouble
    doubt: np.ndarray


def firsts(question: Question) -> list[int | None]:
    """The first iterate in each recorded average."""
    if question.tail is None:
        return [None] * len(question.steps)
    return [t - math.ceil(question.tail * t) for t in question.steps]


def largest(question: Question) -> np.longdouble:
    """The largest stable constant step size."""
    if question.road == "equivalent":
        return largest_step(*_landscape(question.spectrum, question.signal, question.model_size), question.batch_size)
    found = real_modes(question)
    z, batch = found.z, LD(question.batch_size)
    low, high = LD(0), 2 / ((1 + 1 / batch) * z.real.max())
    for _ in range(80):
        middle = (low + high) / 2
        kappa = (middle * found.k / z / (batch * (2 - middle * (1 + 1 / batch) * z))).sum().real
        low, high = (middle, high) if kappa < 1 else (low, middle)
    return low


@lru_cache(maxsize=2)
def _landscape(spectrum: Spectrum, signal: Signal, model_size: Fraction) -> tuple[Dispersion, Landmarks]:
    dispersion = _dispersion(spectrum, signal, model_size, 1.0)
    return dispersion, landmarks(dispersion)


def dispersion_of(question: Question) -> Dispersion:
    """z(u) of a question."""
    return _dispersion(question.spectrum, question.signal, question.model_size, 1.0)


def _dispersion(spectrum: Spectrum, signal: Signal, model_size: Fraction, finer: float) -> Dispersion:
    smallest, size = 1.0, float(model_size)
    if not spectrum.listed:
        smallest = float(spectrum.scale) * (size + 1) ** -float(1 if spectrum.logarithmic else spectrum.a) / 20
        if spectrum.logarithmic:
            smallest /= math.log(size + 2) ** float(spectrum.a)
    return Dispersion(measure=measure(spectrum, signal, smallest, finer), model_size=model_size)


def real_modes(question: Question, finer: float = 1.0) -> Modes:
    """The modes of D01; those of a long spectrum are the nodes of its sums."""
    if question.road == "exact":
        return sketched(question)
    if (question.spectrum.dimension or 0) <= SHORT:
        return unsketched(question)
    nodes = measure(question.spectrum, question.signal, 1.0, finer)
    return Modes(z=nodes.lam, f=nodes.h, k=nodes.w * nodes.lam**2, floor=LD(0))


def answer(question: Question, needed: float = DOUBTFUL) -> Reference:
    """By powers in balls where that is possible, else by two contours, degrees or precisions; `needed`: the doubt that
    is small enough, beyond which real modes are followed in balls instead of floats."""
    if question.memory is not None:
        return _with_memory(question)
    if question.road == "equivalent":
        return _by_contours(question)
    found = real_modes(question)
    gone = log_bounds(question, found, firsts(question)) < LOG_NOTHING
    if not np.any(gone):
        return _by_modes(question, found, needed)
    values = {name: np.zeros(len(gone), dtype=LD) for name in ("excess", "bias", "variance", "doubt")}
    if not np.all(gone):
        rest = replace(question, steps=tuple(t for t, nothing in zip(question.steps, gone, strict=True) if not nothing))
        some = _by_modes(rest, found, needed)
        for name, all_of_it in values.items():
            all_of_it[~gone] = getattr(some, name)
    return Reference(floor=LD(0), **values)


def _with_memory(question: Question) -> Reference:
    """Two contours step by step; real modes in balls, by powers where nothing changes."""
    if question.road == "equivalent":
        first, second = (_remembered(question, memory_modes(question, axis)) for axis in MEMORY_AXES)
        return _compared(first, second, LD(1))
    found = real_modes(question)
    if found.balls is None:
        raise OutOfReach("balls of a long spectrum")
    if question.memory.steady and question.schedule.name == "constant":
        about = question.schedule.peak, question.steps, question.batch_size, question.noise
        return _of_balls(found, memory.by_powers(question.memory, found, *about))
    with ctx.workprec(BITS):
        z, f, k, floor = found.balls
        exact = Modes(
            z=np.array(z, dtype=object), f=np.array(f, dtype=object), k=np.array(k, dtype=object), floor=floor
        )
        return _remembered(question, exact)


def memory_modes(question: Question, axis: float) -> Modes:
    """A narrow contour: what turns round grows on a wide one."""
    dispersion, marks = _landscape(question.spectrum, question.signal, question.model_size)
    return modes(dispersion, marks, 4 * marks.upper, axis)


def _remembered(question: Question, found: Modes) -> Reference:
    numbers = arithmetic.of(found.z)
    step_sizes = sizes(question.schedule, 0, question.steps[-1], question.horizon, numbers)
    tau2 = found.floor + numbers.number(question.noise)
    rows = memory.followed(question.memory, found, step_sizes, question.steps, question.batch_size, tau2)
    both = np.array(rows)
    excess = found.floor + both.sum(1)
    return Reference(
        excess=rounded(excess),
        bias=rounded(both[:, 0]),
        variance=rounded(both[:, 1]),
        floor=rounded(np.asarray(found.floor))[()],
        doubt=spread(excess) + LD(1e-19),
    )


def _by_modes(question: Question, found: Modes, needed: float) -> Reference:
    if staged(question.schedule) and len(found.z) <= powers.LARGEST:
        return _by_powers(question, found)
    result = _by_floats(question, found)
    if not np.any(result.doubt > needed) or found.balls is None:
        return result
    if staged(question.schedule) and powers.affordable(question, found):
        return _by_powers(question, found)
    return _by_balls(question, found)


def _by_contours(question: Question) -> Reference:
    about = question.spectrum, question.signal, question.model_size
    dispersion, marks = _landscape(*about)
    peak, exact = longdouble(question.schedule.peak), None
    if question.share > NEAR and staged(question.schedule):
        exact = margin(question, dispersion, marks)
    known = None if exact is None else (peak, exact)
    first = stepped(question, replace(contour_modes(question, dispersion, marks, 0.78), margin=known), 0)
    dispersion = _dispersion(*about, 1.15)
    nodes = contour_modes(question, dispersion, landmarks(dispersion, marks), 0.68)
    return _compared(first, stepped(question, replace(nodes, margin=known), 1), LD(1))


def _by_floats(question: Question, found: Modes) -> Reference:
    """Two hyperbolas, degrees or sets of nodes where there are two; a plain recursion beside itself in float64."""
    exact = None
    if question.share > NEAR and found.balls is not None:
        exact = (
            longdouble(question.schedule.peak),
            margin_of_modes(question.schedule.peak, question.batch_size, found.balls[0]),
        )
    known = replace(found, margin=exact)
    first = stepped(question, known, 0)
    if np.iscomplexobj(found.z):
        result = _compared(first, stepped(question, real_modes(question, 1.15), 1), LD(1))
        return replace(result, doubt=result.doubt + _shared(question, known))
    if not _twice(question):
        return _compared(first, stepped(question, _halved(known), 1), LD(2) ** -10)
    result = _compared(first, stepped(question, known, 1), LD(1))
    return replace(result, doubt=result.doubt + _shared(question, known))


def _shared(question: Question, found: Modes) -> np.longdouble:
    """What roundings of the same modes may do to both.

    Over 1 - kappa, per step while crosses alternate, and over what a mode loses that turns round at every step, which
    is gamma z (2 - gamma (1 + 1/B) z): a position, a product and a difference are rounded.
    """
    rounding = LD(2) ** -63
    lost = 2 - longdouble(question.schedule.peak) * (1 + 1 / LD(question.batch_size)) * found.z.real.max()
    turning = 8 * rounding / lost
    if staged(question.schedule) and question.tail is None and found.margin is not None:
        return turning
    return turning + rounding * (4 if question.tail is None else 48) / (1 - LD(question.share))


def _twice(question: Question) -> bool:
    """Whether the answer takes more than single steps."""
    if not staged(question.schedule):
        return question.steps[-1] > STEPWISE
    return any(b - a >= dynamics.AT_ONCE for a, b, _ in stages(question.schedule, question.horizon))


def _by_balls(question: Question, found: Modes) -> Reference:
    """The same in balls, from modes with all their digits."""
    with ctx.workprec(BITS):
        z, f, k, floor = found.balls
        exact = Modes(
            z=np.array(z, dtype=object), f=np.array(f, dtype=object), k=np.array(k, dtype=object), floor=floor
        )
        first = stepped(question, exact, 0)
        return _compared(first, stepped(question, exact, 1), LD(1)) if _twice(question) else first


def contour_modes(question: Question, dispersion: Dispersion, marks: Landmarks, axis: float) -> Modes:
    """The equivalent's modes for the largest step size of a run."""
    z_star = 2 / (longdouble(question.schedule.peak) * (1 + 1 / LD(question.batch_size)))
    return modes(dispersion, marks, z_star, axis)


def _compared(first: Reference, second: Reference, shrink: np.longdouble) -> Reference:
    doubt = np.abs(second.excess - first.excess) + np.abs(second.bias - first.bias)
    doubt = doubt + np.abs(second.variance - first.variance)
    return replace(first, doubt=(shrink * doubt / np.abs(first.excess) + LD(1e-19)).astype(LD))


def _halved(found: Modes) -> Modes:
    """The same modes in float64, whose rounding is 2048 times larger."""
    z, f, k = (values.astype(float) for values in (found.z, found.f, found.k))
    return Modes(z=z, f=f, k=k, floor=np.float64(found.floor))


def _stretches(question: Question, numbers: Arithmetic):
    """Functions of two steps: what lies between them, as stages with exact step sizes, or as arrays of step sizes."""
    schedule, horizon = question.schedule, question.horizon
    if not staged(schedule):

        def arrays(start: int, stop: int) -> list:
            return [(stop - start, sizes(schedule, start, stop, horizon, numbers))] if stop > start else []

        return arrays
    found = stages(schedule, horizon)

    def between(start: int, stop: int) -> list[tuple[int, Fraction]]:
        cut = [(max(a, start), min(b, stop), gamma) for a, b, gamma in found if a < stop and b > start]
        return [(b - a, gamma) for a, b, gamma in cut]

    return between


def _by_powers(question: Question, found: Modes) -> Reference:
    between = _stretches(question, BALLS)
    values = powers.curve(found, between, question.steps, firsts(question), question.batch_size, question.noise)
    return _of_balls(found, values)


def _of_balls(found: Modes, values: list) -> Reference:
    with ctx.workprec(320):
        floor = found.balls[3]
        excess = [floor + bias + variance for bias, variance in values]
        doubt = np.array([float((x.rad() / x).mid()) for x in excess], dtype=LD) + LD(1e-19)
    return Reference(
        excess=np.array([from_ball(x) for x in excess]),
        bias=np.array([from_ball(x) for x, _ in values]),
        variance=np.array([from_ball(x) for _, x in values]),
        floor=from_ball(floor),
        doubt=np.abs(doubt),
    )


def stepped(question: Question, found: Modes, which: int = 0) -> Reference:
    """By recursion and transform on given modes, on one of two hyperbolas."""
    numbers = arithmetic.of(found.z)
    between = _stretches(question, numbers)
    batch, tau2 = question.batch_size, found.floor + numbers.number(question.noise)

    def parts(start: int, stop: int) -> list:
        pieces = between(start, stop)
        if not staged(question.schedule):
            return pieces
        joined: list = []  # short stretches are joined, so that they are stepped through in one loop
        for length, gamma in pieces:
            value = numbers.number(gamma)
            if length < dynamics.AT_ONCE and len(pieces) > 1:
                block = np.array([value] * length)
                if joined and isinstance(joined[-1][1], np.ndarray):
                    block = np.concatenate([joined.pop()[1], block])
                joined.append((len(block), block))
            else:
                joined.append((length, value))
        return joined

    def onward(state: dynamics.State, start: int, stop: int, average: bool) -> dynamics.State:
        if not staged(question.schedule) and stop - start > STEPWISE:
            about = question.schedule, start, stop, question.horizon, batch, tau2, which
            return panels.follow(found, state, *about, average=average)
        return dynamics.advance(found, state, parts(start, stop), batch, tau2, which, average=average)

    state, at, values = dynamics.State.start(found), 0, {}
    order = sorted(zip(question.steps, firsts(question), strict=True), key=lambda p: p[0] if p[1] is None else p[1])
    for t, first in order:
        to = t if first is None else first
        state, at = onward(state, at, to, False), to
        if first is None or t == 0:
            values[t] = dynamics.totals(state)
        else:
            values[t] = onward(state.averaged(), first, t, True).a / numbers.number(t - first) ** 2
    both = np.array([values[t] for t in question.steps])
    excess = found.floor + both.sum(1)
    return Reference(
        excess=rounded(excess),
        bias=rounded(both[:, 0]),
        variance=rounded(both[:, 1]),
        floor=rounded(np.asarray(found.floor))[()],
        doubt=spread(excess),
    )
