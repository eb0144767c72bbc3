"""Loss curves under schedules: what is known of synthetic ones is found, and what they do not show is refused."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.special import zeta

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.fitting.curve_laws import MomentumLaw, MultiPowerLaw
from riskcalc.fitting.loss_curves import Pieces
from riskcalc.fitting.run_times import RunTimes
from riskcalc.fitting.theory_law import TheoryLaw

LAST = 20_000
FLOOR, SIZE, SHARE = 2.5, 3.0, 0.02
SHAPE = np.array([np.log(0.8), -2.0, np.log(SHARE)])  # a = 1.8, tau = e^-2
NOISE = TheoryLaw(tied=True).share(SHAPE)
SCHEDULES = {
    "constant": rc.Constant("3/10000"),
    "cosine": rc.Cosine("3/10000"),
    "wsd": rc.WarmupStableDecay("3/10000", decay="1/5", warmup=0),
    "steps": rc.MultiStep("3/10000", milestones=["1/2", "3/4"], factor="1/3"),
}
STEPS = np.arange(400, LAST + 1, 400)


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
    (columns,) = TheoryLaw(tied=True).design([RunTimes(pieces=pieces, steps=STEPS)], SHAPE[None])
    losses = columns @ [FLOOR, SIZE] * noise(sorted(SCHEDULES).index(name), size)
    return rc.loss_curve(STEPS, losses, SCHEDULES[name], name=name)


@pytest.mark.parametrize("tau, batch", [(0.9, 4.0), (0.3, 1.0), (0.05, 0.2)])
def test_modes_fall_and_are_fed_as_in_the_recursion_of_sgd(tau, batch):
    """In pieces of one step it is that recursion; in longer ones, the same but for what L and g move within a piece."""
    a, b = 1.8, 1.5
    sizes = np.repeat([0.2, 1.0, 0.5, 0.1], [10, 30, 30, 40])
    steps = np.array([10.0, 40.0, 70.0, 75.0, 110.0])
    shape = np.array([np.log(a - 1), np.log(tau), np.log(tau * zeta(a) / (2 * batch)), np.log(b - 1)])
    modes = np.arange(1.0, 40_001)
    beyond = 40_000.5 ** (1 - b) / (b - 1)
    excess = np.stack([np.zeros(modes.size), modes**-b])
    unmoved = np.array([1.0, beyond])
    rows = []
    for size in sizes:
        step = tau * size * modes**-a
        loss = unmoved + excess.sum(axis=1)
        excess = (1 - 2 * step + (1 + 1 / batch) * step**2) * excess + step**2 / batch * loss[:, None]
        rows.append(unmoved + excess.sum(axis=1))
    exact = np.array(rows)[steps.astype(int) - 1]

    def missed(edges):
        total = np.concatenate([[0.0], np.cumsum(sizes)])[edges.astype(int)]
        pieces = Pieces(edges=edges, sizes=np.diff(total) / np.diff(edges))
        run = RunTimes(pieces=pieces, steps=steps)
        (found,) = TheoryLaw(tied=False).design([run], shape[None])
        return np.abs(found / exact - 1).max()

    assert missed(np.arange(111.0)) < 1e-5  # what the sum over modes leaves, see below
    assert missed(np.union1d(np.arange(0, 111.0, 2), steps)) < 0.02 * tau


def test_sums_over_modes():
    """Places and weights of the sum over modes, against sums term by term and their ends."""
    run = RunTimes(pieces=Pieces(edges=np.arange(0, 4001.0, 100), sizes=np.ones(40)), steps=np.array([100.0, 4000.0]))
    for a, b, tau in ((1.3, 1.3, 0.5), (1.6, 1.2, 0.01), (3.0, 3.0, 0.1)):
        shape = np.array([np.log(a - 1), np.log(tau), -60.0, np.log(b - 1)])  # no noise
        (found,) = TheoryLaw(tied=False).design([run], shape[None])
        modes = np.arange(1.0, 400_001)
        fallen = np.log1p(-tau * modes**-a * (2 - tau * modes**-a))
        beyond = 400_000.5 ** (1 - b) / (b - 1)
        exact = [(modes**-b * np.exp(steps * fallen)).sum() + beyond for steps in run.steps]
        np.testing.assert_allclose(found[:, 1], exact, rtol=2e-5)


def test_what_a_step_size_feeds_for_ever():
    law, shape = TheoryLaw(tied=True), np.array([np.log(1.0), np.log(0.5), np.log(0.2)])
    run = RunTimes(pieces=Pieces(edges=np.geomspace(1, 1e8, 400) - 1, sizes=np.ones(399)), steps=np.array([1e8 - 1]))
    (found,) = law.design([run], shape[None])
    assert found[0, 0] == pytest.approx(1 / (1 - law.share(shape)), rel=1e-4)
    modes = np.arange(1.0, 1e6) ** -2.0
    batch = 0.5 * zeta(2) / (2 * 0.2)
    assert law.share(shape) == pytest.approx((0.5 * modes / (batch * 2 - (batch + 1) * 0.5 * modes)).sum(), rel=1e-4)


def test_runs_and_shapes_beside_each_other_are_as_each_alone():
    law, shapes = TheoryLaw(tied=True), np.array([SHAPE, SHAPE + np.array([0.3, -0.5, 0.4])])
    runs = [
        RunTimes(pieces=one.pieces, steps=one.steps)
        for one in (
            rc.loss_curve(STEPS, np.ones(STEPS.size), rc.Constant(1)),
            rc.loss_curve(STEPS[:40], np.ones(40), rc.Cosine("1/2")),
        )
    ]
    together = law.design(runs, shapes)
    for place, shape in enumerate(shapes):
        alone = np.vstack([law.design([run], shape[None])[0] for run in runs])
        np.testing.assert_allclose(together[place], alone, rtol=1e-4)


def test_what_is_known_is_found():
    fit = rc.fit_curves([made("constant"), made("cosine")])
    assert fit.source_rate == pytest.approx(0.8 / 1.8, rel=3e-5)
    assert fit.floor == pytest.approx(FLOOR, rel=1e-5)
    assert fit.error_on([made("wsd"), made("steps")]) < 1e-5
    assert "one point of a valley" in str(fit)
    for name, truth in (("source_rate", 0.8 / 1.8), ("floor", FLOOR), ("noise", FLOOR * NOISE / (1 - NOISE))):
        low, high = fit.intervals[name]
        assert low <= truth <= high


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
@pytest.mark.parametrize("size, missed, width", [("1/100", 2e-5, 5e-3), ("1/20", 2e-4, 0.06)])
def test_the_exact_recursion_at_finite_steps_is_found(size, missed, width):
    """Exact risks, without noise: s, floor and a loss to come are within limits that what pieces leave out makes."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a="8/5"), signal=rc.PowerLawSignal(b="8/5"), noise=2)

    def curve(name, schedule):
        run = rc.Run(problem, model_size="1e8", schedule=schedule, steps=[int(step) for step in STEPS])
        return rc.loss_curve(STEPS, rc.risk(run).risk, schedule, name=name)

    wsd = rc.WarmupStableDecay(size, decay="1/5", warmup=0)
    held_out = curve("wsd", wsd)
    fit = rc.fit_curves([curve("constant", rc.Constant(size)), curve("cosine", rc.Cosine(size))])
    assert fit.error_on([held_out]) < missed
    there = fit.predict(wsd, [LAST])
    assert there.low[0] <= held_out.losses[-1] <= there.high[0]
    for name, truth in (("source_rate", 3 / 8), ("floor", 2.0)):
        low, high = fit.intervals[name]
        assert low <= truth <= high
        assert high - low < width


