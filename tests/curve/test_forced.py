"""What forcing changes: nothing of a stable run, on any road; and what a missed tolerance advises."""

from __future__ import annotations

import re

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput, ToleranceNotMet, UnstableRun

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=40), signal=rc.PowerLawSignal(b=3), noise="1/10")
ROADS = {
    "equivalent": (rc.Equivalent(), 6),
    "equivalent, digits": (rc.Equivalent(digits=20), 6),
    "certified": (rc.Equivalent(digits=12, certified=True), 6),
    "exact": (rc.Exact(seed=1), 6),
    "exact, digits": (rc.Exact(seed=1, digits=20), 6),
    "exact, below float64": (rc.Exact(seed=1, tolerance=1e-15), 6),
    "unsketched": (rc.Unsketched(), 40),
    "unsketched, below float64": (rc.Unsketched(tolerance=1e-15), 40),
    "equivalent, below float64": (rc.Equivalent(tolerance=1e-15), 6),
}


def run(size, model_size):
    return rc.Run(PROBLEM, model_size=model_size, schedule=rc.Constant(size), steps=[0, 10, 1000])


@pytest.mark.parametrize("road", ROADS)
def test_forcing_a_stable_run_changes_nothing(road):
    method, size = ROADS[road]
    asked = run("1/10", size)
    assert rc.risk(asked, method=method, force=True) == rc.risk(asked, method=method)


@pytest.mark.parametrize("size", ["2/3", "3/2"])
def test_sketches_that_grow_without_bound_have_an_infinite_mean(size):
    asked = rc.Run(PROBLEM, model_size=20, schedule=rc.Constant(size), steps=[0, 10, 10**5])
    curve = rc.risk(asked, method=rc.Exact(seed=1, sketches=3), force=True)
    assert curve.excess[-1] == curve.standard_error[-1] == np.inf
    assert np.isfinite(curve.standard_error[:2]).all()
    assert curve.error is None


@pytest.mark.parametrize("road", ["equivalent, digits", "certified", "exact, digits"])
def test_many_digits_force_no_unstable_run(road):
    method, size = ROADS[road]
    asked = run(3, size)
    with pytest.raises(UnstableRun):
        rc.risk(asked, method=method)
    with pytest.raises(InvalidInput, match=r"cannot be forced with digits=.*leave digits out.*kappa"):
        rc.risk(asked, method=method, force=True)


def test_a_missed_tolerance_names_one_that_is_answered():
    sizes = 0.1 / (1 + np.arange(600_000.0))
    asked = rc.Run(PROBLEM, model_size=40, schedule=rc.Custom(sizes), steps=[sizes.size])
    with pytest.raises(ToleranceNotMet) as missed:
        rc.risk(asked, method=rc.Unsketched(tolerance=1e-13))
    named = re.search(r"with a tolerance of (\S+) float64 answers", str(missed.value))
    assert named
    tolerance = float(named[1])
    assert 1e-13 < tolerance <= 1e-8
    assert rc.risk(asked, method=rc.Unsketched(tolerance=tolerance)).error <= tolerance
