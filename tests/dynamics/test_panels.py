"""Smooth schedules in panels, against the recursion step by step."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Custom,
    Equivalent,
    Exact,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    WarmupStableDecay as Wsd,
)
from riskcalc.dynamics import Modes, respond
from riskcalc.dynamics.collocation import Panel, nodes, shortest_panel
from riskcalc.dynamics.grading import Crossed
from riskcalc.dynamics.moments import start_state
from riskcalc.dynamics.panels import SmoothRun
from riskcalc.dynamics.recursion import advance
from riskcalc.errors import ToleranceNotMet
from riskcalc.optimiser import SGD
from riskcalc.schedule import Smooth

SCHEDULES = {
    "cosine": Cosine("3/10"),
    "linear": Polynomial("3/10", power=1),
    "root": Polynomial("1/5", power="1/2"),
    "cube": Polynomial("2/5", power=3),
    "wsd": Wsd("3/10"),
    "warm": Wsd("3/10", decay="7/30", warmup="1/9"),
}
SETTINGS = list(itertools.product([(2, 2.4), (1.5, 3.5), (3, 1.5)], [1, 8], [0.0, 1.0]))
NODES = [(28, 16), (30, 19)]


def few_modes(a, b, floor=0.0):
    """Twelve modes from 1 to 12^-a, as given a sketch that is the identity."""
    places = np.arange(1.0, 13)
    return Modes(position=places**-a, signal=places**-b, kernel=places ** (-2 * a), floor=floor, paired=False)


def recursion(all_modes, batch_sizes, noises, step_sizes, recorded):
    """Every setting at once, one step after the other: totals of shape (settings, 2, recorded)."""
    z, k = (np.stack([getattr(modes, name) for modes in all_modes]) for name in ("position", "kernel"))
    states = np.zeros((len(all_modes), 2, z.shape[1]))
    states[:, 0] = [modes.signal for modes in all_modes]
    sources = np.zeros((len(all_modes), 2, 1))
    sources[:, 1, 0] = [noise + modes.floor for noise, modes in zip(noises, all_modes, strict=True)]
    inverse_batch = 1 / np.array(batch_sizes)[:, None]
    linear, square, gain = 2 * z, (1 + inverse_batch) * z**2, inverse_batch * k
    found = []
    for step in range(recorded[-1] + 1):
        totals = states.sum(axis=2, keepdims=True)
        if step in recorded:
            found.append(totals[:, :, 0].copy())
        if step == recorded[-1]:
            break
        g = step_sizes[:, step, None]
        states = states * (1 - g * linear + g**2 * square)[:, None] + (totals + sources) * (g**2 * gain)[:, None]
    return np.stack(found, axis=2)


def compare(horizon, settings):
    recorded = (0, 7, 3000, horizon // 3, 7 * horizon // 9, horizon - 11, horizon)
    cases = [(schedule, *setting) for schedule in SCHEDULES.values() for setting in settings]
    all_modes = [few_modes(a, b, floor=0.01) for _, (a, b), _, _ in cases]
    sizes = np.stack([schedule.step_sizes(0, horizon, horizon=horizon) for schedule, *_ in cases])
    expected = recursion(all_modes, [case[2] for case in cases], [case[3] for case in cases], sizes, recorded)
    for modes, (schedule, exponents, batch_size, noise), right in zip(all_modes, cases, expected, strict=True):
        for count, degree in NODES:
            found = respond(
                modes,
                schedule,
                steps=recorded,
                horizon=horizon,
                batch_size=batch_size,
                noise=noise,
                nodes=count,
                degree=degree,
            )
            excess = modes.floor + right.sum(axis=0)
            gaps = np.abs(np.stack([found.bias, found.variance]) - right).max(axis=0) / excess
            assert gaps.max() < 1e-10, (schedule, exponents, batch_size, noise, degree, gaps)


def test_panels_are_the_recursion_at_twenty_thousand_steps():
    compare(20_000, SETTINGS[::5])


@pytest.mark.slow
def test_panels_are_the_recursion_for_every_setting():
    compare(100_000, SETTINGS)
    compare(123_457, SETTINGS)


def decayed(length, degree, rate):
    """y at the end of a panel for y(t + 1) = (1 - rate) y(t), y(0) = 1."""
    panel = Panel(start=0, length=length, degree=degree)
    decay = np.full((1, degree), length * rate)
    return float(panel.solve(decay[:, None, None], np.ones(1))[1][0, -1, 0])


@pytest.mark.parametrize("degree", [3, 4, 5])
def test_the_end_of_a_panel_converges_with_twice_the_degree_less_one(degree):
    """Error per panel of order (L c)^(2p) at fixed L, until the steps themselves are resolved."""
    length, rates = 10**9, np.array([1e-9, 5e-10])
    errors = [abs(decayed(length, degree, rate) / np.exp(length * np.log1p(-rate)) - 1) for rate in rates]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2 * degree, abs=0.5)


@pytest.mark.parametrize("length", [300, 10**4, 10**9, 10**15])
def test_a_mode_that_is_resolved_decays_as_its_power(length):
    for strength in (1e-9, 1e-3, 1.0, 5.0):
        rate = strength / length
        assert decayed(length, 16, rate) == pytest.approx(np.exp(length * np.log1p(-rate)), rel=1e-11)


@pytest.mark.parametrize("rate", [1e-3, 0.3, 0.9])
def test_a_mode_that_is_not_resolved_is_damped(rate):
    gone = [abs(decayed(length, 16, rate)) for length in (10**6, 10**8, 10**10)]
    assert gone[0] < 0.02
    assert gone[0] > 50 * gone[1] > 2500 * gone[2]


def test_differences_of_polynomials_are_exact():
    panel = Panel(start=0, length=400, degree=6)
    places, values = nodes(6) * 400, np.array([3.0, -1.0, 2.0, 0.5])
    at, before = (np.polynomial.polynomial.polyval(t / 400, values) for t in (places[1:], panel.before))
    given = np.polynomial.polynomial.polyval(places / 400, values)
    assert panel.shift @ given == pytest.approx(before, rel=1e-13)
    assert panel.difference @ given == pytest.approx(400 * (at - before), rel=1e-11)
    assert panel.inside(given, places) == pytest.approx(given, rel=1e-13)


@pytest.mark.parametrize("degree", [8, 16, 19, 24])
def test_no_panel_reads_the_step_size_before_its_start(degree):
    length = shortest_panel(degree)
    assert Panel(start=0, length=length, degree=degree).before[0] >= 0
    assert Panel(start=0, length=length - 1, degree=degree).before[0] < 0


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_panels_and_steps_tile_the_run_and_end_at_every_kink(schedule):
    assert isinstance(schedule, Smooth)
    modes, horizon = few_modes(2, 2.4), 10**7
    run = SmoothRun(
        modes=modes, method=SGD(), schedule=schedule, horizon=horizon, batch_size=1, noise=1.0, degree=16
    )
    pieces = list(run.cross(start_state(SGD(), modes.signal), start=0, last=horizon))
    starts = [piece.panel.start if isinstance(piece, Crossed) else piece.start for piece in pieces]
    assert starts == [0, *(piece.stop for piece in pieces[:-1])]
    assert pieces[-1].stop == horizon
    assert set(schedule.breaks(horizon=horizon)) <= set(starts)
    assert sum(isinstance(piece, Crossed) for piece in pieces) < 120


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_a_schedule_between_its_steps_is_the_schedule_at_them(schedule):
    steps = np.arange(0, 9001, 1.0)[:-1]
    np.testing.assert_array_equal(
        schedule.at(steps, 9000 - steps, horizon=9000), schedule.step_sizes(0, 9000, horizon=9000)
    )
    # second differences, which stay small except where a kink is announced (and at the end of a root)
    second = np.abs(np.diff(schedule.at(steps, 9000 - steps, horizon=9000), 2))[:8000]
    assert tuple(np.flatnonzero(second > 1e-6) + 1) == schedule.breaks(horizon=9000)


@pytest.mark.parametrize("noise, batch_size", [(0, 1), (1, 4)])
@pytest.mark.parametrize("method", [Exact(seed=3), Equivalent()], ids=["exact", "equivalent"])
def test_both_roads_at_ten_thousand_steps(method, noise, batch_size):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b="5/2"), noise=noise)
    steps = [1, 100, 4000, 9000, 10_000]
    schedule = Wsd("3/10", decay="1/4")
    listed = Custom(schedule.step_sizes(0, 10_000, horizon=10_000))
    found, expected = (
        method.curve(Run(problem, model_size=12, batch_size=batch_size, schedule=each, steps=steps))
        for each in (schedule, listed)
    )
    assert found.excess == pytest.approx(expected.excess, rel=1e-10)
    assert 0 < found.error < 1e-9


def test_a_power_of_zero_is_the_constant_schedule_at_any_length():
    """Two ways that share nothing but the modes: panels, and the inverse transform of a generating function."""
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise="1/2")
    steps = [10, 10**5, 10**10, 10**15]
    panels, transform = (
        Equivalent().curve(Run(problem, model_size=10**7, schedule=schedule, steps=steps))
        for schedule in (Polynomial("1/5", power=0), Constant("1/5"))
    )
    assert panels.excess == pytest.approx(transform.excess, rel=1e-10)
    assert panels.bias[:3] == pytest.approx(transform.bias[:3], rel=1e-9)


def test_rounding_that_the_feedback_amplifies_halves_no_panel(monkeypatch):
    """1 - kappa = 3e-5 makes 3e4 roundings of one: panels grow all the same, and the end has forgotten them."""
    monkeypatch.setattr("riskcalc.dynamics.grading._MOST_PANELS", 300)
    modes = Modes(position=np.array([1.0]), signal=np.array([2.0]), kernel=np.array([1.0]), floor=400.0, paired=False)
    horizon, size = 10**18, 2 / 3 * (1 - 1e-5)
    asked = {"steps": (10**16, horizon - 10**9, horizon), "horizon": horizon, "batch_size": 1, "noise": 0.0}
    found = respond(modes, Cosine(size), **asked)
    assert found.variance[0] == pytest.approx(400 * kappa_over_rest(Cosine(size), 10**16, horizon), rel=1e-8)
    assert 0 < found.variance[-1] < 1e-9


def kappa_over_rest(schedule, step, horizon):
    """kappa/(1 - kappa) of one mode at 1, where the run follows its step size."""
    gamma = float(schedule.step_sizes(step, step + 1, horizon=horizon)[0])
    kappa = gamma / (2 - 2 * gamma)
    return kappa / (1 - kappa)


def test_a_risk_that_changes_too_fast_for_panels_is_refused(monkeypatch):
    monkeypatch.setattr("riskcalc.dynamics.grading._MOST_PANELS", 5)
    problem = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b=2))
    with pytest.raises(ToleranceNotMet, match="more than 5 panels"):
        Exact().curve(Run(problem, model_size=12, schedule=Cosine("3/10"), steps=[10**9]))


def test_a_fast_mode_follows_the_total_until_all_has_vanished():
    """It is a millionth of the total, and nothing by itself at 1e-290; the total is still there."""
    modes = Modes(
        position=np.array([0.5, 0.02]), signal=np.ones(2), kernel=np.array([1e-6, 1e-3]), floor=0.0, paired=False
    )
    horizon, schedule = 120_000, Cosine("3/10")
    sizes = schedule.step_sizes(0, horizon, horizon=horizon)
    _, totals = advance(modes, SGD(), start_state(SGD(), modes.signal), sizes, batch_size=1, noise=0.0)
    late = np.flatnonzero((totals[:, 0] < 1e-285) & (totals[:, 0] > 1e-289))
    steps = tuple(int(step) for step in late[:: max(1, len(late) // 20)])
    assert len(steps) >= 10
    crossed = respond(modes, schedule, steps=steps, horizon=horizon, batch_size=1, noise=0.0)
    np.testing.assert_allclose(crossed.bias, totals[list(steps), 0], rtol=1e-10)
