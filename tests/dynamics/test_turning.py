"""What turns round and has not died out: the upright contour, against single steps and against many digits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics import Modes, respond, served
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.inversion import upright

LONG_MEMORY = {
    "heavy ball": rc.HeavyBall("99/100"),
    "Nesterov": rc.Nesterov("99/100"),
    "lookahead": rc.Nesterov("99/100", at="lookahead"),
    "two buffers": rc.TwoBuffer(delta="1/1000", mu="99/100"),
}


def few_modes(*, angle=0.0):
    position = np.arange(1.0, 9) ** -2 * np.exp(1j * angle if angle else 0)
    return Modes(position=position, signal=position**0.7, kernel=position**2, floor=0.01, paired=bool(angle))


@pytest.mark.parametrize(("start", "extent"), [(64, 0.1), (1000, 0.02), (10_000, 0.01)])
def test_upright_contours_go_round_what_turns(start, extent):
    """exp(l t) comes back from 1/(1 - exp(l - p)), for l anywhere to the left and no higher than the extent."""
    falls, turns = np.meshgrid(-np.array([0, 1e-3, 0.1, 1, 30]) / start, extent * np.linspace(0, 1, 9))
    places = (falls + 1j * turns).ravel()
    times = start * np.array([1.0, 1.2, 1.5])
    for nodes in (28, 30):
        contour = upright(start=start, extent=extent, nodes=nodes)
        transform = sum(-0.5 / np.expm1(each[:, None] - contour.nodes) for each in (places, places.conj()))
        expected = np.real(np.exp(places[:, None] * times))
        np.testing.assert_allclose(contour.invert(transform, times), expected, rtol=0, atol=1e-11)


def test_an_extent_that_is_too_small_is_seen_in_the_other_contour():
    """The two contours of an answer and its check are of different height."""
    place, times = 0.0235j, np.array([2000.0])
    found = [
        contour.invert(-1 / np.expm1(place - contour.nodes[None]), times)
        for contour in (upright(start=2000, extent=0.02, nodes=nodes) for nodes in (28, 30))
    ]
    assert np.abs(found[0] - found[1]).max() > 1e-6


@pytest.mark.parametrize("angle", [0.0, 0.01])
@pytest.mark.parametrize("name", LONG_MEMORY)
def test_early_steps_are_those_of_the_recursion(name, angle, monkeypatch):
    """In one stage, and through stages each of which ends before what turns round has died out."""
    monkeypatch.setattr(served, "SINGLY", 100)
    modes, method = few_modes(angle=angle), LONG_MEMORY[name]
    for schedule, last in ((rc.Constant("3/1000"), 3000), (rc.Geometric("3/1000"), 6000)):
        asked = {
            "steps": (1, 64, 65, 300, last // 2, last),
            "horizon": last,
            "batch_size": 3,
            "noise": 0.1,
            "method": method,
        }
        slow = respond(modes, schedule, stepwise=True, **asked)
        for nodes in (28, 30):
            quick = respond(modes, schedule, nodes=nodes, **asked)
            assert quick.difference(slow, floor=modes.floor) < 1e-11


def test_early_steps_do_not_depend_on_how_many_are_asked(monkeypatch):
    monkeypatch.setattr(served, "SINGLY", 100)
    asked = {"horizon": 3000, "batch_size": 3, "noise": 0.1, "method": LONG_MEMORY["heavy ball"]}
    every = respond(few_modes(), rc.Constant("3/1000"), steps=(70, 900, 3000), **asked)
    one = respond(few_modes(), rc.Constant("3/1000"), steps=(900,), **asked)
    assert one.bias[0] == pytest.approx(every.bias[1], rel=1e-12)


@pytest.mark.slow
def test_a_long_memory_of_the_equivalent():
    """Below 40/(1 - beta) steps, by many digits, whose contours are circles."""
    run = rc.Run(
        rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3), noise="1/1000"),
        model_size=100,
        schedule=rc.Constant("3/100000"),
        steps=[100, 1000, 20_000],
        optimiser=rc.HeavyBall("9999/10000"),
    )
    curve = rc.Equivalent().curve(run)
    digits = rc.Equivalent(digits=12).curve(rc.Run(**{**vars_of(run), "steps": [100, 1000]}))
    assert curve.error < 1e-9
    np.testing.assert_allclose(curve.excess[:2], digits.excess, rtol=curve.error + 2e-12)
    assert 0 < curve.excess[2] < curve.excess[1]


def vars_of(run):
    return {
        "problem": run.problem,
        "model_size": run.model_size,
        "schedule": run.schedule,
        "steps": run.steps,
        "optimiser": run.optimiser,
    }


def test_what_alternates_at_an_angle_for_long_is_refused():
    """No contour near the real axis, or near its negative half, goes round it."""
    modes = Modes(position=np.array([0.9]), signal=np.ones(1), kernel=np.zeros(1), floor=0.1, paired=False)
    with pytest.raises(ToleranceNotMet, match=r"heavy-ball:.* turns round by more than a quarter .* died out after"):
        respond(
            modes,
            rc.Constant("5/2"),
            steps=(10**8,),
            horizon=10**8,
            batch_size=10**9,
            noise=0.0,
            method=rc.HeavyBall("9999999/10000000"),
        )


@pytest.mark.parametrize("steps", [[500], [200, 500]])
@pytest.mark.parametrize("name", ["heavy ball", "Nesterov", "lookahead"])
def test_no_zero_of_a_transform_stands_for_what_has_died_out(name, steps):
    """Modes are dead to the transform long before they are to floats, or 1/(1 - beta) steps have been made."""
    optimiser = replace(LONG_MEMORY[name], beta="999/1000")
    problem = rc.Problem(spectrum=rc.PowerLaw(a=1, dimension=1), signal=rc.PowerLawSignal(b=2))
    size = "3/100" if name == "heavy ball" else "3/10"
    run = rc.Run(
        problem,
        model_size=1,
        batch_size=10**6,
        schedule=rc.Constant(size),
        steps=steps,
        horizon=500,
        optimiser=optimiser,
    )
    modes = Modes(position=np.ones(1), signal=np.ones(1), kernel=np.ones(1), floor=0.0, paired=False)
    single = respond(
        modes,
        run.schedule,
        steps=(500,),
        horizon=500,
        batch_size=run.batch_size,
        noise=0.0,
        method=run.training,
        stepwise=True,
    )
    found = rc.risk(run, method=rc.Unsketched())
    assert found.excess[run.steps.index(500)] == pytest.approx(single.bias[0], rel=1e-9, abs=0)
