"""The halving schedule against its definition in exact arithmetic, and against published numbers."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc.schedule import Geometric


def _level(t: int, horizon: int) -> int:
    """floor(t / (N / log2 N)), by 60-digit arithmetic."""
    with mpmath.workdps(60):
        return int(mpmath.floor(t * mpmath.log(horizon, 2) / horizon)) if horizon > 1 else 0


def test_the_worked_example_of_sixteen_steps() -> None:
    sizes = Geometric(1).step_sizes(0, 16, horizon=16).tolist()
    assert sizes == [1.0] * 3 + [0.5] * 4 + [0.25] * 4 + [0.125] * 4 + [0.0625]
    stages = [(stage.start, stage.stop, stage.step_size) for stage in Geometric(1).stages(horizon=16)]
    assert stages == [(0, 3, 1.0), (3, 7, 0.5), (7, 11, 0.25), (11, 15, 0.125), (15, 16, 0.0625)]


def test_the_sum_of_step_sizes_is_nearly_twice_the_effective_horizon() -> None:
    effective = 1024 / 10
    total = Geometric("3/10").step_sizes(0, 1024, horizon=1024).sum()
    assert round(total / (0.3 * effective), 3) == 1.993


@pytest.mark.parametrize("power", range(1, 15))
def test_powers_of_two_have_log2_n_halvings_and_end_at_step_size_over_n(power: int) -> None:
    horizon = 2**power
    sizes = Geometric(1).step_sizes(0, horizon, horizon=horizon)
    assert sizes.tolist() == [2.0 ** -(t * power // horizon) for t in range(1, horizon + 1)]
    assert sizes[-1] == 1 / horizon
    assert len(Geometric(1).stages(horizon=horizon)) == power + 1


@settings(deadline=None, max_examples=40)
@given(horizon=st.integers(min_value=1, max_value=600))
def test_every_step_follows_the_definition(horizon: int) -> None:
    expected = [2.0 ** -_level(s + 1, horizon) for s in range(horizon)]
    assert Geometric(1).step_sizes(0, horizon, horizon=horizon).tolist() == expected


@settings(deadline=None, max_examples=60)
@given(horizon=st.integers(min_value=600, max_value=10**13))
def test_long_runs_change_level_where_the_definition_does(horizon: int) -> None:
    stages = Geometric(1).stages(horizon=horizon)
    for level, stage in enumerate(stages):
        assert stage.step_size == 2.0**-level
        # step s carries t = s + 1: the first and the last step of the stage, and with them all between
        assert _level(stage.start + 1, horizon) == level
        assert _level(stage.stop, horizon) == level
    assert stages[-1].stop == horizon


def test_runs_of_any_length_are_few_stages() -> None:
    stages = Geometric("1/2").stages(horizon=10**18)
    assert len(stages) == 60
    assert stages[0].step_size == Geometric("1/2").peak(horizon=10**18) == 0.5
    late = Geometric("1/2").step_sizes(10**18 - 3, 10**18, horizon=10**18)
    np.testing.assert_array_equal(late, [0.5 * 2.0**-59] * 3)


@pytest.mark.parametrize(("horizon", "expected"), [(1, [1.0]), (2, [1.0, 0.5]), (3, [1.0, 0.5, 0.5])])
def test_the_shortest_runs(horizon: int, expected: list[float]) -> None:
    assert Geometric(1).step_sizes(0, horizon, horizon=horizon).tolist() == expected
