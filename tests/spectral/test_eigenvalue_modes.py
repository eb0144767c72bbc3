"""Modes without a sketch: few for any dimension, and refused where they miss a sum rule by more than rounding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riskcalc import ExplicitSignal, ExplicitSpectrum, PowerLaw, PowerLawSignal, Problem
from riskcalc.errors import ConsistencyError
from riskcalc.spectral import Modes, eigenvalue_modes as gathering
from riskcalc.spectral.eigenvalue_modes import eigenvalue_modes

OFF = 1 + 1e-8


@pytest.mark.parametrize(
    "field, rule", [("signal", "signal power"), ("position", "trace"), ("kernel", "trace|squares")]
)
def test_a_sum_rule_that_is_missed(field, rule):
    order = np.arange(1.0, 61)
    modes = Modes(position=order**-2, signal=order**-3, kernel=order**-4, floor=0.0, paired=False)
    asked = PowerLaw(a=2, dimension=60), PowerLawSignal(b=3)
    gathering._check_sum_rules(modes, *asked)
    with pytest.raises(ConsistencyError, match=rule):
        gathering._check_sum_rules(replace(modes, **{field: getattr(modes, field) * OFF}), *asked)


def test_few_modes_stand_for_any_dimension():
    endless = Problem(spectrum=PowerLaw(a="3/2", dimension=10**18), signal=PowerLawSignal(b="9/5"))
    assert eigenvalue_modes(endless, reach=1e17).position.size < 1200


def test_zero_eigenvalues_play_no_part():
    listed = Problem(spectrum=ExplicitSpectrum([0.2, 1.0, 0.0]), signal=ExplicitSignal([1.0, 1.0, 5.0]))
    modes = eigenvalue_modes(listed, reach=1.0)
    assert modes.position.tolist() == [1.0, 0.2]
    assert modes.signal.tolist() == [1.0, 0.2]