@pytest.mark.parametrize("told", [True, False])
def test_residuals_that_go_on_are_told(told):
    """As of a law that misses something: a slow wave along both curves, or noise that is soon over."""
    wave, quick = np.sin(STEPS / 4000.0), np.random.default_rng(0).standard_normal(STEPS.size)
    apart = np.exp(2e-3 * (wave if told else quick))
    names = ("constant", "cosine") if told else ("cosine",)
    fit = rc.fit_curves([rc.loss_curve(STEPS, made(name).losses * apart, SCHEDULES[name]) for name in names])
    assert any("go on for whole runs" in note for note in fit.notes) == told


def test_a_constant_step_size_alone_is_refused():
    with pytest.raises(InvalidInput, match=r"no step size falls below 80 % .* give one run whose step size decays"):
        rc.fit_curves([made("constant")])


def test_curves_that_rise_are_refused():
    rising = rc.loss_curve(STEPS, 2 + STEPS / 1e4, SCHEDULES["cosine"])
    with pytest.raises(InvalidInput, match="these curves rise"):
        rc.fit_curves([rising])


@pytest.mark.slow
def test_curves_without_a_loss_that_falls_say_little():
    """Noise alone: limits of the source exponent reach over all that the law allows."""
    drawn = np.random.default_rng(0).standard_normal(20)
    fit = rc.fit_curves([rc.loss_curve(STEPS[:20], 2 * np.exp(0.01 * drawn), SCHEDULES["cosine"])])
    low, high = fit.intervals["source_rate"]
    assert low == 0
    assert high > 2


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
            sum(falls[k] * (1 - (1 + 0.3 * sizes[k] ** -0.4 * sizes[k:step].sum()) ** -0.7) for k in range(1, step))
        )
    total = np.cumsum(sizes)[[39, 59, 79]]
    run = RunTimes(pieces=pieces, steps=steps)
    (found,) = MomentumLaw().design([run], np.log([[0.5]]))
    np.testing.assert_allclose(found, np.column_stack([np.ones(3), total**-0.5, -np.array(momentum)]), rtol=1e-9)
    (found,) = MultiPowerLaw().design([run], np.array([[np.log(0.5), np.log(0.3), np.log(0.7), 0.4]]))
    np.testing.assert_allclose(found, np.column_stack([np.ones(3), total**-0.5, -np.array(reduced)]), rtol=1e-9)


@pytest.mark.parametrize(
    "change, says",
    [
        ({"steps": STEPS[:5], "losses": np.ones(5)}, "has 5 records"),
        ({"losses": -np.ones(STEPS.size)}, "losses of curve must be positive"),
        ({"steps": STEPS[::-1]}, "whole and ascend"),
        ({"steps": STEPS + 0.5}, "whole and ascend"),
        ({"schedule": np.ones(3)}, "one at each record"),
        ({"schedule": np.zeros(STEPS.size)}, "not all zero"),
        ({"schedule": np.ones(STEPS.size), "warmup": 500}, "over after the first record"),
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
