"""Any schedule, method of training and average: shift and scatter by the recursion of the modes, to second order.

Formula: with mode weights moved by dk along x(t+1) = x - N x + D (k/B)(E + tau), the first order obeys the same
recursion with D (dk/B)(E + tau) fed in, and the second with D sum_r s_r (dk_r/B) e_r, where e_r is the first order of
E along direction r of the scatter. All are rows that share the recursion, and cross a block of steps together.
Source: D53.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from riskcalc.curve import Run
from riskcalc.curve.averaging import reads_last, windows
from riskcalc.dynamics.method import Method
from riskcalc.dynamics.moments import moment_map, start_state, with_followers
from riskcalc.dynamics.summed import Summed
from riskcalc.equivalent.finite_size.step_tables import StepTables, step_tables
from riskcalc.equivalent.finite_size.through import Moved, Through
from riskcalc.equivalent.finite_size.weights import MovedWeights
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Complex, Real
from riskcalc.schedule import listed_sizes
from riskcalc.spectral.modes import Modes

MOST_STEPS = 200_000  # over all averages: each is gone through
_BLOCK = 64  # steps
_BIAS, _VARIANCE, _SIGNAL = 0, 1, 2  # rows: the run itself, and the bias along the mean move of the signal
_KERNEL = slice(3, 5)  # bias and variance along the mean move of the kernel
_SECOND = slice(5, 9)  # bias and variance by signal and kernel, bias and variance by the kernel twice
_FIRST = 9  # rows before those of the directions: bias by signals, bias by kernels, variance by kernels


@dataclass(frozen=True, kw_only=True, eq=False)
class Moving:
    """A run on moved weights. tau: what drives the variance, sigma2 + approximation."""

    run: Run
    modes: Modes
    moved: MovedWeights
    tau: float

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
        for first in range(start, stop, _BLOCK):
            sizes = listed_sizes(self.run.schedule, first, min(first + _BLOCK, stop), horizon=self.run.horizon)
            steps = first + np.arange(float(sizes.size))
            tables = step_tables(moment_map(method, steps, sizes, batch_size=self.run.batch_size), self.modes)
            state = self._across(tables, state)
        return state

    def _across(self, tables: StepTables, state: Complex) -> Complex:
        """The state after a block."""
        moved, modes = self.moved, self.modes
        weight = 2.0 if modes.paired else 1.0
        kernels, batch = modes.kernel, float(self.run.batch_size)
        feedback = np.eye(len(tables.seen)) - weight / batch * np.real(tables.heard @ kernels)

        def closed(free: Real) -> Real:
            """The drive, (rows, L), from what it would be without its own feedback."""
            return np.asarray(solve_triangular(feedback, free.T, lower=True, unit_diagonal=True).T)

        def told(source: Complex) -> Real:
            """What a source (L, n), fed into the modes, makes of the drive before it feeds back."""
            return np.asarray(weight / batch * np.real(np.einsum("stn,tn->s", tables.heard, source)))

        flat = state.reshape(len(state), -1)
        drive = weight * np.real(flat @ tables.seen.reshape(len(tables.seen), -1).T)
        drive[_VARIANCE] += self.tau
        drive[: _VARIANCE + 1] = closed(drive[: _VARIANCE + 1])  # that of the variance with tau
        base = drive[: _VARIANCE + 1]
        fed = np.einsum("stn,rt->rsn", tables.heard, base)
        signals, biases, variances = (slice(start, start + len(moved.signs)) for start in self._rows)
        drive[_KERNEL] += weight / batch * np.real(fed @ moved.kernel)
        drive[biases] += weight / batch * np.real(moved.kernels @ fed[0].T)
        drive[variances] += weight / batch * np.real(moved.kernels @ fed[1].T)
        first = np.r_[_SIGNAL, _KERNEL, _FIRST : len(drive)]
        drive[first] = closed(drive[first])
        along = drive[signals], np.multiply.outer(moved.floors / self.tau, base[1]), drive[biases], drive[variances]
        sources = [(each * moved.signs[:, None]).T @ moved.kernels for each in along]
        drive[_SECOND] = closed(drive[_SECOND] + np.array([told(source) for source in sources]))

        after = np.einsum("ijn,rjn->rin", tables.kept, state)
        after += ((drive / batch) @ (tables.left * kernels).reshape(len(tables.left), -1)).reshape(state.shape)
        ends = np.einsum("tin,rt->rin", tables.left, base) / batch
        after[_KERNEL] += ends * moved.kernel
        after[biases] += ends[0] * moved.kernels[:, None]
        after[variances] += ends[1] * moved.kernels[:, None]
        after[_SECOND] += np.array([np.einsum("tin,tn->in", tables.left, source) for source in sources]) / batch
        return np.asarray(after)

    @property
    def _rows(self) -> range:
        """Where the rows of each kind of direction start."""
        count = len(self.moved.signs)
        return range(_FIRST, _FIRST + 3 * count, count)


def along_any_schedule(run: Run, modes: Modes, moved: MovedWeights) -> Through:
    """What is found at the recorded steps."""
    tau = float(run.problem.noise) + modes.floor
    reads = dict(Moving(run=run, modes=modes, moved=moved, tau=tau).reads())
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


def check_work(run: Run) -> None:
    """Refuse what would take too long."""
    steps = run.steps[-1]
    if not reads_last(run.averaging):
        averages = windows(run.averaging, run.steps)
        steps = max(averages) + sum(ends[-1] - first for first, ends in averages.items())
    if steps > MOST_STEPS:
        raise InvalidInput(
            f"shift and spread of this run are followed step by step, and {steps:.6g} steps are too many (at most "
            f"{MOST_STEPS:.0e}): use fewer, or the last iterate of SGD() at a constant step size, where any step is "
            "answered"
        )
