"""Modes that miss a sum rule by more than rounding are refused, given a sketch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riskcalc import PowerLaw, PowerLawSignal, Problem
from riskcalc.errors import ConsistencyError
from riskcalc.exact import given_sketch
from riskcalc.problem import gaussian_sketch

PROBLEM = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b=3))
OFF = 1 + 1e-8


@pytest.mark.parametrize("field, rule", [("signal", "signal power"), ("position", "trace")])
def test_given_a_sketch(field, rule):
    sketch = gaussian_sketch(model_size=6, dimension=60, seed=1)
    modes = given_sketch.sketch_modes(PROBLEM, sketch)
    given_sketch._check_sum_rules(modes, PROBLEM, sketch)
    with pytest.raises(ConsistencyError, match=rule):
        given_sketch._check_sum_rules(replace(modes, **{field: getattr(modes, field) * OFF}), PROBLEM, sketch)
