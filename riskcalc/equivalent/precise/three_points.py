"""A method of two buffers at constant coefficients, to any number of digits, without modes: three resolvent points.

Formula: with C, N_k, N_d of `with_memory` and z(u_i) = x_i at the roots x_i of C,
    sum f N_k/C + floor/(1 - zeta) = sum_i N_k(x_i)/C'(x_i) Phi(u_i),   K = (1/B) sum_i N_d(x_i)/C'(x_i) x_i d1(u_i),
as Phi and z d1 are the resolvents of the signal and of the kernel. What is read elsewhere than gradients are taken has
the residues times N_d^r(x_i)/N_d(x_i), as C = 0 makes of zeta x^2 N_d/B D_n; and the limit at large l, times the whole
signal. Steps at which what turns round has not died out are brought back by a circle. Source: D03, D41.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from riskcalc.curve import Run
from riskcalc.dynamics.precise.coefficients import Contour, brought_back, contours
from riskcalc.dynamics.precise.with_memory import AtPoint, Sums, TwoBuffers, forgotten, slope, value
from riskcalc.equivalent.known import known_of
from riskcalc.equivalent.precise.constant_size import Parts, Row, confirmed
from riskcalc.equivalent.precise.generating import Setting
from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.polynomial_roots import polynomial_roots
from riskcalc.spectral.precise.power_sums import power_sums
from riskcalc.spectral.precise.roots import Point, floor_root, follow, refined
from riskcalc.spectral.precise.sums import GUARD

_FAR = 10**6  # of the trace: z(u) = -u there, nearly
_COARSE = 20  # digits of a point that a path begins at
_STRIDE = 0.5  # of log x, on the way from there
MOST_EARLY = 3000  # steps up to the last one that a circle serves


def three_point_parts(setting: Setting, run: Run, *, digits: int) -> Parts:
    """Bias and variance at the recorded steps, with an error below 10^-digits of the excess."""
    road = _Road(setting=setting, run=run)
    return confirmed(setting.field, road.rows, digits=digits)


@dataclass(frozen=True, kw_only=True)
class _Road:
    setting: Setting
    run: Run

    def rows(self, digits: int) -> list[Row]:
        """(bias, variance, excess) at the recorded steps."""
        setting, steps, training = self.setting, self.run.steps, self.run.training
        largest = known_of(self.run.problem, self.run.model_size).marks.largest
        late = forgotten(training, float(setting.step_size), setting.batch_size, largest=largest, digits=digits)
        between = [step for step in steps if MOST_EARLY < step < late]
        if between:
            raise InvalidInput(
                f"with {digits} digits, what turns round on its way has died out from step {late:.6g} on, and "
                f"before that steps up to {MOST_EARLY} are answered, not {between[0]}: ask for fewer digits, or leave "
                "digits out"
            )
        return [row for contour in contours(steps, digits=digits, forgotten=late) for row in self._at(contour)]

    def _at(self, contour: Contour) -> list[Row]:
        """At the steps of one contour."""
        setting, field, level = self.setting, self.setting.field, contour.level
        buffers = TwoBuffers.of(self.run.training, setting.step_size, batch_size=setting.batch_size)
        root = floor_root(setting.sums, setting.model_size, level)
        with field.working(level + GUARD + contour.spare + buffers.lost):
            floor = root.u * root.values.sig
            signal = None if buffers.reads_where_it_drives else power_sums(self.run.problem, field, 1)[1][0]
            tau = field.real(setting.noise) + floor
            nodes = contour.build(field)
            points = [buffers.at(field, zeta) for zeta in nodes.zeta]
            places = [polynomial_roots(field, point.below, level + contour.spare) for point in points]
            resolvents = self._resolvents(places, level)
            values = [
                point.closed(_summed(point, found, floor, signal, setting), tau)
                for point, found in zip(points, resolvents, strict=True)
            ]
            return [(bias, variance, floor + bias + variance) for bias, variance in brought_back(field, nodes, values)]

    def _resolvents(self, places: list[list[Element]], digits: int) -> Iterator[tuple[_Resolvent, ...]]:
        """d1 and Phi at the roots of each node, each kind of root followed from node to node.

        u(z) has one value in each open half plane, and u at a conjugate is the conjugate: the upper half is enough.
        """
        field = self.setting.field
        ordered = [sorted(roots, key=lambda x: field.polar(x)[0]) for roots in places]
        chains = [self._followed([_upper(field, x) for x in chain], digits) for chain in zip(*ordered, strict=True)]
        for roots, points in zip(ordered, zip(*chains, strict=True), strict=True):
            yield tuple(self._resolvent(x, point) for x, point in zip(roots, points, strict=True))

    def _followed(self, path: list[Element], digits: int) -> Iterator[Point]:
        """u(x) along a path in the upper half plane, after the way to it from far out, where u = -x."""
        sums, size, field = self.setting.sums, self.setting.model_size, self.setting.field
        with field.working(_COARSE + GUARD):
            far = field.pair(field.real(0), field.real(_FAR * max(sums.trace, sums.largest)))
            start = refined(sums, size, far, -far, _COARSE)
            way = field.log(path[0] * field.real(1)) - field.log(far)
            count = math.ceil(math.exp(field.polar(way)[0]) / _STRIDE)
            approach = [far * field.exp(way * k / count) for k in range(1, count)]
        for point in follow(sums, size, start, approach, _COARSE):
            start = point
        return follow(sums, size, start, path, digits)

    def _resolvent(self, x: Element, point: Point) -> _Resolvent:
        field, values = self.setting.field, point.values
        resolvent = values.sig / (1 - values.d1 / field.real(self.setting.model_size))
        if field.parts(x)[1] > 0:
            return _Resolvent(x=x, signal=resolvent, trace=values.d1)
        return _Resolvent(x=x, signal=_conjugate(field, resolvent), trace=_conjugate(field, values.d1))


@dataclass(frozen=True, kw_only=True)
class _Resolvent:
    """Phi and d1 at a root."""

    x: Element
    signal: Element
    trace: Element


def _summed(
    point: AtPoint, found: tuple[_Resolvent, ...], floor: Element, signal: Element | None, setting: Setting
) -> Sums:
    """The sums over modes at one zeta; signal: sum h, where what is read is not where gradients are taken."""
    field, steep = setting.field, slope(point.below)
    zero = field.real(0)
    start, kick, read_start, read_kick = -floor / (1 - point.zeta), zero, zero, zero
    for one in found:
        share = 1 / value(steep, one.x)
        begun, kicked = value(point.started, one.x) * share, value(point.kicked, one.x) * share
        start = start + begun * one.signal
        kick = kick + kicked * one.x * one.trace / setting.batch_size
        if signal is not None:
            seen = value(point.read_kick, one.x) * share
            read_kick = read_kick + seen * one.x * one.trace / setting.batch_size
            read_start = read_start + begun * seen / kicked * one.signal
    if signal is None:
        return Sums(start=start, kick=kick, read_start=start, read_kick=kick)
    if len(point.read_start) == len(point.still):
        read_start = read_start + point.read_start[-1] / point.still[-1] * signal
    return Sums(start=start, kick=kick, read_start=read_start - floor / (1 - point.zeta), read_kick=read_kick)


def _upper(field: Field, x: Element) -> Element:
    return x if field.parts(x)[1] > 0 else _conjugate(field, x)


def _conjugate(field: Field, x: Element) -> Element:
    real, imag = field.parts(x)
    return field.pair(real, -imag)
