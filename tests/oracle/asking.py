"""A question put to the package, through its public names only."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

import riskcalc as rc
from tests.oracle.questions import Memory, Question, Schedule, Signal, Spectrum


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a road answered; `error` is what it states."""

    excess: np.ndarray
    bias: np.ndarray
    variance: np.ndarray
    floor: float
    error: float


def spectrum_of(spectrum: Spectrum) -> object:
    if spectrum.listed:
        return rc.ExplicitSpectrum(spectrum.listed)
    kind = rc.LogarithmicPowerLaw if spectrum.logarithmic else rc.PowerLaw
    return kind(a=spectrum.a, dimension=spectrum.dimension, scale=spectrum.scale)


def signal_of(signal: Signal) -> object:
    if signal.listed:
        return rc.ExplicitSignal(signal.listed)
    if signal.prior or signal.b is None:
        return rc.GaussianPrior(b=signal.b, scale=signal.scale)
    return rc.PowerLawSignal(b=signal.b, scale=signal.scale)


def schedule_of(schedule: Schedule) -> object:
    peak = schedule.peak
    if schedule.name == "custom":
        return rc.Custom(list(schedule.listed))
    if schedule.name == "polynomial":
        return rc.Polynomial(peak, power=schedule.power)
    if schedule.name == "wsd":
        return rc.WarmupStableDecay(peak, decay=schedule.decay, warmup=schedule.warmup, power=schedule.power)
    return {"constant": rc.Constant, "geometric": rc.Geometric, "cosine": rc.Cosine}[schedule.name](peak)


def optimiser_of(memory: Memory | None) -> object:
    if memory is None:
        return rc.SGD()
    if memory.name == "two-buffer":
        return rc.TwoBuffer(delta=memory.delta, mu=memory.beta)
    if memory.name == "dana":
        return rc.Dana(delta=memory.delta, decay=memory.decay, memory=memory.memory)
    if memory.name == "lookahead":
        return rc.Nesterov(memory.beta, at="lookahead")
    kinds = {"heavy-ball": rc.HeavyBall, "nesterov": rc.Nesterov, "schedule-free": rc.ScheduleFree}
    return kinds[memory.name](memory.beta)


def averaging_of(tail: Fraction | None, memory: Memory | None = None) -> object:
    if memory is not None and memory.rate is not None:
        return rc.ExponentialAverage(memory.rate)
    if tail is None:
        return rc.LastIterate()
    return rc.IterateAverage() if tail == 1 else rc.TailAverage(tail)


def run_of(question: Question) -> rc.Run:
    """The package's own question."""
    problem = rc.Problem(
        spectrum=spectrum_of(question.spectrum), signal=signal_of(question.signal), noise=question.noise
    )
    size = question.model_size
    return rc.Run(
        problem,
        model_size=int(size) if size.denominator == 1 else size,
        batch_size=question.batch_size,
        schedule=schedule_of(question.schedule),
        steps=list(question.steps),
        horizon=question.horizon,
        averaging=averaging_of(question.tail, question.memory),
        optimiser=optimiser_of(question.memory),
    )


def method_of(question: Question, tolerance: float = 1e-9) -> object:
    """The road asked."""
    if question.road == "exact":
        return rc.Exact(sketch=question.sketch, tolerance=tolerance)
    return {"unsketched": rc.Unsketched, "equivalent": rc.Equivalent}[question.road](tolerance=tolerance)


def ask(question: Question, tolerance: float = 1e-9) -> Reply:
    """The answer of the road asked; the package's own errors pass through."""
    curve = rc.risk(run_of(question), method=method_of(question, tolerance))
    error = np.nan if curve.error is None else curve.error
    return Reply(
        excess=np.array(curve.excess), bias=np.array(curve.bias), variance=np.array(curve.variance),
        floor=curve.approximation, error=float(error),
    )  # fmt: skip
