"""Features in units that float64 does not carry through squares are refused by every road, and by none below that."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

ROADS = {"equivalent": (rc.Equivalent(), 10), "unsketched": (rc.Unsketched(), 50), "exact": (rc.Exact(), 10)}
SPECTRA = {
    "law": lambda scale: rc.PowerLaw(a=2, dimension=50, scale=scale),
    "list": lambda scale: rc.ExplicitSpectrum(scale * np.arange(1.0, 51.0) ** -2),
}


def excess(road, spectrum, scale):
    method, size = ROADS[road]
    problem = rc.Problem(spectrum=SPECTRA[spectrum](scale), signal=rc.PowerLawSignal(b=2), noise="1/10")
    run = rc.Run(problem, model_size=size, schedule=rc.Constant(0.1 / scale), steps=[0, 10])
    return rc.risk(run, method=method).excess


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("spectrum", SPECTRA)
@pytest.mark.parametrize("scale", [1e-299, 1e-200, 1e-160, 1e160, 1e200, 1e299])
def test_refused(road, spectrum, scale):
    with pytest.raises(InvalidInput, match="give the features another unit"):
        excess(road, spectrum, scale)


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("spectrum", SPECTRA)
@pytest.mark.parametrize("scale", [1e-130, 1e130])
def test_a_unit_changes_nothing(road, spectrum, scale):
    assert excess(road, spectrum, scale) == pytest.approx(excess(road, spectrum, 1.0), rel=1e-11)
