"""Targets drawn from the problem's prior, one for each run, and the features they are learnt by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.problem import Problem, Regression
from riskcalc.simulation.source import Values, row_sums
from riskcalc.simulation.streams import generator, part_of

TARGET = 2  # the place of a target's stream below its run's seed, after covariates and noise


@dataclass(frozen=True, kw_only=True, eq=False)
class Features:
    """The features of all runs in their principal coordinates: A = Lambda^{1/2} S^T = basis diag(scales) V^T.

    basis: shape (v, rank). scales: sqrt(l_i), shape (rank,). roots: sqrt(lambda_j). sizes: standard deviation of w_j.
    """

    basis: Values
    scales: Values
    roots: Values
    sizes: Values

    @classmethod
    def of(cls, problem: Problem, sketch: Values) -> Features:
        basis, scales, roots = principal_features(problem, sketch)
        return cls(basis=basis, scales=scales, roots=roots, sizes=problem.target_size())

    def target(self, seed: np.random.SeedSequence) -> Values:
        """Lambda^{1/2} w of the run with this seed."""
        return np.asarray(self.roots * self.sizes * generator(part_of(seed, TARGET)).standard_normal(self.sizes.size))

    @property
    def approximation(self) -> float:
        """The mean over targets of the excess risk of the best linear model."""
        missed = 1 - row_sums(self.basis**2)
        return float(np.maximum(missed, 0.0) @ (self.roots * self.sizes) ** 2)


def principal_features(problem: Regression, sketch: Values) -> tuple[Values, Values, Values]:
    """basis, shape (v, rank), scales and roots of `Features`."""
    roots = np.sqrt(problem.eigenvalues())
    design = (sketch * roots).T
    left, scales, _ = np.linalg.svd(design, full_matrices=False)
    kept = scales > scales[0] * max(design.shape) * np.finfo(np.float64).eps
    return left[:, kept], scales[kept], roots
