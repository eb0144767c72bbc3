"""The schedules people train with, step by step against their definitions, typed in from the libraries that have them.

Written with Python's own numbers, not with the formulas of the package.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc.errors import InvalidInput
from riskcalc.schedule import (
    Cosine,
    Custom,
    Geometric,
    InverseSquareRoot,
    MultiStep,
    Polynomial,
    Stage,
    Warmup,
    WarmupStableDecay,
)

quick = settings(deadline=None, max_examples=40)
horizons = st.integers(min_value=2, max_value=700)


def sizes(schedule, horizon):
    return schedule.step_sizes(0, horizon, horizon=horizon)


def half_cosine(done, whole):
    return (1 + math.cos(math.pi * done / whole)) / 2


@quick
@given(N=horizons, tenths=st.integers(0, 9))
def test_cosine_to_a_fraction_of_the_peak(N, tenths):
    """eta_min + (eta - eta_min) (1 + cos(pi s/T))/2, as CosineAnnealingLR writes it."""
    peak, low = 0.4, 0.04 * tenths
    right = [low + (peak - low) * half_cosine(s, N) for s in range(N)]
    found = sizes(Cosine("2/5", floor=Fraction(tenths, 10)), N)
    np.testing.assert_allclose(found, right, rtol=1e-10, atol=1e-15)
    assert found[0] == 0.4


@quick
@given(N=horizons, W=st.integers(1, 50))
def test_cosine_with_warm_up(N, W):
    """get_cosine_schedule_with_warmup: step 0 moves nothing, step W has the peak."""
    if W >= N:
        with pytest.raises(InvalidInput, match="none is left after it"):
            sizes(Warmup(Cosine(1), steps=W), N)
        return
    right = [s / W if s < W else half_cosine(s - W, N - W) for s in range(N)]
    found = sizes(Warmup(Cosine(1), steps=W), N)
    np.testing.assert_allclose(found, right, rtol=1e-10, atol=1e-15)
    assert found[0] == 0
    assert found[W] == 1


@quick
@given(N=horizons, hundredths=st.integers(1, 99), start=st.fractions(0, "9/10", max_denominator=10))
def test_a_warm_up_over_a_fraction_takes_whole_steps(N, hundredths, start):
    """As many as the fraction of the run, rounded up; then linear decay in the rest."""
    W = -(-hundredths * N // 100)
    schedule = Warmup(Polynomial("3/10", power=1), fraction=Fraction(hundredths, 100), start=start)
    if W >= N:
        with pytest.raises(InvalidInput, match="none is left after it"):
            schedule.check(horizon=N)
        return
    r = float(start)
    right = [0.3 * (r + (1 - r) * s / W if s < W else 1 - (s - W) / (N - W)) for s in range(N)]
    np.testing.assert_allclose(sizes(schedule, N), right, rtol=1e-12, atol=1e-16)


@quick
@given(N=horizons, W=st.integers(2, 60))
def test_the_ramp_that_begins_at_one_part_is_one_of_them(N, W):
    """(s + 1)/W: the same as W - 1 steps from 1/W."""
    if W - 1 >= N:
        return
    right = [min(1.0, (s + 1) / W) for s in range(N)]
    schedule = Warmup(Polynomial(1, power=0), steps=W - 1, start=Fraction(1, W))
    np.testing.assert_allclose(sizes(schedule, N), right, rtol=1e-13)


@quick
@given(N=horizons, tenths=st.integers(1, 10), low=st.integers(0, 5), shape=st.sampled_from(["cosine", "1-sqrt", "2"]))
def test_the_decay_of_wsd_to_a_floor(N, tenths, low, shape):
    """get_wsd_schedule: floor + (1 - floor) times the shape, of the share of the decay that is done."""
    begin, f = (10 - tenths) * N / 10, low / 10
    falls = {"cosine": lambda u: half_cosine(u, 1), "1-sqrt": lambda u: 1 - math.sqrt(u), "2": lambda u: (1 - u) ** 2}
    right = []
    for s in range(N):
        done = max(0.0, (s - begin) / (N - begin))
        right.append(0.3 * (f + (1 - f) * falls[shape](done)))
    words = {"power": 2} if shape == "2" else {"shape": shape}
    schedule = WarmupStableDecay("3/10", decay=Fraction(tenths, 10), floor=Fraction(low, 10), **words)
    np.testing.assert_allclose(sizes(schedule, N), right, rtol=1e-6, atol=1e-15)


def test_the_square_root_keeps_its_digits_at_both_ends_of_a_long_decay():
    N = 10**18
    schedule = WarmupStableDecay(1, decay="1/5", shape="1-sqrt")
    begin = 4 * N // 5
    for s in (begin, begin + 1, begin + 1000, N - 1):
        x = Fraction(N - s, N // 5)
        root = math.sqrt(1 - x) if x > Fraction(1, 2) else None
        right = 1 - root if root is not None else float(x) / 2  # the end is linear: x^2/8 is nothing there
        found = schedule.step_sizes(s, s + 1, horizon=N)[0]
        assert found == pytest.approx(right, rel=1e-15)


@quick
@given(N=horizons, T=st.integers(1, 90))
def test_inverse_square_root(N, T):
    """get_inverse_sqrt_schedule with a time scale and no warm-up."""
    right = [1 / math.sqrt((s + T) / T) for s in range(N)]
    np.testing.assert_allclose(sizes(InverseSquareRoot(1, timescale=T), N), right, rtol=1e-14)
    share = InverseSquareRoot(1, fraction=Fraction(T, N))
    np.testing.assert_allclose(sizes(share, N), right, rtol=1e-14)


@quick
@given(N=horizons, W=st.integers(1, 90))
def test_inverse_square_root_with_the_warm_up_of_the_transformer(N, W):
    """min(n^-1/2, n W^-3/2) at step n, here over its largest value W^-1/2 and with the steps counted from n = 0."""
    if W >= N:
        return
    right = [0.0] + [min(n**-0.5, n * W**-1.5) / W**-0.5 for n in range(1, N)]
    np.testing.assert_allclose(sizes(Warmup(InverseSquareRoot(1, timescale=W), steps=W), N), right, rtol=1e-13)


@quick
@given(N=horizons, places=st.lists(st.integers(1, 600), max_size=4, unique=True))
def test_drops_at_milestones(N, places):
    """MultiStepLR: multiplied by the factor at every milestone that is reached."""
    right, now = [], 0.3
    for s in range(N):
        now *= 0.1 if s in places else 1.0
        right.append(now)
    found = sizes(MultiStep("3/10", milestones=sorted(places)), N)
    np.testing.assert_allclose(found, right, rtol=1e-12)


@quick
@given(N=horizons, thirds=st.sampled_from([1, 2]))
def test_a_milestone_as_a_share_is_the_first_step_from_there_on(N, thirds):
    right = [1.0 if 3 * s < thirds * N else 0.5 for s in range(N)]
    assert sizes(MultiStep(1, milestones=[Fraction(thirds, 3)], factor="1/2"), N).tolist() == right


@quick
@given(N=st.integers(10, 300), W=st.integers(1, 9))
def test_what_follows_a_warm_up_is_the_schedule_of_a_shorter_run(N, W):
    listed = Custom(np.linspace(0.3, 0.1, N))
    for schedule in (Geometric("3/10"), Cosine(0.3), listed, MultiStep("1/4", milestones=["1/3"])):
        warmed, first = Warmup(schedule, steps=W), schedule.step_sizes(0, 1, horizon=N - W)[0]
        found = sizes(warmed, N)
        np.testing.assert_array_equal(found[W:], sizes(schedule, N - W))
        np.testing.assert_allclose(found[:W], first * np.arange(W) / W, rtol=1e-13)
        assert found.max() <= warmed.peak(horizon=N)


@pytest.mark.parametrize("schedule", [Cosine("3/10"), InverseSquareRoot("3/10", timescale=1000), Geometric("3/10")])
def test_steps_of_a_long_run_are_counted_exactly(schedule):
    """A warm-up of 1e17 + 3 steps: near its end a float64 knows steps to 16 only."""
    W, N = 10**17 + 3, 10**18
    warmed = Warmup(schedule, steps=W)
    first = schedule.step_sizes(0, 5, horizon=N - W)
    np.testing.assert_array_equal(warmed.step_sizes(W, W + 5, horizon=N), first)
    assert warmed.step_sizes(W - 1, W, horizon=N)[0] == pytest.approx(0.3, rel=1e-15)
    assert warmed.breaks(horizon=N)[0] == W
    places = np.array([0.0, 1.0, 4.0])
    np.testing.assert_array_equal(warmed.beyond(W, places, horizon=N), first[[0, 1, 4]])


def test_a_short_warm_up_before_stages_is_stages():
    stages = Warmup(MultiStep("1/2", milestones=["1/2"]), steps=2, start="1/2").stages(horizon=10**18)
    half = 10**18 // 2
    assert stages == (
        Stage(start=0, stop=1, step_size=Fraction(1, 4)),
        Stage(start=1, stop=2, step_size=Fraction(3, 8)),
        Stage(start=2, stop=half + 1, step_size=Fraction(1, 2)),
        Stage(start=half + 1, stop=10**18, step_size=Fraction(1, 20)),
    )


def test_many_times_the_shortest_time_scale_there_is():
    assert InverseSquareRoot(1, timescale="1e-300").step_sizes(10**17, 10**17 + 1, horizon=10**18)[0] == 0


def test_a_warm_up_before_a_list_is_followed_step_by_step():
    """A list is no smooth function, so neither is what goes before it."""
    listed = Custom(np.linspace(0.3, 0.1, 50_000))
    assert Warmup(listed, steps=2000).breaks(horizon=50_000) is None
    assert Warmup(Geometric(1), steps=2000).breaks(horizon=50_000)[0] == 2000


def test_the_joints_of_pieces_are_where_they_meet():
    drops = MultiStep(1, milestones=["1/3", "2/3"])
    assert Warmup(drops, steps=10_500).breaks(horizon=12_000) == (10_500, 11_000, 11_500)
    decay = WarmupStableDecay(1, decay="1/4", warmup="1/10")
    assert Warmup(decay, fraction="1/5").breaks(horizon=1000) == (200, 279, 800)
    assert MultiStep(1, milestones=[3, 900]).breaks(horizon=800) == (3,)
