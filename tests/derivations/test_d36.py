"""D36: sample eigenvalues are biased by the stated sum; the tail estimates the noise."""

from __future__ import annotations

import numpy as np


def test_the_bias_of_sample_eigenvalues():
    generator = np.random.default_rng(0)
    eigenvalues = np.array([1.0, 0.3, *np.full(40, 0.004)])
    rows, draws = 400, 500
    found = np.empty((draws, 2))
    for place in range(draws):
        features = generator.standard_normal((rows, 42)) * np.sqrt(eigenvalues)
        found[place] = np.linalg.eigvalsh(features.T @ features / rows)[:-3:-1]
    gaps = eigenvalues[:2, None] - eigenvalues
    shares = np.divide(eigenvalues, gaps, out=np.zeros_like(gaps), where=gaps != 0)
    expected = eigenvalues[:2] * (1 + shares.sum(axis=1) / rows)
    # the smaller one has the larger relative bias; each known to half a per cent
    error = found.std(axis=0) / np.sqrt(draws)
    assert (error / expected < 0.005).all()
    assert (np.abs(found.mean(axis=0) - expected) < 4 * error).all()


def test_where_many_small_directions_are_left_out_the_bias_shows():
    generator = np.random.default_rng(1)
    rows, draws, tail = 100, 200, 400
    eigenvalues = np.array([1.0, *np.full(tail, 0.002)])
    found = []
    for _ in range(draws):
        features = generator.standard_normal((rows, tail + 1)) * np.sqrt(eigenvalues)
        found.append(np.linalg.norm(features @ features.T / rows, 2) - np.mean(features[:, 0] ** 2))
    raised = tail * 0.002 / (1 - 0.002) / rows
    error = np.std(found) / np.sqrt(draws)
    assert abs(np.mean(found) - raised) < 4 * error + raised / 20
    assert np.mean(found) > 20 * error  # without the sum: refused


def test_the_tail_is_unbiased_for_noise_and_only_too_large_with_signal():
    generator = np.random.default_rng(2)
    rows, beyond = 60, 20
    basis = np.linalg.qr(np.column_stack([np.ones(rows), generator.standard_normal((rows, rows - 1))]))[0][:, 1:]
    head, both = basis[:, :5] @ np.full(5, 3.0), basis @ np.full(rows - 1, 0.7)
    for target, extra in ((head, 0.0), (both, 0.49)):
        drawn = target + generator.standard_normal((3000, rows))
        estimates = ((drawn @ basis[:, beyond:]) ** 2).sum(axis=1) / (rows - 1 - beyond)
        error = estimates.std() / np.sqrt(3000)
        assert abs(estimates.mean() - (1 + extra)) < 4 * error
