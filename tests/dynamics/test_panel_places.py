"""A panel solved at few places, against the same panel solved mode by mode, and against single steps."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics import Modes, panel_core, respond
from riskcalc.dynamics.collocation import Panel
from riskcalc.dynamics.moments import moment_map, start_state
from riskcalc.dynamics.panel_core import seen
from riskcalc.dynamics.panel_places import places_for

METHODS = {
    "DANA": (rc.Dana(delta="1/10", decay="1/2", memory=8), 0.3),
    "schedule-free": (rc.ScheduleFree("9/10"), 0.3),
    "Nesterov": (rc.Nesterov("9/10"), 0.03),
    "heavy ball": (rc.HeavyBall("99/100"), 0.003),
}


def modes_of(count, *, height=0.0, least=1e-9):
    """On the spectrum, or on an ellipse round it in log z, as contours are."""
    low, high = np.log(least), 0.0
    angle = np.pi * (np.arange(count) + 0.5) / count
    places = (low + high) / 2 + np.hypot((high - low) / 2, height) * np.cos(angle)
    position = np.exp(places + (1j * height * np.sin(angle) if height else 0))
    weight = position**0.7 / count
    return Modes(position=position, signal=weight, kernel=position * weight, floor=0.0, paired=bool(height))


def compared(method, size, modes, *, start, degree):
    panel = Panel(start=start, length=start, degree=degree)
    moments = moment_map(method, start + panel.before, np.full(degree, size), batch_size=3)
    assert places_for(panel, moments, modes.position) is not None
    state = start_state(method, modes.signal)[:, : moments.core] + 0.3 * modes.signal
    quick = seen(panel, moments, modes, state)
    direct = panel_core._mode_by_mode(panel, moments, modes, state)
    drive = np.repeat([[1.0], [0.5]], degree, axis=1)  # as smooth as the risk is
    source = (drive[:, None] * panel.length * moments.feed.T).reshape(2, -1)
    return quick, direct, source, panel.length * moments.feed.T.ravel()


@pytest.mark.every_case
@pytest.mark.parametrize("start", [2048, 2**20, 2**30])
@pytest.mark.parametrize("name", METHODS)
def test_places_say_what_every_mode_says(name, start):
    """Relative to the largest of each moment, in sums and, of what is driven, at every single mode.

    What has nearly died out in the panel is known to the rounding of what it starts from.
    """
    method, size = METHODS[name]
    modes = modes_of(500, height=0.1)
    quick, direct, source, gain = compared(method, size, modes, start=start, degree=18)
    rounding = np.finfo(float).eps * np.abs(start_state(method, modes.signal) + 0.3 * modes.signal)
    sums = ((quick.feedback * gain, direct.feedback * gain, 0.0), (quick.free, direct.free, rounding.sum()))
    for one, other, known in sums:
        np.testing.assert_allclose(one, other, rtol=0, atol=3e-13 * np.abs(other).max() + known)
    for one, other in zip(quick.carried.swapaxes(0, 1), direct.carried.swapaxes(0, 1), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=3e-11 * np.abs(other).max() + rounding.max())
    np.testing.assert_allclose(quick.driven(source)[:, 0], direct.driven(source)[:, 0], rtol=1e-13)


def test_places_of_real_modes():
    method, size = METHODS["DANA"]
    quick, direct, source, _ = compared(method, size, modes_of(900), start=2**20, degree=16)
    np.testing.assert_allclose(quick.free, direct.free, rtol=0, atol=1e-13 * np.abs(direct.free).max())
    np.testing.assert_allclose(quick.driven(source)[:, 0], direct.driven(source)[:, 0], rtol=3e-11)


def test_without_places():
    """Few modes, a wide contour, one moment a mode, or one position: each mode is solved for itself."""
    panel = Panel(start=2**20, length=2**20, degree=18)

    def found(method, modes):
        moments = moment_map(method, panel.start + panel.before, np.full(18, 0.3), batch_size=1)
        return places_for(panel, moments, modes.position)

    dana = METHODS["DANA"][0]
    assert found(dana, modes_of(500, height=0.1)) is not None
    assert found(dana, modes_of(100, height=0.1)) is None
    assert found(dana, modes_of(500, height=1.0)) is None
    assert found(dana, modes_of(500, height=0.1, least=1.0)) is None
    assert found(rc.SGD(), modes_of(500, height=0.1)) is None


@pytest.mark.slow
def test_a_run_through_places_is_the_run_step_by_step():
    """Real modes, enough of them; the recursion knows no panel."""
    method, size = METHODS["DANA"]
    asked = {
        "steps": (6000, 50_000),
        "horizon": 50_000,
        "batch_size": 2,
        "noise": 0.01,
        "method": method,
    }
    modes, schedule = modes_of(900, least=1e-6), rc.Constant(size)
    quick = respond(modes, schedule, degree=18, **asked)
    slow = respond(modes, schedule, stepwise=True, **asked)
    assert quick.difference(slow, floor=0.0) < 1e-11
