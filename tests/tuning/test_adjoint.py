"""The adjoint gradient against differences, by digits."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import Custom, Equivalent, Exact, PowerLaw, PowerLawSignal, Problem, Run, Unsketched
from riskcalc.landscape import Landscape
from riskcalc.tuning.adjoint import final_excess, left_of_noise

STEPS = 300  # three blocks of the checkpoints


def landscape(method, model_size, *, noise=1):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=40), signal=PowerLawSignal(b="5/2"), noise=noise)
    sizes = 0.3 * np.random.default_rng(1).uniform(0.2, 1.0, STEPS)
    run = Run(problem, model_size=model_size, schedule=Custom(sizes), steps=[STEPS], batch_size=2)
    return Landscape(run, method), sizes


ROADS = {"exact": (Exact(seed=2), 10), "unsketched": (Unsketched(), 40), "equivalent": (Equivalent(), 10)}


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("noise", [0, 1])
def test_the_gradient_is_the_limit_of_differences(road, noise):
    """The final excess is quadratic in any one step size, so a central difference is the derivative."""
    found, sizes = landscape(*ROADS[road], noise=noise)
    (modes,) = found.modes

    def excess(place, change):
        moved = sizes.copy()
        moved[place] += change
        return final_excess(modes, moved, batch_size=2, noise=noise)[0]

    value, gradient = final_excess(modes, sizes, batch_size=2, noise=noise)
    assert value == pytest.approx(found.excess(found.run.schedule), rel=1e-12)
    for place in (0, 127, 128, 200, 299):
        wide, narrow = ((excess(place, h) - excess(place, -h)) / (2 * h) for h in (2e-2, 1e-2))
        assert wide == pytest.approx(narrow, rel=1e-9, abs=1e-13)
        assert gradient[place] == pytest.approx(wide, rel=1e-9, abs=1e-13)


def test_the_kernel_to_the_end_is_what_a_unit_of_noise_leaves():
    found, sizes = landscape(Unsketched(), 40)
    (modes,) = found.modes
    left = left_of_noise(modes, sizes, batch_size=2)
    place = 250
    state = modes.kernel
    for size in sizes[place + 1 :]:
        state = state * modes.factor(float(size), 2)
    assert left[place] == pytest.approx(state.sum(), rel=1e-13)
