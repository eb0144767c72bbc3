"""The Monte Carlo road: the mean excess risk of many simulated runs, with its standard error."""

from __future__ import annotations

from dataclasses import field, replace
from typing import Any

import numpy as np

from riskcalc.curve import Claim, RiskCurve, Run, Warrant, checked_run
from riskcalc.curve.sum import output_runs
from riskcalc.errors import Interrupted, InvalidInput
from riskcalc.problem import MultipleOutputs, gaussian_sketch
from riskcalc.problem.sketch import MaybeSketch, checked_sketch, read_sketch
from riskcalc.progress import progress
from riskcalc.quantity import GivenWhole, MaybeWhole, NumberLike, Real, flag, frozen, given, of_type, plain, whole
from riskcalc.simulation.ambient import Ambient
from riskcalc.simulation.descent import Recorded, Stopped, recorded_runs
from riskcalc.simulation.reduced import Reduced
from riskcalc.simulation.streams import RunSeeds
from riskcalc.simulation.work import check_work


@frozen(kw_only=True, eq=False)
class MonteCarlo:
    """Average the excess risk over simulated runs of SGD.

    Given the parameters of a run, its risk is computed, not sampled. `approximation` is the excess of the best
    linear model for the sketch (averaged over the sketches, if several), by least squares; bias and variance are
    not separated. One run on one sketch has no standard error. At large step sizes and small batches the excess has
    heavy tails: few runs carry much of the mean; with too few the mean tends to come out low, and its standard
    error with it. Each run on a data set (FullBatch, WithReplacement, Reshuffled) draws its own samples; the curve
    has their training loss, too.

    Parameters
    ----------
    runs : whole number, default 200
        Independent runs for each sketch.
    seed : whole number, default 0
        Of the runs' samples.
    sketch_seed : whole number, default 0
        Of the sketch; the same seed gives the same sketch as on the exact road.
    sketch : array_like or None, default None
        A matrix S of shape (M, v), to be used instead of a drawn one.
    sketches : whole number, default 1
        K > 1 averages over K independent sketches; the standard error is then that of K sketch means.
    simulator : Reduced or Ambient, optional
        Reduced() for Gaussian data, Ambient(covariates=...) for any law.
    chunk : whole number or None, default None
        Runs simulated side by side; a matter of memory, it changes no bit of the result.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: finite dimension, whole model size and samples. A run that overflows raises UnstableRun; if forced, its
    excess is infinite from there on. Whether the expected risk stays bounded is not asked; the exact road knows.

    Source: D04, and the update itself: no formula of the theory.

    Examples
    --------
    >>> from riskcalc.curve import Run
    >>> from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
    >>> from riskcalc.schedule import Constant
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=20), signal=PowerLawSignal(b=2))
    >>> run = Run(problem, model_size=5, schedule=Constant("3/10"), steps=[0, 100])
    >>> curve = MonteCarlo(runs=50, seed=1).curve(run)
    >>> curve.claim.value, curve.warrant.value
    ('given sketch', 'sampled')
    """

    runs: GivenWhole = given(default=200)
    seed: GivenWhole = given(default=0)
    sketch_seed: GivenWhole = given(default=0)
    sketch: MaybeSketch = given(default=None)
    sketches: GivenWhole = given(default=1)
    simulator: Reduced | Ambient = field(default_factory=Reduced)
    chunk: MaybeWhole = given(default=None)

    def __post_init__(self) -> None:
        for name, least in (("runs", 1), ("seed", 0), ("sketch_seed", 0), ("sketches", 1)):
            object.__setattr__(self, name, whole(getattr(self, name), name, least=least))
        if self.chunk is not None:
            object.__setattr__(self, "chunk", whole(self.chunk, "chunk", least=1))
        of_type(self.simulator, Reduced | Ambient, "simulator", "Reduced() or Ambient(covariates=...)")
        if self.sketch is not None:
            if self.sketches > 1:
                raise InvalidInput(
                    f"a sketch is given, so sketches={self.sketches} cannot be drawn: leave one of them out"
                )
            object.__setattr__(self, "sketch", read_sketch(self.sketch))

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The mean excess risk at the recorded steps; `force` lets runs that overflow through as infinite."""
        try:
            recorded, approximations = self._recorded(run, force)
        except _Stopped as stop:
            raise self._interrupted(run, stop.recorded, stop.approximations) from None
        return self._total(run, recorded, approximations)

    def _total(self, run: Run, recorded: Recorded, approximations: Real) -> RiskCurve:
        training = None if recorded.training is None else recorded.training.sum(axis=2)
        return self._curve(run, recorded.excess.sum(axis=2), approximations.sum(axis=1), training)

    def _interrupted(self, run: Run, recorded: Recorded, approximations: Real) -> KeyboardInterrupt:
        """What was finished is the answer of fewer runs, or of fewer sketches, or at fewer of the recorded steps."""
        rows, columns = recorded.excess.shape[:2]
        if columns < 1 or rows < (1 if self.sketches == 1 else 2):
            return KeyboardInterrupt()
        each = "runs" if self.sketches == 1 else "sketches"
        fewer: MonteCarlo = replace(self, **{each: rows})
        shorter = replace(run, steps=run.steps[:columns])
        done = f"{rows} of {getattr(self, each)} {each}"
        if columns < len(run.steps):
            done += f", at the first {columns} of {len(run.steps)} recorded steps"
        return Interrupted(f"interrupted: {done} are finished", partial=fewer._total(shorter, recorded, approximations))

    def output_curves(self, run: Run, *, force: bool = False) -> tuple[RiskCurve, ...]:
        """The curve of each distinct output, all from the same runs on the same samples."""
        checked_run(run)
        if not isinstance(run.problem, MultipleOutputs):
            return (self.curve(run, force=force),)
        recorded, approximations = self._recorded(run, force)
        samples, losses = recorded.excess, recorded.training
        ends = np.cumsum(run.problem.counts).tolist()
        return tuple(
            self._curve(
                each,
                samples[:, :, end - count : end].mean(axis=2),
                approximations[:, end - count],
                None if losses is None else losses[:, :, end - count : end].mean(axis=2),
            )
            for each, count, end in zip(output_runs(run), run.problem.counts, ends, strict=True)
        )

    def samples(self, run: Run, *, force: bool = False) -> Real:
        """The excess risk of every run, shape (runs, recorded steps): the replicates whose mean is the curve.

        With several sketches a row is the mean over the runs of one sketch, shape (sketches, recorded steps). Of
        several outputs it is their total.
        """
        return np.asarray(self._recorded(run, force)[0].excess.sum(axis=2))

    def reseeded(self, seed: NumberLike) -> MonteCarlo:
        """The same with other samples; the sketches stay."""
        return replace(self, seed=whole(seed, "seed"))

    def training_samples(self, run: Run, *, force: bool = False) -> Real:
        """The training loss of every run on its data set, shaped as `samples`."""
        training = self._recorded(run, force)[0].training
        if training is None:
            raise InvalidInput("one pass over fresh samples has no data set to have a training loss on: give data=...")
        return np.asarray(training.sum(axis=2))

    def _recorded(self, run: Run, force: bool) -> tuple[Recorded, Real]:
        """What each run recorded, or the mean of each sketch if there are several, and approximations, by output."""
        model_size, let = _whole_model_size(checked_run(run)), flag(force, "force")
        dimension = _finite_dimension(run)
        check_work(
            run,
            runs=self.runs * self.sketches,
            updates_a_sample=self.simulator.cost(model_size=model_size, dimension=dimension),
        )
        found: list[Recorded] = []
        approximations: list[Real] = []
        try:
            with progress(self.sketches * self.runs * run.steps[-1], "steps of runs") as more:
                for index in range(self.sketches):
                    source = self.simulator.source(run.problem, self._sketch(index, model_size, dimension))
                    approximations.append(source.approximation)
                    seeds = RunSeeds(root=self.seed, first=index * self.runs, runs=self.runs)
                    one = recorded_runs(source, seeds, run=run, chunk=self.chunk, force=let, more=more)
                    found.append(one if self.sketches == 1 else _mean_of(one))
        except Stopped as stop:
            whole_ones = found if self.sketches > 1 else [stop.finished]
            if not whole_ones:
                raise KeyboardInterrupt from None
            raise _Stopped(_joined(whole_ones), np.array(approximations[: len(whole_ones)])) from None
        return _joined(found), np.array(approximations)

    def _curve(self, run: Run, samples: Real, approximations: Real, training: Real | None) -> RiskCurve:
        return RiskCurve(
            steps=run.steps,
            excess=_mean(samples),
            irreducible=float(run.problem.noise),
            approximation=float(np.mean(approximations)),
            claim=Claim.GIVEN_SKETCH if self.sketches == 1 else Claim.AVERAGED_OVER_SKETCHES,
            warrant=Warrant.SAMPLED,
            standard_error=_standard_error(samples),
            training=None if training is None else _mean(training),
            asked=run.question,
            method=self.describe(),
        )

    def describe(self) -> dict[str, Any]:
        """Name and settings as plain JSON values; `chunk` is left out, for it has no influence."""
        return {
            "name": "montecarlo",
            "runs": self.runs,
            "seed": self.seed,
            "sketch": "given" if self.sketch is not None else "drawn",
            "sketch_seed": self.sketch_seed,
            "sketches": self.sketches,
            "simulator": self.simulator.describe(),
        }

    def _sketch(self, index: int, model_size: int, dimension: int) -> Real:
        if self.sketch is not None:
            return checked_sketch(self.sketch, model_size=model_size, dimension=dimension)
        seed: int | np.random.SeedSequence = self.sketch_seed
        if self.sketches > 1:
            seed = np.random.SeedSequence(self.sketch_seed).spawn(self.sketches)[index]
        return gaussian_sketch(model_size=model_size, dimension=dimension, seed=seed)


class _Stopped(KeyboardInterrupt):
    """Ctrl-C, with what was finished."""

    def __init__(self, recorded: Recorded, approximations: Real) -> None:
        super().__init__()
        self.recorded, self.approximations = recorded, approximations


def _whole_model_size(run: Run) -> int:
    if run.model_size != int(run.model_size):
        raise InvalidInput(
            f"a simulation needs a whole model_size, not {plain(run.model_size)}: round it, or use the "
            "equivalent road, which takes any real model size"
        )
    return int(run.model_size)


def _finite_dimension(run: Run) -> int:
    dimension = run.problem.dimension
    if dimension is None:
        raise InvalidInput(
            "an infinite-dimensional problem cannot be simulated: give a finite dimension, for example "
            f"{10 * int(run.model_size)} (10 times the model size), or use the equivalent road"
        )
    return dimension


def _mean_of(recorded: Recorded) -> Recorded:
    """The mean over the runs of one sketch, as one row."""
    training = recorded.training
    return Recorded(
        excess=_mean(recorded.excess)[None], training=None if training is None else _mean(training)[None]
    )


def _joined(several: list[Recorded]) -> Recorded:
    losses = [one.training for one in several if one.training is not None]
    excess = np.concatenate([one.excess for one in several])
    return Recorded(excess=excess, training=np.concatenate(losses) if losses else None)


def _mean(samples: Real) -> Real:
    """Over the rows; exact where all rows agree."""
    with np.errstate(over="ignore"):
        return np.asarray(np.where((samples == samples[0]).all(axis=0), samples[0], samples.mean(axis=0)))


def _standard_error(samples: Real) -> Real | None:
    """Of the mean over the rows: zero where all agree, infinite where a sample is; None for a single row."""
    count = len(samples)
    if count == 1:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        error = samples.std(axis=0, ddof=1) / np.sqrt(count)
    error[(samples == samples[0]).all(axis=0)] = 0
    error[~np.isfinite(samples).all(axis=0)] = np.inf
    return np.asarray(error)
