"""Resampled rows: eigenvalues, signal power and noise of each resample, in the space of the leading directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.dataset.eigen import Eigen
from riskcalc.progress import progress
from riskcalc.quantity import Real

_CLEAR = 1.02


@dataclass(frozen=True, kw_only=True, eq=False)
class Resampled:
    """eigenvalues, powers: shape (resamples, count). noises: label noise of all outputs, shape (resamples,)."""

    eigenvalues: Real
    powers: Real
    noises: Real


def resampled(eigen: Eigen, *, count: int, resamples: int, seed: int) -> Resampled:
    """Draw n rows with replacement, `resamples` times, and decompose their covariance again.

    Formula: in the features x of the leading `count` directions a resample that holds row i c_i times has the
        covariance C = sum_i c_i (x_i - m)(x_i - m)^T/n and the moments r = sum_i c_i (x_i - m) y_i/n; its eigenvalues
        are those of C, its powers (V^T r)^2/lambda, its noise what `count` directions leave, times n/(n - 1 - count).
        The directions k beyond `count`, each coupled to direction j with the square lambda_j lambda_k/n, raise its
        eigenvalue by lambda_j/n sum_k lambda_k/(lambda_j - lambda_k) to second order.
    Valid: for directions well below `count`.
    Source: D36.
    """
    features, labels, rows = eigen.features(count), eigen.labels, eigen.rows
    generator = np.random.default_rng(seed)
    found = Resampled(
        eigenvalues=np.empty((resamples, count)), powers=np.empty((resamples, count)), noises=np.empty(resamples)
    )
    freedom, beyond = rows - 1 - count, eigen.eigenvalues[count:]
    with progress(resamples, "resamples") as more:
        for place in range(resamples):
            counts = np.bincount(generator.integers(rows, size=rows), minlength=rows)
            there = counts > 0
            weights = counts[there] / rows
            part, targets = features[there], labels[there]
            part = part - weights @ part
            targets = targets - weights @ targets
            weighted = part.T * weights
            values, vectors = np.linalg.eigh(weighted @ part)
            values, vectors = np.maximum(values[::-1], np.finfo(np.float64).tiny), vectors[:, ::-1]
            powers = ((vectors.T @ (weighted @ targets)) ** 2).sum(axis=1) / values
            variance = float((weights @ targets**2).sum())
            found.eigenvalues[place], found.powers[place] = values + _raised(values, beyond) / rows, powers
            found.noises[place] = max(variance - float(powers.sum()), 0.0) * rows / max(freedom, 1)
            more(1)
    return found


def _raised(values: Real, beyond: Real) -> Real:
    """lambda_j sum_k lambda_k/(lambda_j - lambda_k), where lambda_j is clearly above all lambda_k; 0 elsewhere."""
    if not beyond.size:
        return np.zeros_like(values)
    clear = values > _CLEAR * beyond[0]
    ratio = beyond / np.where(clear, values, np.inf)[:, None]
    return np.asarray(np.where(clear, values, 0.0) * (ratio / (1 - ratio)).sum(axis=1))
