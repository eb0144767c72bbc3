"""The error that a curve states covers the true one, and is not absurdly above it. Source: D37.

The truth: the same road with many digits, which takes the input exactly; for averages of iterates, and step by step, a
recursion in long doubles written here.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics import Resolution, respond, verification
from riskcalc.errors import InvalidInput, RiskcalcError, ToleranceNotMet
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch

WEIGHTS = ("position", "signal", "kernel")
SPARE = 500.0  # the median of stated over true: of answers right to the last bit 64 + 256 + 4 * 8 * 2 roundings


def laws(a, b, v, noise=0):
    return rc.Problem(spectrum=rc.PowerLaw(a=a, dimension=v), signal=rc.PowerLawSignal(b=b), noise=noise)


def true_error(curve, decimals):
    """Largest relative error of the floats against text."""
    pairs = [(Fraction(float(x)), Fraction(y)) for x, y in zip(curve.excess, decimals, strict=True)]
    return max(float(abs(x - y) / y) for x, y in pairs)


def assert_covered(run, road, precise):
    curve = rc.risk(run, method=road)
    true = true_error(curve, rc.risk(run, method=precise).decimals["excess"])
    assert true <= curve.error <= road.tolerance
    return curve, true


# (a, b, v, B, step size, t), M = 1: contours laid for the same accuracy agreed on the same wrong digits
NARROW = laws("2.48", "3.98", 30)


@pytest.mark.parametrize("tolerance", [1e-9, 1e-12])
def test_two_contours_that_are_wrong_alike(tolerance):
    run = rc.Run(NARROW, model_size=1, batch_size=75253, schedule=rc.Constant("0.388016498"), steps=[3])
    assert_covered(run, rc.Equivalent(tolerance=tolerance), rc.Equivalent(digits=30))


@pytest.mark.parametrize("gap, known", [(1e-2, True), (1e-6, False)])
def test_a_check_that_is_wrong_by_just_its_own_move(gap, known):
    """Then the two agree to the last digit, and show nothing: what the move does is counted on its own."""
    positions = np.array([1.0, 0.5, 0.1])
    modes = verification.Modes(
        position=positions, signal=np.ones(3), kernel=positions**2, floor=0.1, paired=False, floor_error=0.0
    )
    low, high = 0.1, 1.0
    for _ in range(60):  # the step size with kappa = 1 - gap
        step = (low + high) / 2
        low, high = (step, high) if modes.feedback(step, 1) < 1 - gap else (low, step)
    moved = verification.disturbed(modes, step_size=step, batch_size=1)
    back = {name: 2 * getattr(modes, name) - getattr(moved, name) for name in WEIGHTS}
    resolutions = [
        Resolution(lay=lambda: replace(modes, **back), nodes=28, degree=16),
        Resolution(lay=lambda: modes, nodes=30, degree=19),
    ]
    run = rc.Run(laws(1, 1, 3), model_size=1, schedule=rc.Constant(Fraction(step)), steps=[10**8])
    if known:
        assert verification.verified(run, resolutions, tolerance=1e-9, stepwise=False).error < 1e-9
    else:
        with pytest.raises(ToleranceNotMet, match="e-08 relative at best"):
            verification.verified(run, resolutions, tolerance=1e-9, stepwise=False)


def test_an_explicit_spectrum_and_one_feature():
    rng = np.random.default_rng(0)
    eigenvalues, target = rng.uniform(0, 1, 177), rng.normal(size=177)
    problem = rc.Problem(spectrum=rc.ExplicitSpectrum(eigenvalues), signal=rc.ExplicitSignal(target))
    run = rc.Run(problem, model_size=1, batch_size=100498, schedule=rc.Constant("1/300"), steps=[10])
    assert_covered(run, rc.Equivalent(), rc.Equivalent(digits=20))


def test_one_eigenvalue_far_above_the_others():
    rng = np.random.default_rng(0)
    eigenvalues, target = rng.uniform(0, 1, 40), rng.normal(size=40)
    eigenvalues[0] = 1e8
    problem = rc.Problem(spectrum=rc.ExplicitSpectrum(eigenvalues), signal=rc.ExplicitSignal(target))
    run = rc.Run(problem, model_size=8, batch_size=4, schedule=rc.Constant("1e-9"), steps=[10, 1000])
    assert_covered(run, rc.Equivalent(), rc.Equivalent(digits=20))


def test_large_batches_close_to_the_edge():
    probe = rc.Run(laws(2, 3, 50), model_size=4, batch_size=10_000, schedule=rc.Constant("1/2"), steps=[10, 1000])
    for share in (0.999, 0.9999):
        schedule = rc.Constant(share * _largest(probe, rc.Equivalent()))
        run = rc.Run(probe.problem, model_size=4, batch_size=10_000, schedule=schedule, steps=probe.steps)
        assert_covered(run, rc.Equivalent(), rc.Equivalent(digits=20))


def test_rows_of_a_ragged_spectrum_in_any_order():
    rng = np.random.default_rng(5)
    eigenvalues, target = 10.0 ** rng.uniform(-10, 0, 16), rng.normal(size=16)
    problem = rc.Problem(spectrum=rc.ExplicitSpectrum(eigenvalues), signal=rc.ExplicitSignal(target))
    run = rc.Run(problem, model_size=13, schedule=rc.Constant("0.18"), steps=[10**6, 4 * 10**10])
    assert_covered(run, rc.Exact(seed=0), rc.Exact(seed=0, digits=25))
    # the same modes to the last bit: reflections see the rows in falling order of size
    sketch = gaussian_sketch(model_size=13, dimension=16, seed=0)
    order = np.argsort(-eigenvalues)
    falling = rc.Problem(spectrum=rc.ExplicitSpectrum(eigenvalues[order]), signal=rc.ExplicitSignal(target[order]))
    here, there = sketch_modes(problem, sketch), sketch_modes(falling, sketch[:, order])
    assert np.array_equal(here.position, there.position)
    assert here.floor == there.floor


def _largest(run, road):
    from riskcalc.landscape import Landscape

    return Landscape(run, road).largest_step_size


def random_run(rng, exact):
    """A problem of any kind that many digits answer quickly, and its road; None where it is not valid."""
    a = rng.choice([rng.uniform(1.1, 4), 2.0, 1.5, 3.0])
    b = rng.choice([rng.uniform(1.2, 6), a, a + 1, a + 1.001, 2 * a + 1])
    v = int(np.exp(rng.uniform(np.log(2), np.log(60))))
    noise = rng.choice([0, 1, 1e-3])
    problem = laws(a, b, v, noise)
    if rng.random() < 0.3:
        eigenvalues = 10.0 ** rng.uniform(-rng.uniform(0, 9), 0, v)
        target = rng.normal(size=v) * eigenvalues ** rng.uniform(-0.5, 0.5)
        problem = rc.Problem(
            spectrum=rc.ExplicitSpectrum(eigenvalues), signal=rc.ExplicitSignal(target), noise=noise
        )
    elif not exact and rng.random() < 0.5:
        problem = laws(a, b, None, noise)
    most = 20 if exact else 10**8
    most = min(most, v if exact else v - 1) if problem.dimension else most
    size = max(1, round(np.exp(rng.uniform(0, np.log(max(1, most))))))
    batch = round(10 ** rng.uniform(0, 6)) if rng.random() < 0.5 else 1
    road = rc.Exact(seed=int(rng.integers(100))) if exact else rc.Equivalent()
    steps = [int(10 ** rng.uniform(0, 15)) for _ in range(2)]
    fraction = rng.choice([rng.uniform(0.01, 0.9), 0.9, 10 ** rng.uniform(-4, -1)])
    kind = rng.choice(["constant", "constant", "geometric", "cosine"]) if exact else "constant"
    if kind != "constant":
        steps = [int(10 ** rng.uniform(0, 2.3)) for _ in range(2)]
    try:
        probe = rc.Run(
            problem, model_size=size, batch_size=batch, schedule=rc.Constant("1e-9"), steps=sorted({*steps, 0})
        )
        peak = float(fraction * _largest(probe, road))
        schedule = {"constant": rc.Constant, "geometric": rc.Geometric, "cosine": rc.Cosine}[kind](peak)
        return rc.Run(problem, model_size=size, batch_size=batch, schedule=schedule, steps=probe.steps), road
    except RiskcalcError:
        return None


def ratios(rng, count, *, exact):
    """stated over true of so many random problems, every one of them at least 1."""
    found = []
    while len(found) < count:
        drawn = random_run(rng, exact)
        if drawn is None:
            continue
        run, road = drawn
        precise = rc.Exact(seed=road.seed, digits=20) if exact else rc.Equivalent(digits=18)
        try:
            truth = rc.risk(run, method=precise).decimals["excess"]
        except (InvalidInput, ToleranceNotMet):
            continue  # decayed to below 1e-10000
        curve = rc.risk(run, method=road)
        if min(float(text) for text in truth) < 1e-280:
            continue
        true = true_error(curve, truth)
        assert true <= curve.error <= road.tolerance, (run, road, true, curve.error)
        # by how much a number that is right to its last bit is right is chance, and at least 64 eps are stated
        found.append(curve.error / max(true, np.finfo(float).eps))
    return found


@pytest.mark.parametrize("exact, count", [(True, 40), (False, 4)], ids=["exact", "equivalent"])
def test_random_problems(exact, count):
    assert np.median(ratios(np.random.default_rng(7), count, exact=exact)) < SPARE


@pytest.mark.slow
@pytest.mark.parametrize("exact, count", [(True, 800), (False, 300)], ids=["exact", "equivalent"])
@pytest.mark.parametrize("seed", range(2))
def test_many_random_problems(exact, count, seed):
    assert np.median(ratios(np.random.default_rng(100 + seed), count, exact=exact)) < SPARE


def long_double_excess(run, modes_of):
    """Last iterate and the mean of all iterates, step by step in long doubles, for an identity sketch."""
    eigenvalues, power = modes_of
    size, batch, noise = run.schedule, np.longdouble(run.batch_size), np.longdouble(float(run.problem.noise))
    x = [power.copy(), np.zeros_like(power)]
    c, total = [np.zeros_like(power), np.zeros_like(power)], [np.longdouble(0)] * 2
    last, mean = {}, {}
    sizes = size.step_sizes(0, run.steps[-1], horizon=run.horizon).astype(np.longdouble)
    for step in range(run.steps[-1] + 1):
        if step in run.steps:
            last[step] = sum(part.sum() for part in x)
            mean[step] = sum(total) / np.longdouble(max(step, 1)) ** 2 if step else last[step]
        if step == run.steps[-1]:
            break
        gamma = sizes[step]
        q = 1 - 2 * gamma * eigenvalues + (1 + 1 / batch) * (gamma * eigenvalues) ** 2
        for k, drive in enumerate((np.longdouble(0), noise)):
            now = x[k].sum()
            total[k] = total[k] + 2 * c[k].sum() + now
            c[k] = (1 - gamma * eigenvalues) * (c[k] + x[k])
            x[k] = q * x[k] + gamma**2 / batch * eigenvalues**2 * (now + drive)
    return last, mean


@pytest.mark.parametrize("averaging", [rc.LastIterate(), rc.IterateAverage()], ids=["last", "mean"])
@pytest.mark.parametrize("kind", [rc.Constant, rc.Geometric, rc.Cosine], ids=lambda kind: kind.__name__)
def test_averages_and_single_steps_against_long_doubles(kind, averaging):
    rng = np.random.default_rng(11)
    for fraction in (0.3, 0.9):
        eigenvalues = 10.0 ** rng.uniform(-5, 0, 12)
        problem = rc.Problem(
            spectrum=rc.ExplicitSpectrum(eigenvalues), signal=rc.ExplicitSignal(rng.normal(size=12)), noise=0.25
        )
        probe = rc.Run(problem, model_size=12, batch_size=2, schedule=rc.Constant("1e-3"), steps=[0, 7, 90, 2500])
        peak = float(fraction * _largest(probe, rc.Unsketched()))
        run = rc.Run(
            problem, model_size=12, batch_size=2, schedule=kind(peak), steps=probe.steps, averaging=averaging
        )
        curve = rc.risk(run, method=rc.Unsketched())
        exact = eigenvalues.astype(np.longdouble)
        found = long_double_excess(run, (exact, exact * problem.signal.values.astype(np.longdouble) ** 2))
        truth = found[0 if isinstance(averaging, rc.LastIterate) else 1]
        errors = [abs(float((curve.excess[place] - truth[t]) / truth[t])) for place, t in enumerate(run.steps)]
        assert max(errors) <= curve.error <= 1e-9


def test_what_float64_cannot_tell_is_computed_with_more_digits():
    run = rc.Run(laws(2, 3, 40, "1/10"), model_size=4, schedule=rc.Cosine("0.1"), steps=[3, 50])
    whole = rc.Run(laws(2, 3, 40, "1/10"), model_size=40, schedule=rc.Cosine("0.1"), steps=[3, 50])
    for asked, road in (
        (run, rc.Equivalent(tolerance=1e-15)),
        (run, rc.Exact(seed=1, tolerance=1e-15)),
        (run, rc.Exact(seed=1, sketches=2, tolerance=1e-15)),
        (whole, rc.Unsketched(tolerance=1e-15)),
    ):
        curve = rc.risk(asked, method=road)
        assert "not to the tolerance 1e-15" in curve.method["escalated"]
        assert curve.error <= 1e-15
        assert curve.decimals is None
        assert np.abs(curve.excess / rc.risk(asked, method=_loose(road)).excess - 1).max() < 1e-12
        assert rc.RiskCurve.from_json(curve.to_json()) == curve
    fine = rc.risk(run, method=rc.Equivalent(tolerance=1e-30))
    assert fine.error <= 1e-30
    assert fine.decimals["excess"] == rc.risk(run, method=rc.Equivalent(digits=31)).decimals["excess"]


def _loose(road):
    return {
        rc.Equivalent: rc.Equivalent(),
        rc.Exact: rc.Exact(seed=1, sketches=getattr(road, "sketches", 1)),
        rc.Unsketched: rc.Unsketched(),
    }[type(road)]


def test_both_reasons_are_named_where_more_digits_fail_too():
    mean = rc.Run(
        laws(2, 3, 40), model_size=4, schedule=rc.Cosine("0.1"), steps=[10**7], averaging=rc.IterateAverage()
    )
    short = replace(mean, steps=(50,), horizon=50)
    for road in (rc.Equivalent(tolerance=1e-15), rc.Exact(tolerance=1e-15)):
        with pytest.raises(ToleranceNotMet, match=r"float64 knows .* more digits do not answer: .*10000000 steps"):
            rc.risk(mean, method=road)
        assert rc.risk(short, method=road).method["escalated"].startswith("float64 knows")


def test_no_safety_factor_no_cover(monkeypatch):
    """The control: what the difference alone says is beaten by random problems."""
    monkeypatch.setattr(verification, "_SAFETY", 0.0)
    with pytest.raises(AssertionError):
        ratios(np.random.default_rng(7), 40, exact=True)


@pytest.mark.parametrize("share", [0.5, 0.999])
def test_what_is_uncertain_in_the_modes_is_stated_as_amplified(share, monkeypatch):
    """Modes known to 1e-9 only: the error covers every choice within that, and not by much more than needed."""
    problem = laws(1, 2, 6, "1/10")
    probe = rc.Run(problem, model_size=6, schedule=rc.Constant("1e-3"), steps=[300])
    (modes,) = rc.Unsketched().modes(probe)
    schedule = rc.Cosine(float(share * _largest(probe, rc.Unsketched())))
    run = rc.Run(problem, model_size=6, schedule=schedule, steps=[300], horizon=3000)

    def excess(used):
        found = respond(used, schedule, steps=(300,), horizon=3000, batch_size=1, noise=0.1)
        return found.bias[0] + found.variance[0]

    def stated():
        loose = replace(modes, uncertainty=1e-9)
        both = [Resolution(lay=lambda: loose, nodes=28, degree=16), Resolution(lay=lambda: loose, nodes=30, degree=19)]
        return verification.verified(run, both, tolerance=0.5, stepwise=False).error

    rng, start = np.random.default_rng(2), excess(modes)

    def moved():
        signs = rng.choice([-1.0, 1.0], size=(3, 6))
        pairs = zip(WEIGHTS, signs, strict=True)
        return replace(modes, **{name: getattr(modes, name) * (1 + 1e-9 * row) for name, row in pairs})

    moves = [excess(moved()) for _ in range(50)]
    true = max(abs(move / start - 1) for move in moves)
    assert true <= stated() <= 20 * true
    monkeypatch.setattr(verification, "disturbed", lambda modes, **_: modes)  # the control: not amplified, not covered
    assert stated() < true


def test_an_outgrown_factorisation_is_refused_before_it_is_drawn(monkeypatch):
    monkeypatch.setattr("riskcalc.exact.given_sketch.memory_at_hand", lambda: 10**10)
    run = rc.Run(laws(2, 3, 50_000), model_size=9_000, schedule=rc.Constant("0.1"), steps=[10])
    with pytest.raises(InvalidInput, match=r"needs about 11.4 GB of memory, and 10 GB are left"):
        rc.risk(run, method=rc.Exact())


@pytest.mark.parametrize(
    "batch, fraction, steps",
    [
        (10**12, 1 - 1e-6, 4),
        (10**9, 1 - 1e-9, 4),
        (10**9, 1 - 1e-6, 2),
        (10**6, 1 - 1e-9, 4),
        (10**5, 0.9999, 4),
        (9, 0.99, 7),
    ],
)
def test_an_average_of_iterates_that_cancel_is_known_or_refused(batch, fraction, steps):
    """One mode, whose iterates change sign at every step: the mean of a few is far smaller than each of them."""
    eigenvalue, size = Fraction(1.1), float(fraction * 2 / (1 + 2 / batch) / 1.1)
    gamma = Fraction(size)
    factor = 1 - 2 * gamma * eigenvalue + gamma**2 * eigenvalue**2 * (1 + Fraction(2, batch))
    places = [(i, k) for i in range(steps) for k in range(steps)]
    apart = [factor ** min(i, k) * (1 - gamma * eigenvalue) ** abs(i - k) for i, k in places]
    exact = eigenvalue * sum(apart) / steps**2
    run = rc.Run(
        rc.Problem(spectrum=rc.ExplicitSpectrum([1.1]), signal=rc.ExplicitSignal([1])),
        model_size=1,
        batch_size=batch,
        schedule=rc.Constant(size),
        steps=[steps],
        averaging=rc.IterateAverage(),
    )
    for tolerance in (1e-9, 1e-2):
        try:
            curve = rc.Unsketched(tolerance=tolerance).curve(run)
        except ToleranceNotMet:
            assert tolerance == 1e-9
            continue
        assert abs(Fraction(float(curve.excess[0])) / exact - 1) <= curve.error <= tolerance


def test_a_forced_run_that_outgrows_floats_states_no_error():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=20), signal=rc.PowerLawSignal(b=3))
    run = rc.Run(problem, model_size=4, schedule=rc.Constant(5), steps=[0, 10, 10**4])
    for road in (rc.Exact(seed=0), rc.Equivalent()):
        curve = road.curve(run, force=True)
        assert np.isinf(curve.excess[-1])
        assert curve.error is None
