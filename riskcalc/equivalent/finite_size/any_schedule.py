"""Any schedule, method of training and average: shift and scatter by the recursion of the modes, to second order.

Formula: with mode weights moved by dk along x(t+1) = x - N x + D (k/B)(E + tau), the first order obeys the same
recursion with D (dk/B)(E + tau) fed in, and the second with D sum_r s_r (dk_r/B) e_r, where e_r is the first order of
E along direction r of the scatter. All are rows that share the recursion, and cross a block of steps together;
SGD without an average crosses a stage of one step size at once, however long it is. Source: D53.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from riskcalc.curve import Run
from riskcalc.curve.averaging import reads_last, windows
from riskcalc.dynamics.method import Method
from riskcalc.dynamics.moments import moment_map, start_state, with_followers
from riskcalc.dynamics.served import EARLIEST
from riskcalc.dynamics.summed import Summed
from riskcalc.equivalent.finite_size.crossing import Crossing
from riskcalc.equivalent.finite_size.step_tables import step_tables
from riskcalc.equivalent.finite_size.through import Moved, Through
from riskcalc.equivalent.finite_size.weights import MovedWeights
from riskcalc.equivalent.finite_size.whole_stage import whole_stage
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SGD
from riskcalc.quantity import Complex, Real
from riskcalc.schedule import listed_sizes
from riskcalc.spectral.modes import Modes

MOST_STEPS = 200_000  # gone through, over all averages
_BLOCK = 64  # steps
_BIAS, _VARIANCE, _SIGNAL = 0, 1, 2  # rows: the run itself, and the bias along the mean move of the signal
_KERNEL = slice(3, 5)  # bias and variance along the mean move of the kernel
_SECOND = slice(5, 9)  # bias and variance by signal and kernel, bias and variance by the kernel twice
_FIRST = 9  # rows before those of the directions: bias by signals, bias by kernels, variance by kernels


@dataclass(frozen=True, kw_only=True, eq=False)
class Moving:
    """A run on moved weights. tau: what drives the variance, sigma2 + approximation. nodes: of a stage's transform."""

    run: Run
    modes: Modes
    moved: MovedWeights
    tau: float
    nodes: int

    def reads(self) -> Iterator[tuple[int, Real]]:
        """Recorded steps, and what every row reads there."""
        method, state = self.run.training, self._start()
        if reads_last(self.run.averaging):
            yield from self._through(method, state, 0, self.run.steps)
            return
        at, summed = 0, Summed(method)
        for first, ends in windows(self.run.averaging, self.run.steps).items():
            state, at = self._advanced(method, state, at, first), first
            if ends[0] == first:
                yield from self._through(method, state, first, (first,))
            later = tuple(end for end in ends if end > first)
            for end, total in self._through(summed, with_followers(summed, state), first, later):
                yield end, total / float(end - first) ** 2

    def _start(self) -> Complex:
        """(rows, m, n)."""
        directions = len(self.moved.signs)
        rows = np.zeros((_FIRST + 3 * directions, self.modes.position.size), dtype=np.complex128)
        rows[_BIAS], rows[_SIGNAL] = self.modes.signal, self.moved.signal
        rows[_FIRST : _FIRST + directions] = self.moved.signals
        weights = start_state(self.run.training, np.ones(1))[0, :, 0]
        return np.asarray(rows[:, None] * weights[:, None])

    def _through(
        self, method: Method, state: Complex, begin: int, ends: tuple[int, ...]
    ) -> Iterator[tuple[int, Real]]:
        for end in ends:
            state, begin = self._advanced(method, state, begin, end), end
            reading = moment_map(method, np.zeros(1), np.zeros(1), batch_size=self.run.batch_size).read
            yield end, self.modes.total(np.tensordot(state, reading, axes=(1, 0)))

    def _advanced(self, method: Method, state: Complex, start: int, stop: int) -> Complex:
        for crossing in self._crossings(method, start, stop):
            state = self._across(crossing, state)
        return state

    def _crossings(self, method: Method, start: int, stop: int) -> Iterator[Crossing]:
        """From step to step in the largest pieces."""
        for first, last, size in pieces(self.run, method, start, stop):
            if size is not None:
                yield whole_stage(
                    self.modes, step_size=size, batch_size=self.run.batch_size, length=last - first, nodes=self.nodes
                )
                continue
            for at in range(first, last, _BLOCK):
                sizes = listed_sizes(self.run.schedule, at, min(at + _BLOCK, last), horizon=self.run.horizon)
                steps = at + np.arange(float(sizes.size))
                moments = moment_map(method, steps, sizes, batch_size=self.run.batch_size)
                yield step_tables(moments, self.modes, batch_size=self.run.batch_size)

    def _across(self, crossing: Crossing, state: Complex) -> Complex:
        """The state after a piece."""
        moved = self.moved
        kernel, kernels = crossing.written_out(moved.kernel), crossing.written_out(moved.kernels)
        drive = crossing.free(state)
        drive[_VARIANCE] += crossing.lasting(self.tau)
        drive[: _VARIANCE + 1] = crossing.closed(drive[: _VARIANCE + 1])  # that of the variance with tau
        base = drive[: _VARIANCE + 1]
        signals, biases, variances = (slice(start, start + len(moved.signs)) for start in self._rows)
        for rows, mean, fed in zip((biases, variances), (_KERNEL.start, _KERNEL.start + 1), base, strict=True):
            drive[mean] += crossing.fed_along(kernel[None], fed)[0]
            drive[rows] += crossing.fed_along(kernels, fed)
        first = np.r_[_SIGNAL, _KERNEL, _FIRST : len(drive)]
        drive[first] = crossing.closed(drive[first])
        along = drive[signals], np.multiply.outer(moved.floors / self.tau, base[1]), drive[biases], drive[variances]
        sources = [(each * moved.signs[:, None]).T @ kernels for each in along]
        drive[_SECOND] = crossing.closed(drive[_SECOND] + np.array([crossing.fed_by(source) for source in sources]))

        after = crossing.after(state, drive)
        ends = crossing.left_along(base)
        after[_KERNEL] += ends * moved.kernel
        after[biases] += ends[0] * moved.kernels[:, None]
        after[variances] += ends[1] * moved.kernels[:, None]
        after[_SECOND] += np.array([crossing.left_by(source) for source in sources])
        return after

    @property
    def _rows(self) -> range:
        """Where the rows of each kind of direction start."""
        count = len(self.moved.signs)
        return range(_FIRST, _FIRST + 3 * count, count)


