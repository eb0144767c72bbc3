"""Averages of iterates under smooth schedules, in panels: against the recursion, and against constant step sizes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Custom,
    Equivalent,
    IterateAverage,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
    Unsketched,
    WarmupStableDecay as Wsd,
)
from riskcalc.dynamics import Modes, respond
from riskcalc.dynamics.collocation import Panel
from riskcalc.dynamics.grading import Crossed
from riskcalc.dynamics.methods import Sgd, Summed
from riskcalc.dynamics.moments import start_state, with_followers
from riskcalc.dynamics.panels import SmoothRun

SCHEDULES = {
    "cosine": Cosine("3/10"),
    "linear": Polynomial("3/10", power=1),
    "root": Polynomial("1/5", power="1/2"),
    "cube": Polynomial("2/5", power=3),
    "wsd": Wsd("3/10"),
    "warm": Wsd("3/10", decay="7/30", warmup="1/9"),
}
AVERAGES = [IterateAverage(), TailAverage("1/3")]
SETTINGS = [((2, 2.4), 1, 1.0), ((1.5, 3.5), 8, 1.0), ((3, 1.5), 1, 0.0)]
# at step size 1.99 the factor 1 - gamma z is -0.99: thousands of steps until it is gone
ALTERNATING = ((1, 2.5), 1000, 1.0)


def few_modes(a, b, floor=0.0):
    """Twelve modes from 1 to 12^-a, as given a sketch that is the identity."""
    places = np.arange(1.0, 13)
    return Modes(position=places**-a, signal=places**-b, kernel=places ** (-2 * a), floor=floor, paired=False)


def cross_moments(cases, horizon, recorded):
    """Every case at once, step after step: mean squares of the averages, shape (cases, 2, recorded)."""
    all_modes = [few_modes(a, b, floor=0.01) for _, _, ((a, b), _, _) in cases]
    z, k = (np.stack([getattr(modes, name) for modes in all_modes])[:, None] for name in ("position", "kernel"))
    batches = np.array([batch for *_, (_, batch, _) in cases])[:, None, None]
    source = np.zeros((len(cases), 2, 1))
    source[:, 1, 0] = [noise + 0.01 for *_, (_, _, noise) in cases]
    sizes = np.stack([schedule.step_sizes(0, horizon, horizon=horizon) for schedule, *_ in cases])
    found = np.empty((len(cases), 2, len(recorded)))
    firsts = {step: [averaging.first(step) for _, averaging, _ in cases] for step in recorded}
    x = np.zeros((len(cases), 2, 12))
    x[:, 0] = [modes.signal for modes in all_modes]
    # one sum for every recorded step, each switched on at the first of its iterates
    sums = {step: [np.zeros_like(x), np.zeros((len(cases), 2))] for step in recorded}
    for t in range(recorded[-1]):
        g = sizes[:, t, None, None] * z
        now = x.sum(axis=2, keepdims=True)
        for step, (c, a) in sums.items():
            if t >= step or t < min(firsts[step]):
                continue
            on = (np.array(firsts[step]) <= t)[:, None, None]
            a += on[:, :, 0] * (2 * c + x).sum(axis=2)
            c += on * (x - g * (c + x))
        x = x * (1 - 2 * g + (1 + 1 / batches) * g**2) + (now + source) * (sizes[:, t, None, None] ** 2 / batches * k)
    for place, step in enumerate(recorded):
        counts = step - np.array(firsts[step])
        found[:, :, place] = sums[step][1] / counts[:, None] ** 2
    return found, all_modes


def compare(horizon, cases, degrees):
    recorded = (7, 7 * horizon // 9, horizon)
    expected, all_modes = cross_moments(cases, horizon, recorded)
    for (schedule, averaging, (_, batch_size, noise)), modes, right, degree in zip(
        cases, all_modes, expected, itertools.cycle(degrees), strict=False
    ):
        found = respond(
            modes,
            schedule,
            steps=recorded,
            horizon=horizon,
            batch_size=batch_size,
            noise=noise,
            degree=degree,
            averaging=averaging,
        )
        gaps = np.abs(np.stack([found.bias, found.variance]) - right).max(axis=0) / (0.01 + right.sum(axis=0))
        assert gaps.max() < 1e-11, (schedule, averaging, batch_size, degree, gaps)


def test_panels_are_the_recursion_at_twelve_thousand_steps():
    """Each schedule with one setting and one kind of average, and a large batch whose factors alternate in sign."""
    settings, averages = itertools.cycle(SETTINGS[:2]), itertools.cycle([*AVERAGES, *AVERAGES[::-1]])
    cases = [*zip(SCHEDULES.values(), averages, settings, strict=False)]
    cases += [(Cosine("7/5"), AVERAGES[0], ALTERNATING), (Wsd("199/100"), AVERAGES[1], ALTERNATING)]
    compare(12_000, cases, (16, 19))


@pytest.mark.slow
def test_panels_are_the_recursion_for_every_setting():
    cases = [*itertools.product(SCHEDULES.values(), AVERAGES, SETTINGS)]
    compare(100_000, cases, (16,))
    compare(123_457, cases, (19,))


def test_panels_follow_states_fed_by_others():
    """y(t+1) = (1 - c) y + x(t), x a polynomial, c constant: the solution is a polynomial, plus what decays."""
    panel = Panel(start=0, length=500, degree=14)
    x = np.polynomial.Polynomial([2.0, -1.0, 0.5])
    steps = np.arange(500)
    rate, state, total = 0.002, np.array([3.0, -2.0]), np.array([1.0, 0.0])
    values, sums = [state], [total]
    for t in steps:
        state, total = (1 - rate) * state + x(t / 500), total + state
        values.append(state)
        sums.append(total)
    source = np.tile(500 * x(panel.before / 500), (2, 1, 1))
    start = [each[:, None, None] for each in (values[0], sums[0])]  # of one moment of one mode
    followed = panel.follow(np.full((1, 1, 1, 14), 500 * rate), start[0], source[:, None])[:, 0, 0]
    inside = panel.inside(followed, np.arange(501.0)).T
    np.testing.assert_allclose(inside, np.array(values), rtol=1e-9)
    added = panel.add_up(start[1], 500 * (followed @ panel.shift.T)[:, None, None])[:, 0, 0]
    assert added[:, -1] == pytest.approx(sums[-1], rel=1e-9)


@pytest.mark.parametrize("averaging", AVERAGES, ids=str)
def test_a_power_of_zero_is_the_constant_schedule_at_any_length(averaging):
    """Two ways that share nothing but the modes: panels, and the inverse transform of a generating function."""
    modes, steps = few_modes(2, 2.4, floor=0.01), (10, 10**6, 10**12, 10**18)
    panels, transform = (
        respond(modes, schedule, steps=steps, horizon=10**18, batch_size=2, noise=0.5, averaging=averaging)
        for schedule in (Polynomial("1/5", power=0), Constant("1/5"))
    )
    assert panels.variance == pytest.approx(transform.variance, rel=1e-11)
    assert panels.bias[0] == pytest.approx(transform.bias[0], rel=1e-11)
    assert panels.difference(transform, floor=0.01) < 1e-12
    if isinstance(averaging, IterateAverage):  # a late tail has forgotten the start
        assert panels.bias == pytest.approx(transform.bias, rel=1e-11)


def test_the_longest_run_is_verified():
    """At N = 1e18 the two degrees agree, and the average keeps the start as 1/T^2 where all modes are learnt."""
    problem = Problem(spectrum=PowerLaw(a=2, dimension=12), signal=PowerLawSignal(b=2), noise="1/2")
    runs = [
        Run(problem, model_size=12, schedule=Cosine("1/5"), steps=[horizon], averaging=IterateAverage())
        for horizon in (10**14, 10**18)
    ]
    curves = [Unsketched().curve(run) for run in runs]
    assert max(curve.error for curve in curves) < 1e-11
    assert curves[0].bias[0] / curves[1].bias[0] == pytest.approx(1e8, rel=1e-6)


def test_both_kinds_of_run_on_the_equivalent_road():
    """A smooth schedule in panels and the same list of step sizes, on a contour."""
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise=1)
    smooth = Wsd("3/10", decay="1/4")
    listed = Custom(smooth.step_sizes(0, 6000, horizon=6000))
    found, expected = (
        Equivalent().curve(
            Run(problem, model_size=12, schedule=each, steps=[100, 6000], averaging=TailAverage("1/2"))
        )
        for each in (smooth, listed)
    )
    assert found.excess == pytest.approx(expected.excess, rel=1e-10)
    assert found.error < 1e-9


def test_few_panels_reach_far():
    """A run of 1e18 steps, averaged from its middle on, needs panels in the number of its doublings."""
    modes = few_modes(2, 2.4, floor=0.01)
    asked = []

    class Counted(SmoothRun):
        def try_panel(self, state, panel):
            asked.append(panel.stop)
            return super().try_panel(state, panel)

    horizon, first = 10**18, 5 * 10**17 + 1
    asked_of = {"modes": modes, "schedule": Cosine("3/10"), "horizon": horizon, "batch_size": 1, "noise": 1.0}
    run = Counted(method=Sgd(), degree=16, **asked_of)
    for piece in run.cross(start_state(Sgd(), modes.signal), start=0, last=first):
        state = piece.state
    assert first in asked
    summed = Summed(Sgd())
    sums = Counted(method=summed, begin=first, degree=16, **asked_of)
    for piece in sums.cross(with_followers(summed, state), start=first, last=horizon):
        found = piece.state
    assert np.isfinite(found).all()
    assert horizon > max(asked) > horizon - 2048
    assert len(asked) < 400
    start = start_state(Sgd(), modes.signal)
    assert any(isinstance(piece, Crossed) for piece in run.cross(start, start=0, last=10**6))
