"""Landmarks read off the tabulated axis against a search that knows no table, on spectra with gaps and clusters too."""

from __future__ import annotations

import math

import numpy as np
import pytest

from riskcalc import ExplicitSignal, ExplicitSpectrum, PowerLaw, PowerLawSignal, Problem
from riskcalc.spectral import spectral_sums
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.real_axis import Falling, RealAxis
from riskcalc.spectral.sums import SpectralSums

_RNG = np.random.default_rng(5)
SPECTRA = {
    "power law": Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="7/2")),
    "slow": Problem(spectrum=PowerLaw(a="1/2", dimension=10**6), signal=PowerLawSignal(b=2)),
    "steep": Problem(spectrum=PowerLaw(a=9), signal=PowerLawSignal(b="7/2")),
    "ragged": Problem(
        spectrum=ExplicitSpectrum(np.exp(6 * _RNG.normal(size=400))), signal=ExplicitSignal(np.ones(400))
    ),
    "plateaus": Problem(
        spectrum=ExplicitSpectrum([*[1.0] * 17, *[1e-12] * 40, *[1e-30] * 400]), signal=ExplicitSignal([1.0] * 457)
    ),
}


def _bisected(sums: SpectralSums, order: int, size: float, sign: float) -> float:
    """log of the distance from 0, or left of the largest eigenvalue, where d1 or d2 is M; one point a call."""
    low, high = -300.0 if sign > 0 else -30.0, 100.0
    for _ in range(56):
        middle = (low + high) / 2
        u = math.exp(middle) if sign > 0 else -sums.largest * (1 + math.exp(middle))
        if float(sums.freedom_at(np.array([u]), order)[0]) > size:
            low = middle
        else:
            high = middle
    return (low + high) / 2


@pytest.mark.parametrize("name", SPECTRA)
def test_floor_and_edges_are_where_bisection_finds_them(name: str) -> None:
    sums = spectral_sums(SPECTRA[name])
    axis = RealAxis(sums)  # one for all sizes, asked upwards and downwards
    for size in (1, 100, 2, 17, 16.999999, 33.5, 150):
        found = landmarks(sums, size, axis=axis)
        d1, d2, _ = (value.real for value in sums.at(np.array([found.floor])))
        # log u0 is as uncertain as d1 times d log u0/d log d1
        known = 1e-13 * (1 + size / max(float(d1[0] - d2[0]), 1e-15 * size))
        assert abs(math.log(found.floor) - _bisected(sums, 1, size, 1.0)) < known
        left = math.log(-found.left / sums.largest - 1)
        assert abs(left - _bisected(sums, 2, size, -1.0)) < 1e-4
        around = found.right * np.exp([-1e-4, 1e-4])
        before, after = sums.freedom_at(around, 2)
        assert before >= size * (1 - 1e-12)
        assert after <= size * (1 + 1e-12)


def test_sizes_that_share_an_axis_do_not_depend_on_what_was_asked_before() -> None:
    sums = spectral_sums(SPECTRA["ragged"])
    axis = RealAxis(sums)
    for size in (150, 3, 60):
        assert landmarks(sums, size, axis=axis) == landmarks(sums, size)


def test_a_value_in_no_piece_and_a_value_on_the_seam_of_two() -> None:
    falling = Falling(function=lambda x: np.exp(-x), lowest=-64.0, highest=64.0)
    assert falling.where(math.exp(-200.0), near=0.0) is None
    assert falling.where(math.exp(200.0), near=0.0) is None
    for place in (16.0, 0.0, -16.0, 16.0 - 1e-16, 0.1, 63.9):
        for near in (-60.0, 0.0, 15.9, 60.0):
            found = falling.where(math.exp(-place), near=near)
            assert found is not None
            assert abs(found.guess - place) < 1e-12
            assert found.low <= place <= found.high
