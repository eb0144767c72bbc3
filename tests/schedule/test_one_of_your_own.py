"""A schedule added from outside, by its formula alone, and warmed up: every road takes it; so do the ones of the house.

The reference is the recursion step by step, with step sizes typed in from the definitions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.asymptotic import shape_of
from riskcalc.dynamics import Modes, respond
from riskcalc.dynamics.step_sizes import step_sizes
from riskcalc.errors import InvalidInput
from riskcalc.numeric.arb_field import Arb
from riskcalc.quantity import Number
from riskcalc.schedule import Formula, Reading, Smooth


@dataclass(frozen=True)
class Bell(Formula):
    """gamma (1 - (s/N)^2)^2, from the words of a formula alone."""

    step_size: Number

    def formula(self, at: Reading) -> Any:
        share = at.left / at.horizon
        return at.number(self.step_size) * at.power(share * (2 - share), 2)


def bell(s, N):
    return 0.3 * ((N - s) * (N + s) / N**2) ** 2


def ramp(size, W, s, N):
    """The first step size of a run of N - W, over W steps from 0; then that run."""
    return size(0, N - W) * s / W if s < W else size(s - W, N - W)


def cosine(s, N):
    return 0.3 * (0.1 + 0.9 * (1 + math.cos(math.pi * s / N)) / 2)


def one_minus_root(s, N):
    u = max(0.0, (s - 0.75 * N) / (0.25 * N))
    return 0.3 * (1 - math.sqrt(u))


def milestones(s, N):
    return 0.3 if 2 * s < N else 0.03 if 4 * s < 3 * N else 0.003


def inverse_root(s, N):
    return 0.3 / math.sqrt(1 + s / 200)


CASES = {
    "own": (Bell("3/10"), bell),
    "own, warm": (rc.Warmup(Bell("3/10"), steps=150), lambda s, N: ramp(bell, 150, s, N)),
    "floor": (rc.Cosine("3/10", floor="1/10"), cosine),
    "1-sqrt": (rc.WarmupStableDecay("3/10", decay="1/4", shape="1-sqrt"), one_minus_root),
    "drops": (rc.MultiStep("3/10", milestones=["1/2", "3/4"]), milestones),
    "drops, warm": (
        rc.Warmup(rc.MultiStep("3/10", milestones=["1/2", "3/4"]), steps=100),
        lambda s, N: ramp(milestones, 100, s, N),
    ),
    "root": (rc.InverseSquareRoot("3/10", timescale=200), inverse_root),
    "root, warm": (
        rc.Warmup(rc.InverseSquareRoot("3/10", timescale=200), steps=200),
        lambda s, N: ramp(inverse_root, 200, s, N),
    ),
}
LATE = {  # too long a warm-up to count as stages: jumps inside a smooth schedule
    "drops, late warm": (
        rc.Warmup(rc.MultiStep("3/10", milestones=["1/3", "2/3"]), steps=10_500),
        lambda s, N: ramp(lambda i, n: 0.3 if 3 * i < n else 0.03 if 3 * i < 2 * n else 0.003, 10_500, s, N),
    )
}
every = pytest.mark.parametrize("name", CASES)
SMALL = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=12), signal=rc.PowerLawSignal(b=3), noise="1/10")


@dataclass(frozen=True)
class Wrong(Formula):
    """Grows beyond what it calls its step size."""

    step_size: Number

    def formula(self, at: Reading) -> Any:
        return at.number(self.step_size) * (1 + at.done / at.horizon)


def recursion(z, signal, kernel, floor, sizes, *, batch_size, noise):
    """Bias and variance before each step and after the last: the second moments of SGD, one step after the other."""
    bias, variance, found = signal.copy(), 0 * signal, []
    for gamma in sizes:
        found.append((bias.sum(), variance.sum()))
        q = 1 - 2 * gamma * z + (1 + 1 / batch_size) * (gamma * z) ** 2
        fed = gamma**2 / batch_size * kernel
        bias = q * bias + fed * bias.sum()
        variance = q * variance + fed * (variance.sum() + floor + noise)
    return np.array([*found, (bias.sum(), variance.sum())])


def test_a_formula_is_all_a_class_needs():
    own = Bell("3/10")
    assert isinstance(own, Smooth)
    assert (own.peak(horizon=9), own.breaks(horizon=9), own.stages(horizon=9)) == (0.3, (), None)
    assert own.describe() == {"name": "bell", "step_size": "3/10"}
    with pytest.raises(InvalidInput, match="step_size must be a number"):
        rc.Run(SMALL, model_size=4, schedule=Bell("fast"), steps=[8])


def test_a_formula_that_leaves_its_range_is_refused():
    with pytest.raises(InvalidInput, match=r"'wrong' gives 0\.33 at step 1 of 10: .* between 0 and the largest, 0\.3"):
        rc.Run(SMALL, model_size=4, schedule=Wrong("3/10"), steps=[10])


@every
def test_three_readings_are_the_definition(name):
    schedule, definition = CASES[name]
    N, field = 400, Arb()
    right = np.array([definition(s, N) for s in range(N)])
    floats = schedule.step_sizes(0, N, horizon=N)
    np.testing.assert_allclose(floats, right, rtol=1e-9, atol=1e-17)
    with field.working(30):
        exact = [float(field.rational(one)) for one in step_sizes(schedule, horizon=N, count=N, field=field)]
    np.testing.assert_allclose(exact, floats, rtol=4e-15)
    if name in ("own", "own, warm"):
        shape = shape_of(schedule, horizon=N)
        assert float(shape.clock) * 0.3 == pytest.approx(right.mean(), abs=2 * 0.3 / N)


@pytest.mark.parametrize("name", [*CASES, *LATE])
@pytest.mark.parametrize("peak", ["19/20", pytest.param("3/10", marks=pytest.mark.slow)])
def test_panels_and_stages_are_the_recursion(name, peak):
    """In the middle of the stable range, and near its edge: kappa is 0.98 at the peak 19/20."""
    schedule, definition = {**CASES, **LATE}[name]
    schedule = schedule.with_step_size(Fraction(peak))
    places, N, batch, noise = np.arange(1.0, 13), 12_000, 2, 0.5
    modes = Modes(position=places**-2, signal=places**-2.4, kernel=places**-4, floor=0.01, paired=False)
    sizes = [float(Fraction(peak)) / 0.3 * definition(s, N) for s in range(N)]
    right = recursion(
        modes.position, modes.signal, modes.kernel, modes.floor, sizes, batch_size=batch, noise=noise
    )
    recorded = (0, 50, 1500, N // 2 + 700, 10_900, 11_300, N - 3, N)
    found = respond(modes, schedule, steps=recorded, horizon=N, batch_size=batch, noise=noise)
    excess = modes.floor + right[list(recorded)].sum(axis=1)
    gaps = np.abs(np.stack([found.bias, found.variance], axis=1) - right[list(recorded)]).max(axis=1) / excess
    assert gaps.max() < 1e-11, gaps


@every
@pytest.mark.parametrize("road", [rc.Equivalent, rc.Exact])
def test_floats_and_digits_of_both_roads(name, road):
    run = rc.Run(SMALL, model_size=4, schedule=CASES[name][0], steps=[0, 25, 50], horizon=400)
    floats, digits = (rc.risk(run, method=road(**words)) for words in ({}, {"digits": 14}))
    np.testing.assert_allclose(digits.excess, floats.excess, rtol=1e-9)


def test_a_long_run_in_digits_where_all_that_moves_is_its_beginning():
    """Panels in float64 against stages in 15 digits: the road that does not take panels, at 1e15 steps."""
    schedule = rc.Warmup(rc.MultiStep("3/10", milestones=["1/2"]), steps=300)
    run = rc.Run(SMALL, model_size=4, schedule=schedule, steps=[10**4, 10**15])
    digits = rc.risk(run, method=rc.Exact(digits=15))
    np.testing.assert_allclose(digits.excess, rc.risk(run, method=rc.Exact()).excess, rtol=1e-10)
    longer = rc.Warmup(rc.MultiStep("3/10", milestones=["1/2"]), steps=30_000)  # no stages
    np.testing.assert_allclose(
        rc.risk(rc.Run(SMALL, model_size=4, schedule=longer, steps=[10**15]), method=rc.Exact()).excess,
        digits.excess[-1:],
        rtol=1e-10,
    )


@pytest.mark.parametrize("name", ["own, warm", "1-sqrt", "drops"])
def test_averages_of_iterates(name):
    run = rc.Run(
        SMALL, model_size=4, schedule=CASES[name][0], steps=[5000, 8000], averaging=rc.TailAverage("1/3")
    )
    listed = rc.Custom(run.schedule.step_sizes(0, 8000, horizon=8000))
    twin = rc.Run(SMALL, model_size=4, schedule=listed, steps=run.steps, averaging=run.averaging)
    found, right = (rc.risk(one, method=rc.Exact()) for one in (run, twin))
    np.testing.assert_allclose(found.excess, right.excess, rtol=1e-10)


@every
def test_the_simulation_follows_it(name):
    """The same streams under the same step sizes, listed."""
    run = rc.Run(SMALL, model_size=4, schedule=CASES[name][0], steps=[0, 60, 250], horizon=400)
    listed = rc.Custom([CASES[name][1](s, 400) for s in range(400)])
    twin = rc.Run(SMALL, model_size=4, schedule=listed, steps=run.steps, horizon=400)
    found, right = (rc.risk(one, method=rc.MonteCarlo(runs=4, seed=3)) for one in (run, twin))
    np.testing.assert_allclose(found.excess, right.excess, rtol=1e-9)


@every
def test_a_curve_in_a_file_says_what_was_asked(name, tmp_path):
    run = rc.Run(SMALL, model_size=4, schedule=CASES[name][0], steps=[0, 50], horizon=400)
    curve = rc.risk(run, method=rc.Exact())
    curve.save(tmp_path / "curve.json")
    read = rc.RiskCurve.load(tmp_path / "curve.json")
    assert read.asked.record["schedule"] == run.schedule.describe()
    assert read.asked.record["schedule"]["step_size"] == "3/10"


def test_the_peak_of_any_of_them_is_tuned():
    schedule = rc.Warmup(rc.Cosine(1, floor="1/10"), steps=5)
    found = rc.tuned_step_size(rc.Run(SMALL, model_size=4, schedule=schedule, steps=[64]), method=rc.Exact())
    assert found.schedule == schedule.with_step_size(found.step_size)
    for factor in (0.9, 1.1):
        other = schedule.with_step_size(factor * found.step_size)
        run = rc.Run(SMALL, model_size=4, schedule=other, steps=[64])
        assert rc.risk(run, method=rc.Exact(), force=True).excess[0] >= found.excess
