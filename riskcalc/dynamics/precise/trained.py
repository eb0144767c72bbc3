"""Any method of training on modes in a numeric field, one step at a time: the moments of `moments`, of elements.

Formula: x <- x - N x + D (k/B)(E + tau), E = sum C.x; what is read is sum R.x. A sum over modes is its real part:
conjugate partners are contained in the weights. Averages of iterates read one buffer more (`summed`). Source: D38.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from riskcalc.curve import Run
from riskcalc.curve.averaging import reads_last, windows
from riskcalc.dynamics.method import Method
from riskcalc.dynamics.moments import MomentMap, moment_map, start_state, with_followers
from riskcalc.dynamics.precise.recursion import ModeList, Row, added, drives_of
from riskcalc.dynamics.step_sizes import step_sizes
from riskcalc.dynamics.summed import Summed
from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Element, Field
from riskcalc.quantity import Array

MOST_WORK = 1_000_000  # steps times modes, some minutes


def check_work(run: Run, modes: int, steps: tuple[int, ...]) -> None:
    """Refuse what takes too long."""
    work = _steps(run, steps) * modes
    if work > MOST_WORK:
        raise InvalidInput(
            f"{steps[-1]} steps of {run.training} are gone through one by one in more digits "
            f"than float64, unless its coefficients are constant and what turns round has died out: with {modes} modes "
            f"that is {work:.1e} (steps times modes up to {MOST_WORK:.0e}); ask for fewer steps or digits, or leave "
            "digits out"
        )


def _steps(run: Run, steps: tuple[int, ...]) -> int:
    """Steps to be made, over all averages."""
    if reads_last(run.averaging):
        return steps[-1]
    ends = windows(run.averaging, steps)
    return max(ends) + sum(2 * (last[-1] - first) for first, last in ends.items())


def trained(run: Run, modes: ModeList, field: Field, steps: tuple[int, ...]) -> list[Row]:
    """Bias and variance at ascending steps of a run, within `field.working(...)`."""
    walk, method = _Walk(run, modes, field, last=steps[-1]), run.training
    state = start_state(method, np.array(modes.signal, dtype=object))
    state[1] = field.real(0)
    found: dict[int, Row] = {}
    if reads_last(run.averaging):
        walk.through(method, state, 0, steps, found)
        return [found[step] for step in steps]
    at = 0
    for first, ends in windows(run.averaging, steps).items():
        state, at = walk.through(method, state, at, (first,), {}), first
        if ends[0] == first:  # step 0 has no iterate before it: there the average is the start itself
            found[first] = walk.read(method, state)
        summed, sums = Summed(method), dict[int, Row]()
        begun = with_followers(summed, state)
        begun[:, state.shape[1] :] = field.real(0)
        walk.through(summed, begun, first, [end for end in ends if end > first], sums)
        for end, (bias, variance) in sums.items():
            found[end] = bias / (end - first) ** 2, variance / (end - first) ** 2
    return [found[step] for step in steps]


class _Walk:
    """One run, made step by step as often as its averages need."""

    def __init__(self, run: Run, modes: ModeList, field: Field, *, last: int) -> None:
        self.run, self.field = run, field
        self.position = np.array(modes.position, dtype=object)
        batch = field.real(run.batch_size)
        self.kernel = np.array([weight / batch for weight in modes.kernel], dtype=object)
        self.drives = drives_of(field, modes, Fraction(run.problem.noise))
        self._middle = np.frompyfunc(field.middle, 1, 1)
        sizes = step_sizes(run.schedule, horizon=run.horizon, count=last, field=field)
        self.sizes = [field.middle(size) for size in sizes]

    def through(self, method: Method, state: Array, start: int, ends: Iterable[int], found: dict[int, Row]) -> Array:
        """The state at the last of the ends; what is read at each of them goes to `found`."""
        step, at = None, start
        for end in ends:
            for done in range(at, end):
                if step is None or not (method.steady and self.sizes[done] == self.sizes[done - 1]):
                    step = self._map(method, done)
                state = self._after(state, *step)
            found[end], at = self.read(method, state), end
        return state

    def read(self, method: Method, state: Array) -> Row:
        """Bias and variance."""
        one = self._moments(method, 0)
        return self._totals(one.read, state)

    def _map(self, method: Method, done: int) -> tuple[MomentMap, list[list[Array | None]]]:
        moments = self._moments(method, done)
        entries = range(moments.size)
        joined = moments.joined
        return moments, [
            [self._middle(moments.loss(i, j, self.position)[0]) if joined[i, j] else None for j in entries]
            for i in entries
        ]

    def _moments(self, method: Method, done: int) -> MomentMap:
        step = np.array([self.field.real(done)], dtype=object)
        size = self.sizes[done] if self.sizes else self.field.real(0)
        return moment_map(method, step, np.array([size], dtype=object), batch_size=self.run.batch_size)

    def _after(self, state: Array, moments: MomentMap, loss: Sequence[Sequence[Array | None]]) -> Array:
        drives = [total + tau for total, tau in zip(self._totals(moments.drive, state), self.drives, strict=True)]
        after = state.copy()
        for response, drive in enumerate(drives):
            for i, row in enumerate(loss):
                lost = sum(entry * state[response, j] for j, entry in enumerate(row) if entry is not None)
                after[response, i] = state[response, i] - lost + self.kernel * (moments.feed[0, i] * drive)
        return np.asarray(self._middle(after))

    def _totals(self, weights: Array, state: Array) -> Row:
        bias, variance = (self._total(weights, part) for part in state)
        return bias, variance

    def _total(self, weights: Array, part: Array) -> Element:
        used = [weight * row for weight, row in zip(weights, part, strict=True) if weight != 0]
        return added(self.field, list(sum(used[1:], start=used[0])))
