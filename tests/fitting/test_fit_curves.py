"""Loss curves under schedules: what is known of synthetic ones is found, and what they do not show is refused."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.fitting.curve_laws import MomentumLaw, MultiPowerLaw, TheoryLaw, _kernels
from riskcalc.fitting.loss_curves import Pieces

LAST = 20_000
FLOOR, SIZE, NOISE = 2.5, 3.0, 0.02
SHAPE = np.array([np.log(0.8), -2.0])  # a = 1.8, tau = e^-2
SCHEDULES = {
    "constant": rc.Constant("3/10000"),
    "cosine": rc.Cosine("3/10000"),
    "wsd": rc.WarmupStableDecay("3/10000", decay="1/5", warmup=0),
    "steps": rc.MultiStep("3/10000", milestones=["1/2", "3/4"], factor="1/3"),
}
STEPS = np.arange(200, LAST + 1, 200)


def noise(seed, size):
    drawn = np.random.default_rng(seed).standard_normal(STEPS.size)
    for place in range(1, STEPS.size):
        drawn[place] = 0.7 * drawn[place - 1] + np.sqrt(0.51) * drawn[place]
    return np.exp(size * drawn)


@cache
def made(name, size=0.0):
    """Of the law itself: its columns with known coefficients, and correlated noise."""
    empty = rc.loss_curve(STEPS, np.ones(STEPS.size), SCHEDULES[name], name=name)
    pieces = Pieces(edges=empty.pieces.edges, sizes=empty.pieces.sizes / 3e-4)
    columns = TheoryLaw(tied=True).design(pieces, STEPS, SHAPE)
    losses = columns @ [FLOOR, SIZE, NOISE] * noise(sorted(SCHEDULES).index(name), size)
    return rc.loss_curve(STEPS, losses, SCHEDULES[name], name=name)


def test_the_noise_kernel_is_the_recursion_of_its_modes():
    """v <- v e^(-2 z dT) + (z/2)(1 - e^(-2 z dT)) g, block by block, over many modes."""
    pieces = Pieces(edges=np.array([0.0, 10, 30, 60, 100]), sizes=np.array([0.2, 1.0, 0.5, 0.1]))
    steps = np.array([10.0, 30.0, 60.0, 100.0])
    a, tau = 1.8, np.exp(-2.0)
    found = TheoryLaw(tied=True).design(pieces, steps, SHAPE)
    modes = np.arange(1.0, 200_001) ** -a
    time = mass = np.zeros_like(modes)
    rows = []
    for length, size in zip(np.diff(pieces.edges), pieces.sizes, strict=True):
        passed = np.exp(-2 * modes * tau * size * length)
        mass = mass * passed + modes / 2 * (1 - passed) * size
        time = time + tau * size * length
        tail = 200_000.5 ** (1 - a) / (a - 1)
        rows.append([1.0, (modes * np.exp(-2 * modes * time)).sum() + tail, mass.sum()])
    np.testing.assert_allclose(found, rows, rtol=3e-4)


def test_what_is_known_is_found():
    fit = rc.fit_curves([made("constant"), made("cosine")])
    assert fit.source_rate == pytest.approx(0.8 / 1.8, rel=0.01)
    assert fit.floor == pytest.approx(FLOOR, rel=1e-3)
    assert fit.error_on([made("wsd"), made("steps")]) < 5e-4
    assert "one point of a valley" in str(fit)


@pytest.mark.slow
def test_noisy_curves_predict_another_schedule():
    fit = rc.fit_curves([made("constant", 0.003), made("cosine", 0.003)])
    assert fit.error_on([made("wsd"), made("steps")]) < 0.006
    low, high = fit.intervals["source_rate"]
    assert low < 0.8 / 1.8 < high
    low, high = fit.intervals["floor"]
    assert low < FLOOR < high
    there = fit.predict(SCHEDULES["wsd"], [LAST])
    assert there.low[0] < made("wsd").losses[-1] < there.high[0]
    assert fit.extrapolate(LAST)["cosine"] == pytest.approx(made("cosine").losses[-1], rel=0.003)
    schedule, best = fit.best_schedule(LAST)
    assert best <= min(fit.predict(one, [LAST]).loss[0] for one in SCHEDULES.values()) + 1e-4
    assert fit.predict(schedule, [LAST]).loss[0] == pytest.approx(best, rel=1e-3)
    compared = fit.compare([made("wsd")])
    assert set(compared) == {"theory, b = a", "momentum law", "multi-power law"}
    assert compared["theory, b = a"] == fit.error_on([made("wsd")])


@pytest.mark.slow
def test_the_exact_recursion_at_finite_steps_is_predicted():
    """Of SGD with steps far from small: the law is the limit of small ones, and its noise is an effective one."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a="8/5"), signal=rc.PowerLawSignal(b="8/5"), noise="1/10")

    def curve(name, schedule):
        run = rc.Run(problem, model_size="1e8", schedule=schedule, steps=[int(step) for step in STEPS])
        return rc.loss_curve(STEPS, 2 + np.asarray(rc.risk(run).excess), schedule, name=name)

    train = [curve("constant", rc.Constant("1/10")), curve("cosine", rc.Cosine("1/10"))]
    holdout = curve("wsd", rc.WarmupStableDecay("1/10", decay="1/5", warmup=0))
    fit = rc.fit_curves(train)
    assert fit.error_on([holdout]) < 0.002
    assert fit.floor == pytest.approx(2, abs=0.02)
    assert fit.source_rate == pytest.approx(3 / 8, abs=0.03)


