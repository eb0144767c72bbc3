"""The minimum of a loss inside linear limits against a fine grid, and its slopes against differences."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.scaling.descent import Limits, minimum
from riskcalc.scaling.loss import Contribution, EffectiveSteps, Loss, Part, Quotient


def contribution(constant, form, powers):
    return Contribution(name="", constant=constant, form=form, powers=powers)


LOSS = Loss(
    contributions=(
        contribution(3.0, (0.0, -1.5, 0.0), (0.0, 0.0, 0.0)),
        contribution(2.0, (-0.75, 0.75, -0.75), (-0.75, 1.0, 0.0)),
        contribution(0.1, (0.0, 0.0, 1.0), (0.0, 1.0, 0.5)),
        contribution(-0.2, (-0.5, -0.5, 0.0), (0.0, 0.0, 0.0)),
    ),
    bends=(
        EffectiveSteps(form=(1.0, -1.0, 0.0)),
        Quotient(parts=(Part(constant=-0.8, form=(0.0, 0.0, 1.0)),)),
        Quotient(
            parts=(Part(constant=0.3, form=(0.5, -1.0, 0.5), power=0.5),),
            bend=EffectiveSteps(form=(1.0, -1.0, 0.0)),
        ),
    ),
)


def limits(highest):
    """M >= 1 and gamma <= e^highest."""
    return Limits(
        rows=np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0]]), sides=np.array([0.0, highest]), held=np.zeros((0, 2))
    )


def on_a_grid(log_budget, highest):
    """The smallest of many values, looked at ever closer."""
    centre, width = np.array([0.5 * log_budget, highest - 3.0]), np.array([0.5 * log_budget, 3.0])
    for _ in range(12):
        places = [
            np.array([log_budget, x, y])
            for x in np.linspace(max(0.0, centre[0] - width[0]), centre[0] + width[0], 9)
            for y in np.linspace(centre[1] - width[1], min(highest, centre[1] + width[1]), 9)
        ]
        best = min(places, key=LOSS.value)
        centre, width = best[1:], width * 0.5
    return LOSS.value(best), centre


@pytest.mark.parametrize("highest", [-2.0, -9.0, 0.15])
def test_the_minimum_is_that_of_a_grid_inside_the_limits(highest):
    found = minimum(LOSS, 20.0, np.array([8.0, -1.0]), limits(highest))
    value, place = on_a_grid(20.0, highest)
    assert found.value == pytest.approx(value, abs=1e-6)
    assert found.z == pytest.approx(place, abs=2e-2)
    assert found.z[1] <= highest + 1e-9


@pytest.mark.parametrize("start", [(8.99, -12.3), (18.6, 4.85), (0.0, 0.0)])
def test_limits_met_on_the_way_are_left_again(start):
    found = minimum(LOSS, 20.0, np.array(start), limits(-2.0))
    assert found.value == pytest.approx(minimum(LOSS, 20.0, np.array([8.0, -3.0]), limits(-2.0)).value, abs=1e-9)


@pytest.mark.parametrize("highest", [-2.0, -9.0])
def test_slopes_are_differences_of_minima(highest):
    here, there = (minimum(LOSS, at, np.array([8.0, -1.0]), limits(highest)) for at in (20.0, 20.001))
    assert (there.value - here.value) / 1e-3 == pytest.approx(here.slope, rel=1e-3)
    assert (there.z - here.z) / 1e-3 == pytest.approx(here.moved, rel=5e-3, abs=1e-4)


def test_derivatives_are_differences():
    w, step = np.array([20.0, 7.0, -3.0]), 1e-4
    _, gradient, hessian = LOSS.derivatives(w)
    for direction in np.eye(3):
        after, before = (LOSS.derivatives(w + sign * step * direction) for sign in (1, -1))
        assert (after[0] - before[0]) / (2 * step) == pytest.approx(gradient @ direction, rel=1e-6, abs=1e-9)
        assert (after[1] - before[1]) / (2 * step) == pytest.approx(hessian @ direction, rel=1e-5, abs=1e-8)
