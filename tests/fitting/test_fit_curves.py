"""Loss curves under schedules: what is known of synthetic ones is found, and what they do not show is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.special import zeta

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.fitting.curve_laws import MomentumLaw, MultiPowerLaw, TheoryLaw, _kernels
from riskcalc.fitting.loss_curves import Pieces
from riskcalc.fitting.run_times import RunTimes

FITTING = Path(__file__).parents[2] / "docs" / "fitting.md"
LAST = 20_000
FLOOR, SIZE, SHARE = 2.5, 3.0, 0.02
SHAPE = np.array([np.log(0.8), -2.0, np.log(SHARE)])  # a = 1.8, tau = e^-2
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
    columns = TheoryLaw(tied=True).design(RunTimes(pieces=pieces, steps=STEPS), SHAPE)
    losses = columns @ [FLOOR, SIZE] * noise(sorted(SCHEDULES).index(name), size)
    return rc.loss_curve(STEPS, losses, SCHEDULES[name], name=name)


def test_the_loss_feeds_its_noise_as_in_the_recursion_of_its_modes():
    """v <- v e^(-2 z dT) + (z/2)(1 - e^(-2 z dT)) g n L, step by step, over many modes."""
    sizes = np.repeat([0.2, 1.0, 0.5, 0.1], [10, 30, 30, 40])
    pieces = Pieces(edges=np.arange(111.0), sizes=sizes)
    steps = np.array([10.0, 40.0, 70.0, 75.0, 110.0])
    a, tau, share = 1.8, np.exp(-2.0), 0.3
    shape = np.array([np.log(a - 1), np.log(tau), np.log(share)])
    found = TheoryLaw(tied=True).design(RunTimes(pieces=pieces, steps=steps), shape)
    modes = np.arange(1.0, 20_001) ** -a
    beyond = 20_000.5 ** (1 - a) / (a - 1)
    gain = share / (zeta(a) / 2)

    def bias(time):
        return np.array([1.0, (modes * np.exp(-2 * modes * time)).sum() + beyond])

    time, mass, loss, rows = 0.0, np.zeros((2, modes.size)), bias(0.0), {}
    for step, size in enumerate(sizes, 1):
        passed = np.exp(-2 * modes * tau * size)
        before = loss
        for _ in range(3):  # the loss in the middle of a step depends on its end
            fed = mass * passed + modes / 2 * (1 - passed) * size * gain * ((before + loss) / 2)[:, None]
            loss = bias(time + tau * size) + fed.sum(axis=1)
        time, mass = time + tau * size, fed
        rows[float(step)] = loss
    np.testing.assert_allclose(found, [rows[step] for step in steps], rtol=1e-3)


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
    """The law is the limit of small steps; where they are not, the fit says so."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a="8/5"), signal=rc.PowerLawSignal(b="8/5"), noise=2)

    def curve(name, schedule):
        run = rc.Run(problem, model_size="1e8", schedule=schedule, steps=[int(step) for step in STEPS])
        return rc.loss_curve(STEPS, rc.risk(run).risk, schedule, name=name)

    def asked(size):
        fit = rc.fit_curves([curve("constant", rc.Constant(size)), curve("cosine", rc.Cosine(size))])
        return fit, curve("wsd", rc.WarmupStableDecay(size, decay="1/5", warmup=0))

    fit, holdout = asked("1/100")
    assert fit.error_on([holdout]) < 1e-4
    assert fit.floor == pytest.approx(2, abs=1e-3)
    assert fit.source_rate == pytest.approx(3 / 8, abs=2e-3)
    assert not any("steps are not small" in note for note in fit.notes)
    fit, holdout = asked("1/20")
    assert fit.error_on([holdout]) < 5e-3
    assert fit.floor == pytest.approx(2, abs=0.05)
    assert any("steps are not small" in note for note in fit.notes)


@pytest.mark.slow
@pytest.mark.parametrize("correlation", [0.0, 0.7, 0.95])
def test_coverage_of_intervals_of_curves(correlation):
    """Exact risks of SGD with correlated noise on top: how often limits hold s, the floor, and a loss to come.

    The rows of the table of docs/fitting.md, which has to be what is measured here: they are nominal, and it says so.
    """
    sets, size = 60, "1/100"
    problem = rc.Problem(spectrum=rc.PowerLaw(a="8/5"), signal=rc.PowerLawSignal(b="8/5"), noise=2)
    schedules = [rc.Constant(size), rc.Cosine(size), rc.WarmupStableDecay(size, decay="1/5", warmup=0)]
    at = [int(step) for step in STEPS]
    exact = [np.asarray(rc.risk(rc.Run(problem, model_size="1e8", schedule=one, steps=at)).risk) for one in schedules]
    held = dict.fromkeys(("source_rate", "floor", "predicted"), 0)
    for seed in range(sets):
        generator = np.random.default_rng([seed, int(100 * correlation)])
        logs = []
        for schedule, risks in zip(schedules[:2], exact, strict=False):
            drawn = generator.standard_normal(STEPS.size)
            drawn[1:] *= np.sqrt(1 - correlation**2)
            drawn = lfilter([1.0], [1.0, -correlation], drawn)
            logs.append(rc.loss_curve(STEPS, risks * np.exp(0.003 * drawn), schedule))
        fit = rc.fit_curves(logs)
        there = fit.predict(schedules[2], [LAST])
        ends = {**fit.intervals, "predicted": (there.low[0], there.high[0])}
        truths = {"source_rate": 3 / 8, "floor": 2.0, "predicted": exact[2][-1]}
        for name, truth in truths.items():
            held[name] += int(ends[name][0] <= truth <= ends[name][1])
    begin = f"| {correlation:g} |"
    (printed,) = [line for line in FITTING.read_text().splitlines() if line.startswith(begin)]
    told = [float(cell) for cell in printed.removeprefix(begin).strip(" |").split("|")]
    found = [100 * count / sets for count in held.values()]
    assert found == pytest.approx(told, abs=250 / sets)  # to a data set or two, as processors round


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
    run = RunTimes(pieces=pieces, steps=steps)
    found = MomentumLaw().design(run, np.log([0.5]))
    np.testing.assert_allclose(found, np.column_stack([np.ones(3), total**-0.5, -np.array(momentum)]), rtol=1e-9)
    found = MultiPowerLaw().design(run, np.array([np.log(0.5), np.log(0.3), np.log(0.7), 0.4]))
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
