"""Schedules of few stages to any number of digits: each stage of constant step size in one inverse transform.

Formula: X = sum_n x_n/D_n, K = (gamma^2/B) sum_n k_n/D_n, D_n = 1 - zeta q_n, E^ = (X + tau zeta K/(1 - zeta))/
(1 - zeta K) and x_n^ = (x_n + (gamma^2/B) k_n zeta (E^ + tau/(1 - zeta)))/D_n, where tau drives the variance and is
zero for the bias. The modes of a contour are complex, so the hyperbola leaves a wedge for them. Two contours, with
different nodes everywhere, give the error estimate. Source: D03, D23.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.equivalent.precise.constant import Parts, Row, resolution_gap
from riskcalc.equivalent.precise.contour_modes import Contour, ContourModes, first_that_serves
from riskcalc.equivalent.precise.generating import Setting
from riskcalc.equivalent.precise.sums import GUARD
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.hyperbola import Hyperbola, hyperbola, hyperbola_nodes
from riskcalc.schedule import Stage

_HEIGHTS = (Fraction(1, 2), Fraction(2, 5))
_EXTRA = 8
_ATTEMPTS = 3
_MOST_MODES = 20_000
_WEDGES = (0.55, 0.7, 0.85, 1.0, 1.15, 1.3)  # half angles, tried until every mode lies inside
SHORTEST = 400  # steps; shorter stages are stepped through

State = list[list[Element]]  # bias and variance of each mode


def staged_parts(setting: Setting, run: Run, stages: Sequence[Stage], *, digits: int) -> Parts:
    """Bias and variance at the recorded steps, with an error estimate below 10^-digits of the excess."""
    return first_that_serves(lambda contour: _parts(setting, run, stages, contour, digits))


def _parts(setting: Setting, run: Run, stages: Sequence[Stage], contour: Contour, digits: int) -> Parts:
    extra = _EXTRA
    for _ in range(_ATTEMPTS):
        coarse, fine = (_Crossing(setting, run, stages, contour, height, digits + extra).rows() for height in _HEIGHTS)
        error = resolution_gap(setting.field, fine, coarse, digits)
        if error <= -digits:
            return Parts(bias=[found[0] for found in fine], variance=[found[1] for found in fine], error=error)
        extra += math.ceil(error + digits) + 3
    raise ToleranceNotMet(
        f"two contours of the equivalent differ by 1e{error:.0f} relative, more than the {digits} digits asked: "
        "ask for fewer digits, or a smaller step size"
    )


@dataclass(frozen=True, kw_only=True)
class _Span:
    """A stage: the exact step size, and its first and last step."""

    size: Fraction
    start: int
    stop: int


class _Crossing:
    """One resolution."""

    def __init__(
        self, setting: Setting, run: Run, stages: Sequence[Stage], contour: Contour, height: Fraction, digits: int
    ) -> None:
        self.setting, self.field, self.run, self.digits = setting, setting.field, run, digits
        self.spans = [
            _Span(size=Fraction(stage.exact), start=stage.start, stop=min(stage.stop, run.steps[-1]))
            for stage in stages
            if stage.start < run.steps[-1]
        ]
        # 1 - zeta is as small as 1/t, and the contour amplifies rounding
        self.working = digits + math.ceil(0.5 * digits) + math.ceil(math.log10(run.steps[-1] + 1)) + GUARD
        self.modes = contour(setting, run, height, digits, most=_MOST_MODES, working=self.working)

    def rows(self) -> list[Row]:
        """(bias, variance, excess) at the recorded steps."""
        field, modes = self.field, self.modes
        with field.working(self.working):
            drive = field.real(self.setting.noise) + modes.floor
            state: State = [list(modes.signal), [field.real(0)] * len(modes.signal)]
            found: dict[int, tuple[Element, Element]] = {}
            if self.run.steps[0] == 0:
                found[0] = _totals(field, state)
            for span in self.spans:
                wanted = [step for step in self.run.steps if span.start < step <= span.stop]
                state = self._through(state, span, drive, wanted, found)
            return [
                (found[step][0], found[step][1], modes.floor + found[step][0] + found[step][1])
                for step in self.run.steps
            ]

    def _through(
        self,
        state: State,
        span: _Span,
        drive: Element,
        wanted: list[int],
        found: dict[int, tuple[Element, Element]],
    ) -> State:
        """Record inside one span, and return the state at its end."""
        stage = _StageModes(self.setting, self.modes, span.size, drive)
        length = span.stop - span.start
        early = length if length <= SHORTEST else 0
        early = max([early, *(step - span.start for step in wanted if step - span.start <= SHORTEST)])
        after = state
        for step in range(span.start + 1, span.start + early + 1):
            after = stage.stepped(after)
            if step in wanted:
                found[step] = _totals(self.field, after)
        for step in wanted:
            if step - span.start > early:
                after = stage.crossed(state, step - span.start, self.digits)
                found[step] = _totals(self.field, after)
        if span.stop - span.start > early and span.stop not in wanted:
            after = stage.crossed(state, length, self.digits)
        return after


class _StageModes:
    """The modes under one step size."""

    def __init__(self, setting: Setting, modes: ContourModes, size: Fraction, drive: Element) -> None:
        field = self.field = setting.field
        self.drive = drive
        gamma, spread = field.real(size), field.real(1 + Fraction(1, setting.batch_size))
        self.decrement = [gamma * z * (2 - spread * gamma * z) for z in modes.position]
        gain = gamma * gamma / setting.batch_size
        self.kernel = [gain * k for k in modes.kernel]

    def stepped(self, state: State) -> State:
        """One step of the recursion."""
        bias, variance = _totals(self.field, state)
        feeds = (bias, variance + self.drive)
        return [
            [x - less * x + feed * k for x, less, k in zip(row, self.decrement, self.kernel, strict=True)]
            for row, feed in zip(state, feeds, strict=True)
        ]

    def crossed(self, state: State, duration: int, digits: int) -> State:
        """The state after so many steps."""
        field = self.field
        nodes = hyperbola_nodes(field, self._hyperbola(duration, digits))
        conjugates = [_conjugate(field, zeta) for zeta in nodes.zeta]
        points = (*nodes.zeta, *conjugates)
        count, one = len(nodes.zeta), self.field.pair(field.real(1), field.real(0))
        inverses = field.matrix(
            [[one / (gap + zeta * less) for less in self.decrement] for zeta, gap in ((x, 1 - x) for x in points)]
        )
        sums = field.times(inverses, [state[0], state[1], self.kernel])
        weights, bias_feeds, variance_feeds = [], [], []
        for k, zeta in enumerate(points):
            partner = sums[(k + count) % (2 * count)]
            bias, variance, kernel = (
                (own + _conjugate(field, other)) / 2 for own, other in zip(sums[k], partner, strict=True)
            )
            weight = nodes.weight[0][k % count] / 2
            weight = weight if k < count else _conjugate(field, weight)
            loop, source = 1 - zeta * kernel, self.drive / (1 - zeta)
            answer = (variance + source * zeta * kernel) / loop + source
            weights.append(weight)
            bias_feeds.append(weight * zeta * bias / loop)
            variance_feeds.append(weight * zeta * answer)
        moved = field.transposed_times(inverses, [weights, bias_feeds, variance_feeds])
        # radii would not see that the sums cancel, and grow from stage to stage: this is computed, not enclosed
        return [
            [
                field.middle(x * shift[0] + k * shift[1 + response])
                for x, k, shift in zip(state[response], self.kernel, moved, strict=True)
            ]
            for response in (0, 1)
        ]

    def _hyperbola(self, duration: int, digits: int) -> Hyperbola:
        """A hyperbola with every mode that still lives after `duration` well inside."""
        import numpy as np

        # 1 - 1/q: floats are enough to tell on which side a mode lies
        less = np.array([complex(*(float(part) for part in self.field.parts(x))) for x in self.decrement])
        place = -less / (1 - less)
        alive = duration * np.log(np.abs(1 / (1 - less))) < digits * math.log(10)
        for wedge in _WEDGES:
            curve = hyperbola(time=duration, digits=digits, sector=wedge)
            angles = np.arcsin(1 - place[alive] / curve.scale).real
            if angles.min(initial=math.pi / 2) > curve.left:
                return curve
        raise ToleranceNotMet(
            "the contour of the equivalent comes too close to the modes at this step size: ask for a smaller one"
        )


def _totals(field: Field, state: State) -> tuple[Element, Element]:
    """Sums over all modes; conjugate partners are contained in the weights."""
    found = []
    for row in state:
        total = row[0]
        for x in row[1:]:
            total = total + x
        found.append(field.parts(total)[0])
    return found[0], found[1]


def _conjugate(field: Field, x: Element) -> Element:
    real, imag = field.parts(x)
    return field.pair(real, -imag)
