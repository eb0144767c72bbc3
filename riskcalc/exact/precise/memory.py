"""Bias and variance of any method of training, given precise modes: at once where two buffers move steadily.

Constant coefficients of two buffers that drive one another are brought back from their generating functions, sums over
the modes, once what turns round has died out; before that, and under any other schedule, average or method, every step
is made.
Source: D38, D40, D41.
"""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction

import numpy as np

from riskcalc.curve import Run
from riskcalc.curve.averaging import reads_last
from riskcalc.dynamics.precise.coefficients import Contour, brought_back, contours
from riskcalc.dynamics.precise.recursion import Row, drives_of
from riskcalc.dynamics.precise.trained import check_work, trained
from riskcalc.dynamics.precise.with_memory import AtPoint, Sums, TwoBuffers, forgotten, moves_steadily, value
from riskcalc.numeric.field import Element, Field
from riskcalc.quantity import Array
from riskcalc.schedule import constant_size
from riskcalc.spectral.precise.modes import PreciseModes
from riskcalc.spectral.precise.sums import GUARD


def memory_responses(run: Run, modes: PreciseModes, field: Field, *, level: int) -> list[Row]:
    """Rows at the recorded steps, within `field.working(level)`."""
    size, steps = constant_size(run.schedule, horizon=run.horizon), run.steps
    count, at_once = len(modes.position), moves_steadily(run.training) and reads_last(run.averaging)
    served = len(steps)  # from this record on
    if size is not None and at_once:
        late = forgotten(run.training, float(size), run.batch_size, largest=float(modes.position[0]), digits=level)
        served = bisect_left(steps, late)
    found: list[Row] = []
    if early := steps[:served]:
        check_work(run, count, early)
        found = trained(run, modes, field, early)
    if (later := steps[served:]) and size is not None:
        buffers = TwoBuffers.of(run.training, Fraction(size), batch_size=run.batch_size)
        noise = Fraction(run.problem.noise)
        for contour in contours(later, digits=level):
            found += _at(modes, field, contour, buffers, noise)
    return found


def _at(modes: PreciseModes, field: Field, contour: Contour, buffers: TwoBuffers, noise: Fraction) -> list[Row]:
    """At the steps of one contour."""
    with field.working(contour.level + GUARD + contour.spare + buffers.lost):
        lists = modes.position, modes.signal, modes.kernel
        position, signal, kernel = (np.array(each, dtype=object) for each in lists)
        _, tau = drives_of(field, modes, noise)
        nodes = contour.build(field)
        points = [buffers.at(field, zeta) for zeta in nodes.zeta]
        values = [point.closed(_summed(point, position, signal, kernel), tau) for point in points]
        return brought_back(field, nodes, values)


def _summed(point: AtPoint, position: Array, signal: Array, kernel: Array) -> Sums:
    """The sums over modes at one zeta."""
    batch = point.buffers.batch_size
    below = 1 / value(point.below, position)
    started, kicked = value(point.started, position) * below, value(point.kicked, position) * below
    start, kick = _total(signal * started), _total(kernel * kicked) / batch
    if point.buffers.reads_where_it_drives:
        return Sums(start=start, kick=kick, read_start=start, read_kick=kick)
    still, seen = value(point.still, position), value(point.read_kick, position)
    own = point.zeta * (position * position) * seen / batch * started
    return Sums(
        start=start,
        kick=kick,
        read_start=_total(signal * (value(point.read_start, position) + own) / still),
        read_kick=_total(kernel * seen * below) / batch,
    )


def _total(values: Array) -> Element:
    return sum(values[1:], start=values[0])
