"""The slow way round: many sketches, each followed step by step by the recursion of its own modes, nothing expanded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.curve import Run
from riskcalc.problem import Problem
from riskcalc.quantity import Real

_TOGETHER = 250  # sketches


@dataclass(frozen=True)
class Sampled:
    """excess, bias, variance: (sketches, steps). approximation, kappa: (sketches,); one update is SGD's."""

    excess: Real
    bias: Real
    variance: Real
    approximation: Real
    kappa: Real

    def z_scores(self, predicted: Real) -> Real:
        """Of the average excess."""
        return z_scores(self.excess, predicted)


def z_scores(values: Real, predicted: Real) -> Real:
    """Of an average over the first axis against what it is predicted to be."""
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return np.asarray((values.mean(axis=0) - predicted) / error)


def spread_scores(values: Real, predicted: Real) -> Real:
    """z-scores of the sample variance against a predicted one; its error from the sample's own fourth moment."""
    centred = (values - values.mean(axis=0)) ** 2
    return z_scores(centred * len(values) / (len(values) - 1), predicted)


def sampled(run: Run, *, count: int, seed: int, drawn: bool = False) -> Sampled:
    """Sketches of a run with one output. drawn: a draw of the target with each; a prior is averaged over else."""
    parts = [
        _some(run, min(_TOGETHER, count - first), np.random.default_rng([seed, first]), drawn)
        for first in range(0, count, _TOGETHER)
    ]
    return Sampled(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _some(run: Run, count: int, generator: np.random.Generator, drawn: bool) -> tuple[Real, ...]:
    problem, size = run.problem, int(run.model_size)
    assert isinstance(problem, Problem)
    eigenvalues, power = problem.eigenvalues(), problem.signal_power()
    draws = generator.standard_normal((count, size, eigenvalues.size)) * np.sqrt(eigenvalues / size)
    _, singular, right = np.linalg.svd(draws, full_matrices=False)
    position = singular**2
    if problem.random_target and not drawn:
        signal = right**2 @ power
    else:
        target = np.sqrt(power) * (generator.standard_normal((count, power.size)) if drawn else 1.0)
        signal = np.einsum("kmv,kv->km", right, np.broadcast_to(target, (count, power.size))) ** 2
    whole = (target**2).sum(axis=-1) if drawn else np.full(count, power.sum())
    floor = whole - signal.sum(axis=1)
    return _followed(run, position, signal, floor)


def _followed(run: Run, position: Real, signal: Real, floor: Real) -> tuple[Real, ...]:
    sizes = run.schedule.step_sizes(0, run.steps[-1], horizon=run.horizon)
    tau, batch, spread = (floor + float(run.problem.noise))[:, None], run.batch_size, 1 + 1 / run.batch_size
    bias, variance = signal.copy(), np.zeros_like(signal)
    read: dict[int, tuple[Real, Real]] = {}
    for step in range(run.steps[-1] + 1):
        now = bias.sum(axis=1), variance.sum(axis=1)
        if step in run.steps:
            read[step] = now
        if step == run.steps[-1]:
            break
        factor = 1 - sizes[step] * position * (2 - sizes[step] * spread * position)
        gain = sizes[step] ** 2 / batch * position**2
        bias = factor * bias + gain * now[0][:, None]
        variance = factor * variance + gain * (now[1][:, None] + tau)
    parts = np.array([read[step] for step in run.steps]).transpose(1, 2, 0)
    peak = run.schedule.peak(horizon=run.horizon)
    shares = peak * position / (batch * (2 - peak * spread * position))
    kappa = np.where(peak * spread * position.max(axis=1) < 2, shares.sum(axis=1), np.inf)
    return floor[:, None] + parts.sum(axis=0), *parts, floor, kappa
