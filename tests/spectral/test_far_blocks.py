"""Sums from moments of blocks against sums term by term: ragged spectra, points near and far, and what is cut off."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.spectral import term_by_term
from riskcalc.spectral.far_blocks import FarBlock, far_blocks
from riskcalc.spectral.term_by_term import ExplicitSums

SIZE = 6000


def power_law(rng):
    return np.arange(1, SIZE + 1) ** -1.5


def clustered(rng):
    centres = 10.0 ** rng.uniform(-8, 0, 20)
    return (centres[:, None] * (1 + 1e-10 * rng.normal(size=(20, SIZE // 20)))).ravel()


def with_gaps(rng):
    return np.concatenate([10.0 ** rng.uniform(low, low + 0.2, SIZE // 3) for low in (-9, -4, 0)])


def repeated(rng):
    return rng.permutation(np.repeat([1.0, 1e-3, 0.999e-3, 1e-7], SIZE // 4))


def scattered(rng):
    return 10.0 ** rng.uniform(-6, 0, SIZE)


SPECTRA = [power_law, clustered, with_gaps, repeated, scattered]


def problem(spectrum, rng, *, few):
    eigenvalues = spectrum(rng)
    power = eigenvalues * rng.uniform(size=eigenvalues.size)
    if few:
        power *= np.arange(power.size) % (power.size // 7) == 0
    return rc.Problem(
        spectrum=rc.ExplicitSpectrum(eigenvalues), signal=rc.ExplicitSignal(np.sqrt(power / eigenvalues))
    )


def both(asked, monkeypatch):
    by_blocks = ExplicitSums(asked)
    assert by_blocks._far
    monkeypatch.setattr(term_by_term, "_MANY", 10**9)
    return by_blocks, ExplicitSums(asked)


def points(rng):
    """Around the negative axis at all angles, as close to it as contours come, and on the positive one."""
    size = 10.0 ** rng.uniform(-13, 1, 400)
    angle = np.concatenate([rng.uniform(0.05, np.pi, 200), 10.0 ** rng.uniform(-3, -1, 200)])
    return -size * np.exp(1j * angle)


def apart(ours, theirs):
    return max(float(np.max(np.abs(a - b) / np.abs(b))) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.every_case
@pytest.mark.parametrize("few", [False, True], ids=["all carry signal", "few carry signal"])
@pytest.mark.parametrize("spectrum", SPECTRA, ids=lambda made: made.__name__)
def test_ragged_spectra_agree_with_plain_sums(spectrum, few, monkeypatch):
    rng = np.random.default_rng(3)
    ours, plain = both(problem(spectrum, rng, few=few), monkeypatch)
    u = points(rng)
    assert apart(ours.at(u), plain.at(u)) < 1e-12
    assert apart(ours.tame_at(u), plain.tame_at(u)) < 1e-12
    assert apart(ours.complements_at(u), plain.complements_at(u)) < 1e-12
    real = np.abs(u)
    assert apart(ours.unfitted_at(real), plain.unfitted_at(real)) < 1e-12
    assert ours.freedom_at(real) == pytest.approx(plain.freedom_at(real), rel=1e-12)


@pytest.mark.parametrize("place", [-1.0, -0.3, 0.0, 1.0])
def test_nothing_worse_than_rounding_is_cut_off_where_a_block_counts_as_far(place):
    """One eigenvalue carries all the weight: the bound may not rest on how a block is filled."""
    block = FarBlock(part=slice(0, 1), centre=1.0, half=0.2)
    eigenvalue = np.array([1.0 + 0.2 * place])
    moments = block.moments(eigenvalue, np.ones((1, 1)))[0]
    rng = np.random.default_rng(0)
    u = -1.0 - 0.2 * (rng.uniform(-4, 4, 4000) + 1j * rng.uniform(-4, 4, 4000))
    view = block.seen_from(u)
    far = view.is_far
    assert 0.2 < far.mean() < 0.95
    for found, order in ((view.once(moments) / 0.2, 1), (view.twice(moments) / 0.04, 2)):
        wrong = np.abs(found - (eigenvalue + u) ** -order) * np.abs(eigenvalue + u) ** order
        assert wrong[far].max() < 1e-14
        assert wrong[~far].max() > 1e-13


def test_few_eigenvalues_are_left_alone():
    far, rest = far_blocks(np.arange(1, 101.0)[::-1], least=128)
    assert not far
    assert sum(part.stop - part.start for part in rest) == 100


def test_the_curve_of_a_long_list_is_that_of_plain_sums(monkeypatch):
    asked = problem(scattered, np.random.default_rng(1), few=True)
    run = rc.Run(asked, model_size=40, batch_size=4, schedule=rc.Constant("1/100"), steps=[10, 10**4, 10**7])
    ours = rc.risk(run)
    monkeypatch.setattr(term_by_term, "_MANY", 10**9)
    plain = rc.risk(run)
    assert np.all(np.abs(ours.excess - plain.excess) <= (ours.error + plain.error) * plain.excess)


@pytest.mark.parametrize("many", [10, 6000], ids=["plain", "blocks"])
def test_what_a_ridge_leaves_is_a_number_at_the_ends_of_the_floats(many):
    """u^2 sum w/(lambda + u)^2 with lambda and u near 1e-160: neither the square of the one nor that of the other."""
    eigenvalues = 1e-160 * np.linspace(1, 2, many)
    asked = rc.Problem(spectrum=rc.ExplicitSpectrum(eigenvalues), signal=rc.ExplicitSignal(np.full(many, 1e80)))
    sums = ExplicitSums(asked)
    *_, once, twice = sums.unfitted_at(np.array([1e-160]))
    left = 1e-160 / (eigenvalues + 1e-160)
    assert once[0] == pytest.approx(np.sum(sums.power * (left if many == 10 else left[::-1])), rel=1e-12)
    assert twice[0] == pytest.approx(np.sum(sums.power * (left if many == 10 else left[::-1]) ** 2), rel=1e-12)
