"""Sweeps and production functions refuse what they cannot read, and give no nan."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.allocation import Production
from riskcalc.errors import InvalidInput

_PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=2), noise=1)
_AXES = {"model_sizes": [5, 20, 80, 320], "samples": [64, 512, 4096, 32768]}


@pytest.mark.parametrize("compute", [0, -1, float("nan"), "x"])
def test_a_budget_must_be_a_positive_number(compute):
    sizes, samples = (np.array(axis, dtype=float) for axis in _AXES.values())
    surface = Production(
        model_sizes=sizes,
        samples=samples,
        excess=1 / sizes[:, None] + samples**-0.5,
        size_exponent=None,
        asked={},
    )
    assert surface.optimum("1e4") == surface.optimum(1e4)
    with pytest.raises(InvalidInput, match="compute must be"):
        surface.optimum(compute)


def test_a_schedule_is_given_as_a_class():
    with pytest.raises(InvalidInput, match="must be the class Geometric or Constant"):
        rc.production(_PROBLEM, step_size="3/10", schedule=rc.Constant(1), **_AXES)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"points": "x"}, "points must be"), ({"decades": "x"}, "decades must be"), ({"decades": 300}, "between")],
)
def test_a_sweep_reads_its_grid(given, words):
    with pytest.raises(InvalidInput, match=words):
        rc.model_size_sweep(_PROBLEM, samples=64, step_size="3/10", **given)


def test_a_sweep_needs_a_problem():
    with pytest.raises(InvalidInput, match="problem must be a Problem"):
        rc.model_size_sweep("x", samples=64, step_size="3/10")
