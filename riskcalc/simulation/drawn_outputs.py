"""Several outputs whose targets are drawn from priors, independently for each run and output. Source: D25, D29."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskcalc.problem import MultipleOutputs
from riskcalc.simulation.covariates import CovariateLaw
from riskcalc.simulation.drawn_targets import TARGET, principal_features
from riskcalc.simulation.many_outputs import AmbientStream, ReducedOutputs, square_root
from riskcalc.simulation.source import Runs, Values, row_sums
from riskcalc.simulation.streams import generator, part_of

_TILE = 128


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawnTargets:
    """Features in their principal coordinates, and what the targets of every run are drawn from.

    basis, scales: as in `Features`. fixed: Lambda^{1/2} w_k, zero where w_k is drawn, shape (P, v). spread: standard
    deviation of Lambda^{1/2} w_k, zero where w_k is fixed, shape (P, v). noise: covariance of the label noises.
    """

    basis: Values
    scales: Values
    fixed: Values
    spread: Values
    noise: Values

    @classmethod
    def of(cls, problem: MultipleOutputs, sketch: Values) -> DrawnTargets:
        basis, scales, roots = principal_features(problem, sketch)
        outputs = problem.written_out()
        sizes = roots * np.stack([output.target_size() for output in outputs])
        drawn = np.array([output.random_target for output in outputs])[:, None]
        return cls(
            basis=basis,
            scales=scales,
            fixed=np.where(drawn, 0.0, sizes),
            spread=np.where(drawn, sizes, 0.0),
            noise=problem.noise_covariance(),
        )

    def of_run(self, seed: np.random.SeedSequence) -> Values:
        """Lambda^{1/2} w_k of the run with this seed, shape (P, v)."""
        drawn = generator(part_of(seed, TARGET)).standard_normal(self.spread.shape)
        return np.asarray(self.fixed + self.spread * drawn)

    @property
    def approximation(self) -> Values:
        """The mean over targets of the excess risk of the best linear models, shape (P,)."""
        missed = np.maximum(1 - row_sums(self.basis**2), 0.0)
        distance = self.fixed - (self.fixed @ self.basis) @ self.basis.T
        return np.asarray(row_sums(distance**2) + self.spread**2 @ missed)


@dataclass(frozen=True, kw_only=True, eq=False)
class ReducedDrawnOutputs:
    """The reduced simulator's source: each run has starts, approximation errors and residuals of its own."""

    targets: DrawnTargets
    tile: int = _TILE

    @property
    def start(self) -> Values:
        """Of the mean targets where all are drawn."""
        return np.zeros((len(self.targets.spread), self.targets.scales.size))

    @property
    def approximation(self) -> Values:
        return self.targets.approximation

    @property
    def kept(self) -> int:
        """The factor of each run's residuals."""
        return len(self.targets.spread) ** 2

    def runs(self, seeds: Sequence[np.random.SeedSequence]) -> Runs:
        own = [self._run(self.targets.of_run(seed)) for seed in seeds]
        floors = np.stack([one.approximation for one in own])
        return Runs(
            start=np.stack([one.start for one in own]),
            streams=[one.stream(seed) for one, seed in zip(own, seeds, strict=True)],
            excess=lambda parameters: floors + row_sums((parameters * self.targets.scales) ** 2),
        )

    def _run(self, targets: Values) -> ReducedOutputs:
        basis, scales = self.targets.basis, self.targets.scales
        projections = targets @ basis
        missed = targets - projections @ basis.T
        return ReducedOutputs(
            scales=scales,
            start=-projections / scales,
            approximation=row_sums(missed**2),
            factor=square_root(missed @ missed.T + self.targets.noise),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _OwnTargets:
    """What one run draws from: the common features and its own targets; joined only while samples are drawn."""

    features: Values
    targets: Values
    law: CovariateLaw
    factor: Values

    @property
    def mixing(self) -> Values:
        return np.vstack([self.features, self.targets])

    @property
    def outputs(self) -> int:
        return len(self.targets)


@dataclass(frozen=True, kw_only=True, eq=False)
class AmbientDrawnOutputs:
    """The ambient simulator's source. mixing: what takes xi to S x, shape (M, v)."""

    mixing: Values
    targets: DrawnTargets
    law: CovariateLaw
    factor: Values
    tile: int = _TILE

    @classmethod
    def of(cls, problem: MultipleOutputs, sketch: Values, law: CovariateLaw) -> AmbientDrawnOutputs:
        """For covariates of any law."""
        return cls(
            mixing=sketch * np.sqrt(problem.eigenvalues()),
            targets=DrawnTargets.of(problem, sketch),
            law=law,
            factor=square_root(problem.noise_covariance()),
        )

    @property
    def start(self) -> Values:
        return np.zeros((len(self.targets.spread), len(self.mixing)))

    @property
    def approximation(self) -> Values:
        return self.targets.approximation

    @property
    def kept(self) -> int:
        return int(self.targets.spread.size)

    def runs(self, seeds: Sequence[np.random.SeedSequence]) -> Runs:
        drawn = [self.targets.of_run(seed) for seed in seeds]

        def excess(parameters: Values) -> Values:
            missed = (theta @ self.mixing - targets for theta, targets in zip(parameters, drawn, strict=True))
            return np.stack([row_sums(vectors**2) for vectors in missed])

        streams = [
            AmbientStream(
                covariates=generator(part_of(seed, 0)),
                noise=generator(part_of(seed, 1)),
                source=_OwnTargets(features=self.mixing, targets=targets, law=self.law, factor=self.factor),
            )
            for seed, targets in zip(seeds, drawn, strict=True)
        ]
        return Runs(start=np.zeros((len(seeds), *self.start.shape)), streams=streams, excess=excess)
