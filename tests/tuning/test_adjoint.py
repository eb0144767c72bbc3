"""The adjoint gradient against differences, by digits, and against the recursion backwards."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from riskcalc import Custom, Equivalent, Exact, PowerLaw, PowerLawSignal, Problem, Run, Unsketched
from riskcalc.errors import InvalidInput
from riskcalc.landscape import Landscape
from riskcalc.spectral.modes import Modes
from riskcalc.tuning import compiled_adjoint
from riskcalc.tuning.adjoint import final_excess, left_of_noise

STEPS = 300  # three blocks of steps, and more than one of the loop that is compiled


@pytest.fixture(params=["blocks", "loop", "machine code"], autouse=True)
def way(request, monkeypatch):
    """Blocks of steps; the other loop as Python runs it; and as it is compiled."""
    if request.param == "machine code" and find_spec("numba") is None:
        pytest.skip("the extra `fast` is not installed")
    if request.param == "loop":
        monkeypatch.setattr(compiled_adjoint, "compiled_loop", lambda function: function)
    compiled_adjoint.adjoint_loop.cache_clear()
    monkeypatch.setattr("riskcalc.tuning.adjoint.is_compiled", lambda steps, several: request.param != "blocks")
    yield request.param
    compiled_adjoint.adjoint_loop.cache_clear()


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


def backwards(modes, sizes, batch_size, noise):
    """The excess and its gradient step by step, by D27 as it stands, in long double."""
    kind = np.clongdouble if modes.paired else np.longdouble
    z, k, sizes = modes.position.astype(kind), modes.kernel.astype(kind) / batch_size, sizes.astype(np.longdouble)
    spread = 1 + np.longdouble(1) / batch_size
    states = [modes.signal.astype(kind)]
    for size in sizes:
        drive = modes.total(states[-1]) + modes.floor + noise
        states.append(states[-1] * ((1 - size * z) ** 2 + (size * z) ** 2 / batch_size) + size**2 * k * drive)
    adjoint, gradient = np.ones_like(z), np.empty_like(sizes)
    for step in reversed(range(sizes.size)):
        size, state = sizes[step], states[step]
        drive = modes.total(state) + modes.floor + noise
        slope = 2 * z * (spread * size * z - 1) * state + 2 * size * k * drive
        gradient[step] = modes.total(adjoint * slope)
        fed = modes.total(adjoint * k) * size**2
        adjoint = adjoint * ((1 - size * z) ** 2 + (size * z) ** 2 / batch_size) + fed
    return modes.floor + modes.total(states[-1]), gradient


def many(*, largest=1.0):
    position = largest * np.arange(1.0, 301) ** -1.5
    return Modes(position=position, signal=position**1.2, kernel=position**2, floor=0.01, paired=False)


def on_a_contour():
    return landscape(Equivalent(), 10)[0].modes[0]


@pytest.mark.parametrize("steps", [1, 7, 100, STEPS])
@pytest.mark.parametrize(
    ("modes", "largest", "batch_size"),
    [(many(), 0.3, 2), (on_a_contour(), 0.3, 2), (many(), 1.0, 10**9)],
    ids=["real", "contour", "q near zero"],
)
def test_the_gradient_is_that_of_the_recursion_backwards(modes, largest, batch_size, steps):
    """Where modes are few nodes of a block, at the ends of blocks, and where blocks fall apart into single steps."""
    sizes = largest * np.random.default_rng(steps).uniform(0.2, 1.0, steps)
    sizes[steps // 2 :: 50] = largest  # at the last run q of the first mode is rounding there
    value, gradient = final_excess(modes, sizes, batch_size=batch_size, noise=0.5)
    expected, slopes = backwards(modes, sizes, batch_size, 0.5)
    assert value == pytest.approx(float(expected), rel=1e-13)
    np.testing.assert_allclose(gradient, slopes.astype(float), rtol=1e-12, atol=1e-14 * np.abs(slopes).max())


def test_step_sizes_that_leave_the_floats_are_refused():
    with np.errstate(all="ignore"), pytest.raises(InvalidInput, match="out of the range of floats"):
        final_excess(many(), np.full(STEPS, 1e6), batch_size=2, noise=0.5)
