"""Optimal schedules: never above the named ones, stationary, and of the derived shape."""

from __future__ import annotations

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
    Unsketched,
    optimal_schedule,
    risk,
)
from riskcalc.errors import InvalidInput


def problem(b="5/2", dimension=500):
    return Problem(spectrum=PowerLaw(a=2, dimension=dimension), signal=PowerLawSignal(b=b), noise=1)


def unsketched(horizon, b="5/2", **settings):
    return optimal_schedule(problem(b), model_size=500, horizon=horizon, method=Unsketched(), **settings)


@pytest.fixture(scope="module")
def ladder():
    few = [Cosine(1), Polynomial(1, power=3)]
    return [unsketched(horizon, named=few) for horizon in (48, 192, 768)]


@pytest.mark.parametrize(
    "method, model_size, dimension, b",
    [
        (Unsketched(), 100, 100, "5/2"),
        (Unsketched(), 100, 100, "3/2"),
        (Exact(seed=0, sketches=2), 20, 100, "5/2"),
        (Equivalent(), 50, None, "5/2"),
    ],
    ids=["unsketched", "hard", "exact", "equivalent"],
)
def test_it_beats_every_named_schedule(method, model_size, dimension, b):
    asked = problem(b, dimension)
    best = optimal_schedule(asked, model_size=model_size, horizon=96, method=method)
    named = [one.excess for one in best.named]
    assert named == sorted(named)
    assert len(named) == 7
    assert best.excess < named[0]
    assert best.converged
    assert best.slope < 1e-5
    again = risk(Run(asked, model_size=model_size, schedule=best.schedule, steps=[96]), method=method)
    assert again.excess[-1] == pytest.approx(best.excess, rel=1e-9)


def test_no_small_change_of_it_does_better(ladder):
    best = ladder[0]
    draw = np.random.default_rng(0)
    for _ in range(20):
        moved = best.schedule.values * np.exp(0.05 * draw.standard_normal(48))
        run = Run(problem(), model_size=500, schedule=Custom(np.minimum(moved, best.largest)), steps=[48])
        assert risk(run, method=Unsketched()).excess[-1] > best.excess


def test_two_starts_end_at_the_same_schedule():
    one, other = (unsketched(64, named=[each]) for each in (Constant(1), Cosine(1)))
    assert one.excess == pytest.approx(other.excess, rel=1e-9)
    assert one.schedule.values == pytest.approx(other.schedule.values, rel=1e-2)


def test_noise_left_at_the_end_is_balanced_and_more_so_at_longer_horizons(ladder):
    """gamma^2 (sigma2 + E) K is the same at every step, up to feedback, which fades with gamma."""
    spreads = [np.log(best.balance.max() / best.balance.min()) for best in ladder]
    assert spreads[0] > spreads[1] > spreads[2]
    assert spreads[2] < 0.15
    # negative control: the best named schedule is not balanced
    values = ladder[2].named[0].schedule.step_sizes(0, 768, horizon=768)
    share = values / ladder[2].schedule.values
    assert np.log(share.max() / share[:-1].min()) > 1


def test_the_decay_approaches_the_derived_power(ladder):
    """(1 - s/N)^(2a - 1), a = 2: from below, as the last steps, where the kernel is not yet a power, matter less."""
    slopes = [best.decay_exponent(0.2, 0.7) for best in ladder]
    assert slopes[0] < slopes[1] < slopes[2] < 3
    assert all(best.share_at_the_largest == 0 for best in ladder)


def test_hard_problems_hold_a_large_step_and_decay_late(ladder):
    """b < a: the share of the run in which half the largest step size is exceeded grows with the horizon."""
    shares = []
    for horizon in (32, 96, 288):
        best = unsketched(horizon, "3/2", named=[Polynomial(1, power=1)])
        shares.append(np.mean(best.schedule.values > 0.5 * best.largest))
    easy = [np.mean(best.schedule.values > 0.5 * best.largest) for best in ladder]
    assert shares[0] < shares[1] < shares[2]
    assert max(easy) == 0


def test_a_bound_on_the_step_size_is_kept():
    best = unsketched(64, largest="1/10", named=[Constant(1)])
    assert best.schedule.values.max() <= 0.1
    assert best.share_at_the_largest > 0.3
    assert best.slope < 1e-5  # steps at the bound would grow, and are blocked; all others have nothing left to gain

    def log_excess(factor):
        values = best.schedule.values * np.where(best.schedule.values >= 0.1, factor, 1.0)
        run = Run(problem(), model_size=500, schedule=Custom(values), steps=[64])
        return np.log(risk(run, method=Unsketched()).excess[-1])

    blocked = (log_excess(1.001) - log_excess(0.999)) / 0.002
    assert blocked < -1e-3
    stopped = unsketched(64, largest="1/10", named=[Constant(1)], iterations=1)  # late steps at the bound would shrink
    assert stopped.slope > 1e-4


@pytest.mark.parametrize(
    "wrong, reason",
    [({"horizon": 10**6}, "at most 20000 steps"), ({"named": []}, "named is empty"), ({"iterations": 0}, "iterations")],
)
def test_senseless_questions_are_refused(wrong, reason):
    settings = {"horizon": 10, "named": [Constant(1)]} | wrong
    with pytest.raises(InvalidInput, match=reason):
        unsketched(**settings)


def test_a_window_without_steps_is_refused(ladder):
    with pytest.raises(InvalidInput, match="no three steps"):
        ladder[0].decay_exponent(0.5, 0.51)