def along_any_schedule(run: Run, modes: Modes, moved: MovedWeights, *, nodes: int = 30) -> Through:
    """What is found at the recorded steps. nodes: of the transform that crosses a stage of one step size."""
    tau = float(run.problem.noise) + modes.floor
    reads = dict(Moving(run=run, modes=modes, moved=moved, tau=tau, nodes=nodes).reads())
    rows = np.array([reads[step] for step in run.steps]).T
    variance = rows[_VARIANCE]
    kernel, (crossed, crossed_variance, twice, twice_variance) = rows[_KERNEL], rows[_SECOND]
    still, lifted = np.full_like(variance, moved.floor), variance * moved.floor / tau
    shift = Moved(
        signal=still + rows[_SIGNAL] + lifted,
        kernel=kernel.sum(axis=0),
        signal_and_kernel=crossed + crossed_variance,
        kernel_twice=twice + twice_variance,
        approximation=still,
        bias=rows[_SIGNAL] + kernel[0] + crossed + twice,
        variance=lifted + kernel[1] + crossed_variance + twice_variance,
    )
    signals, biases, variances = np.split(rows[_FIRST:], 3)
    floors = np.multiply.outer(moved.floors, np.ones_like(variance))
    along = np.stack([floors, signals + biases, np.multiply.outer(moved.floors, variance / tau) + variances])
    covariance = np.einsum("r,irs,jrt->ijst", moved.signs, along, along)
    return Through(excess=modes.floor + rows[_BIAS] + variance, shift=shift, covariance=covariance)


def pieces(run: Run, method: Method, start: int, stop: int) -> Iterator[tuple[int, int, float | None]]:
    """Steps start, ..., stop - 1 in pieces: first, last, and the step size where one transform crosses them all."""
    stages = run.schedule.stages(horizon=run.horizon) if method == SGD() else None
    at = start
    for stage in stages or ():
        first, last = max(start, stage.start), min(stop, stage.stop)
        if last - first > EARLIEST:
            if at < first:
                yield at, first, None
            if stage.step_size > 0:  # else nothing moves
                yield first, last, stage.step_size
            at = last
    if at < stop:
        yield at, stop, None


def crossed_at_once(run: Run) -> bool:
    """Whether any stage of a run is crossed by a transform; a run that would take too long is refused."""
    parts: list[tuple[Method, int, int]] = []
    if reads_last(run.averaging):
        parts += [(run.training, start, stop) for start, stop in pairwise((0, *run.steps))]
    else:
        averages = windows(run.averaging, run.steps)
        parts += [(run.training, start, stop) for start, stop in pairwise((0, *sorted(averages)))]
        parts += [(Summed(run.training), first, ends[-1]) for first, ends in averages.items()]
    found = [piece for part in parts for piece in pieces(run, *part)]
    steps = sum(last - first if size is None else EARLIEST for first, last, size in found)
    if steps > MOST_STEPS:
        raise InvalidInput(
            f"shift and spread of this run are followed step by step, and {steps:.6g} steps are too many (at most "
            f"{MOST_STEPS:.0e}): use fewer, or the last iterate of SGD() under a schedule of few constant stages "
            "(constant, geometric, MultiStep, a list of step sizes), each of which is crossed at once however long it "
            "is; a smooth schedule may be approximated by one"
        )
    return any(size is not None for _, _, size in found)