def test_a_constant_step_size_alone_is_refused():
    with pytest.raises(InvalidInput, match=r"no step size falls below 80 % .* give one run whose step size decays"):
        rc.fit_curves([made("constant")])


def test_published_laws_are_as_their_formulas():
    """Step by step, as printed."""
    sizes = np.concatenate([np.full(40, 1.0), np.linspace(1, 0.1, 40)])
    pieces = Pieces(edges=np.arange(81.0), sizes=sizes)
    steps = np.array([40.0, 60.0, 80.0])
    falls = np.concatenate([[0.0], -np.diff(sizes)])
    momentum, reduced = [], []
    for step in (40, 60, 80):
        inner = [sum(falls[k] * 0.999 ** (i - k) for k in range(1, i + 1)) for i in range(step)]
        momentum.append(sum(inner))
        reduced.append(
            sum(
                falls[k] * (1 - (1 + 0.3 * sizes[k] ** -0.4 * sizes[k:step].sum()) ** -0.7)
                for k in range(1, step)
            )
        )
    total = np.cumsum(sizes)[[39, 59, 79]]
    found = MomentumLaw().design(pieces, steps, np.log([0.5]))
    np.testing.assert_allclose(found, np.column_stack([np.ones(3), total**-0.5, -np.array(momentum)]), rtol=1e-9)
    found = MultiPowerLaw().design(pieces, steps, np.array([np.log(0.5), np.log(0.3), np.log(0.7), 0.4]))
    np.testing.assert_allclose(found, np.column_stack([np.ones(3), total**-0.5, -np.array(reduced)]), rtol=1e-9)


@pytest.mark.slow
def test_tables_of_kernels_are_their_sums():
    kernel = _kernels(1.5, 1.7, 9)
    modes = np.arange(1.0, 2_000_001)
    for time in (0.0, 0.3, 40.0, 3000.0):
        bias = (modes**-1.7 * np.exp(-2 * time * modes**-1.5)).sum() + 2_000_000.5**-0.7 / 0.7
        noise = ((modes**-1.5 * np.exp(-2 * time * modes**-1.5)).sum() + 2_000_000.5**-0.5 / 0.5) / 2
        assert kernel.bias(np.array([time]))[0] == pytest.approx(bias, rel=3e-4)
        assert kernel.noise(np.array([time]))[0] == pytest.approx(noise, rel=3e-4)


@pytest.mark.parametrize(
    "change, says",
    [
        ({"steps": STEPS[:5], "losses": np.ones(5)}, "has 5 records"),
        ({"losses": -np.ones(STEPS.size)}, "losses of curve must be positive"),
        ({"steps": STEPS[::-1]}, "whole and ascend"),
        ({"steps": STEPS + 0.5}, "whole and ascend"),
        ({"schedule": np.ones(3)}, "one at each record"),
        ({"schedule": np.zeros(STEPS.size)}, "not all zero"),
        ({"schedule": np.ones(STEPS.size), "warmup": 300}, "over after the first record"),
        ({"name": 3}, "name must be text"),
    ],
)
def test_what_is_no_curve_is_refused(change, says):
    given = {"steps": STEPS, "losses": np.ones(STEPS.size), "schedule": SCHEDULES["cosine"], **change}
    with pytest.raises(InvalidInput, match=says):
        rc.loss_curve(given.pop("steps"), given.pop("losses"), given.pop("schedule"), **given)


def test_what_is_no_list_of_curves_is_refused():
    for wrong in ([], ["cosine.csv"], 3):
        with pytest.raises(InvalidInput):
            rc.fit_curves(wrong)


def test_a_log_is_read_with_its_warm_up(tmp_path):
    path = tmp_path / "log.csv"
    rows = [f"{step};{4 - step / 1e5};{3e-4}".replace(".", ",") for step in STEPS]
    path.write_text("\n".join(["Step;Train Loss;Learning Rate", *rows]))
    curve = rc.load_curve(path, warmup=100)
    assert curve.name == "log"
    np.testing.assert_allclose(curve.losses, 4 - STEPS / 1e5)
    assert curve.pieces.sizes[0] < 2e-4 < curve.pieces.sizes[-1]
    assert float(curve.pieces.sizes @ np.diff(curve.pieces.edges)) == pytest.approx(3e-4 * (LAST - 50))
    assert list(rc.load_curves(tmp_path, pattern="l*.csv")) == ["log"]
    wrong = ((tmp_path, "x*", "is called x"), (path, "*", "no folder"), (tmp_path, "a/b", "pattern"))
    for folder, pattern, says in wrong:
        with pytest.raises(InvalidInput, match=says):
            rc.load_curves(folder, pattern=pattern)
    path.write_text("step,loss\n1,2\n")
    with pytest.raises(InvalidInput, match=r"no column of step sizes \(lr\): call it step_size"):
        rc.load_curve(path)
