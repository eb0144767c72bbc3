"""The second moments of any method's buffers as they are written on paper, from its update alone: the slow twin.

Formula: with A, d and c read off the method's own update, u <- A u + d g(c.u), the moments P_i = E[u_i u_i^T] of
coordinate i move as P_i <- A_i P_i A_i^T + (l_i^2/B c^T P_i c + (l_i/B)(E_c + approximation + sigma2)) d d^T, with
A_i = A + l_i d c^T and E_c = sum_i l_i c^T P_i c: the excess where gradients are taken drives, that of the model is
read. A mean over a window of iterates is one more buffer, their sum. Source: D40.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from riskcalc.agreement.recursion import EVERY_TERM, Terms
from riskcalc.curve import Run, reads_last
from riskcalc.dynamics import Modes
from riskcalc.optimiser import Optimiser
from riskcalc.quantity import Real
from riskcalc.schedule import listed_sizes


@dataclass(frozen=True, kw_only=True, eq=False)
class _Move:
    """A, d, c of one step."""

    keep: Real
    kick: Real
    drive: Real


def trained_excess(modes: Modes, run: Run, *, terms: Terms = EVERY_TERM, noise: float | None = None) -> Real:
    """Excess at the recorded steps; noise if not the run's."""
    label_noise = float(run.problem.noise) if noise is None else noise
    if reads_last(run.averaging):
        return np.array(list(_excesses(modes, run, run.steps, None, terms, label_noise)))
    found: dict[int, float] = {}
    for first, steps in groupby(run.steps, run.averaging.first):
        ends = tuple(steps)
        found |= dict(zip(ends, _excesses(modes, run, ends, first, terms, label_noise), strict=True))
    return np.array([found[step] for step in run.steps])


def _excesses(
    modes: Modes, run: Run, ends: tuple[int, ...], first: int | None, terms: Terms, label_noise: float
) -> Iterator[float]:
    """At each of `ends`. first: of the iterates that are summed; None reads the model itself."""
    position, batch = np.real(modes.position), run.batch_size
    start = np.array([float(each) for each in run.training.begin(1.0)] + [0.0])
    read = np.append(_reading(run.training), 0.0)
    moments = np.real(modes.signal / modes.position)[:, None, None] * np.outer(start, start)
    sizes = listed_sizes(run.schedule, 0, run.steps[-1], horizon=run.horizon)
    for step in range(ends[-1] + 1):
        if step in ends:
            summed = first is not None and step > first
            by, count = (np.eye(len(read))[-1], step - (first or 0)) if summed else (read, 1)
            yield modes.floor + float(position @ np.einsum("nij,i,j->n", moments, by, by)) / count**2
        if step == ends[-1]:
            return
        move = _move(run.training, step, float(sizes[step]))
        keep, kick = np.pad(move.keep, (0, 1)), np.append(move.kick, 0.0)
        keep[-1] = (step >= first) * read if first is not None else 0.0
        keep[-1, -1] = 1.0
        drive = np.append(move.drive, 0.0)
        seen = np.einsum("nij,i,j->n", moments, drive, drive)
        power = terms.feedback * (position @ seen) + terms.approximation * modes.floor + terms.label_noise * label_noise
        fed = terms.own * terms.square * position**2 * seen + position * power
        moving = keep + position[:, None, None] * np.outer(kick, drive)
        still = (1 - terms.square) * (position**2 * seen)[:, None, None] * np.outer(kick, kick)
        moments = moving @ moments @ moving.swapaxes(1, 2) - still
        moments = moments + (fed / batch)[:, None, None] * _scattered(kick, terms)


def _scattered(kick: Real, terms: Terms) -> Real:
    """d d^T, what one noisy gradient does to two buffers at a time."""
    square = np.outer(kick, kick)
    return np.diag(np.diag(square)) + terms.cross * (square - np.diag(np.diag(square)))


def _move(optimiser: Optimiser, step: int, size: float) -> _Move:
    """The coefficients of one step, by what the update does to one buffer at a time and to a gradient alone."""
    buffers = np.eye(len(optimiser.start))
    asked: list[float] = []

    def nothing(point: float) -> float:
        asked.append(float(point))
        return 0.0

    keep = [optimiser.step(tuple(column), nothing, done=step, size=size) for column in buffers]
    kick = optimiser.step(tuple(0.0 * buffers[0]), lambda point: 1.0, done=step, size=size)
    return _Move(keep=np.array(keep, dtype=float).T, kick=np.array(kick, dtype=float), drive=np.array(asked))


def _reading(optimiser: Optimiser) -> Real:
    return np.array([float(optimiser.model(tuple(column))) for column in np.eye(len(optimiser.start))])
