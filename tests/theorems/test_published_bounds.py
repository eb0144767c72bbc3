"""Published bounds beside exact values: the constants they leave open settle along ladders of decades."""

from fractions import Fraction
from math import gamma, pi, sin

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics import Modes, respond
from riskcalc.errors import InvalidInput
from riskcalc.problem import gaussian_sketch
from riskcalc.theorems import (
    Statement,
    bias,
    lemma_62,
    measured_constants,
    theorem_41,
    theorem_42,
    theorem_43,
    theorem_61,
    theorem_63,
    theorem_64,
    theorem_f6,
    variance,
)

LADDER = [10**k for k in (4, 5, 6, 7, 8)]  # short of the time at which a model of 1e12 features has learnt all


def normalised(a, b, dimension, noise=1):
    scale = 1 / float(np.sum(np.arange(1.0, dimension + 1) ** -float(Fraction(a))))
    return rc.Problem(
        spectrum=rc.PowerLaw(a=a, dimension=dimension, scale=scale),
        signal=rc.PowerLawSignal(b=b, scale=scale),
        noise=noise,
    )


def halved(problem, model_size, samples, step_size="1/10"):
    return rc.Run(problem, model_size=model_size, schedule=rc.Geometric(step_size), steps=[samples])


def distances(values, limit):
    return np.abs(np.array(values) / limit - 1)


@pytest.mark.parametrize(
    ("a", "dimension", "ratios"), [("2", 2000, (0.2598, 0.2490, 0.2445)), ("3/2", 20_000, (0.2891, 0.2771, 0.2730))]
)
def test_exact_variance_without_a_sketch_over_the_defined_one(a, dimension, ratios):
    eigenvalues = normalised(a, a, dimension).eigenvalues()
    modes = Modes(
        position=eigenvalues, signal=0 * eigenvalues, kernel=eigenvalues**2, floor=0.0, paired=False
    )
    for samples, ratio in zip((1024, 4096, 16384), ratios, strict=True):
        exact = respond(modes, rc.Geometric("1/10"), steps=(samples,), horizon=samples, batch_size=1, noise=1.0)
        effective = samples / np.log2(samples)
        found = exact.variance[-1] / variance(eigenvalues, time=effective / 10, effective_samples=effective)
        assert f"{found:.4f}" == f"{ratio:.4f}"


@pytest.mark.parametrize(("a", "b"), [("2", "2"), ("2", "3/2"), pytest.param("3", "7/2", marks=pytest.mark.slow)])
def test_constants_of_theorem_42_settle_where_the_theory_says(a, b):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a), signal=rc.PowerLawSignal(b=b), noise=1)
    power, source = float(problem.spectrum.a), float(problem.signal.b)
    theorem = theorem_41 if a == b else theorem_42
    found = measured_constants(theorem, [halved(problem, 1e12, samples) for samples in LADDER])
    # the halving schedule gives sum gamma_t = 2 gamma N_eff, and risk decays as exp(-2 lambda sum gamma_t)
    s = (source - 1) / power
    distance = distances(found.ratios["bias"], gamma(s) / power * 4**-s)
    assert (np.diff(distance) < 0).all()
    assert distance[-1] < distance[0] / 10
    sizes = [halved(problem, size, 16) for size in (1e2, 1e4, 1e6, 1e8)]
    floors = measured_constants(theorem, sizes).ratios["approximation"]
    slope = (pi / power) / sin(pi / power)
    limit = slope ** (source - 1) * (pi / power) / sin(pi * (source - 1) / power)
    distance = distances(floors, limit)
    assert (np.diff(distance) < 0).all()
    assert distance[-1] < distance[0] / 10


def test_constants_of_theorem_f6_settle():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.GaussianPrior(), noise=1)
    runs = [
        rc.Run(problem, model_size=1e9, schedule=rc.Constant("1/10"), steps=[n], averaging=rc.IterateAverage())
        for n in (10**3, 10**5, 10**7)
    ]
    found = measured_constants(theorem_f6, runs)
    for part in ("bias", "variance"):
        changes = np.abs(np.diff(np.log(found.ratios[part])))
        assert changes[1] < changes[0] / 5


def test_theorem_43_on_a_logarithmic_spectrum():
    problem = rc.Problem(spectrum=rc.LogarithmicPowerLaw(a=2), signal=rc.GaussianPrior(), noise=1)
    found = measured_constants(theorem_43, [halved(problem, 1e12, samples) for samples in (10**4, 10**5)])
    # D19: the approximation tends to log^(1-a) M/(a - 1), as slowly as log log over log
    sizes = measured_constants(theorem_43, [halved(problem, size, 10**5) for size in (1e4, 1e8)])
    distance = distances([*sizes.ratios["approximation"], found.ratios["approximation"][1]], 1)
    assert distance[2] < distance[1] < distance[0]
    # the bias is proved from below for N_eff gamma <= M^c only: there its constant moves less than the bias does
    moved = abs(np.log(found.ratios["bias"][1] / found.ratios["bias"][0]))
    assert moved < abs(np.log(found.curves[1].bias[-1] / found.curves[0].bias[-1])) / 4


def test_a_wrong_exponent_does_not_settle():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="5/2"), noise=1)

    def wrong(run):
        right = theorem_42(run)
        terms = right.terms | {"bias": right.terms["bias"] ** 1.02}
        return Statement(theorem="4.2", kind=right.kind, terms=terms)

    found = measured_constants(wrong, [halved(problem, 1e12, samples) for samples in LADDER]).ratios["bias"]
    changes = np.abs(np.diff(np.log(found)))
    assert changes[-1] > changes[0] / 10


@pytest.mark.parametrize(("a", "dimension"), [("2", 1000), ("3/2", 2000)])
def test_theorem_61_encloses_the_excess_up_to_constants_that_do_not_grow(a, dimension):
    problem = normalised(a, a, dimension)
    for size in (30, 100):
        for samples in (256, 4096, 65536):
            run = halved(problem, size, samples)
            below, above = theorem_61(run, sketch_seed=3)
            curve = rc.risk(run, method=rc.Exact(seed=3))
            exact = curve.bias[-1] + curve.variance[-1]
            # Bias lacks gamma^2 l^2 a step, the exact variance is a fifth to a third of the defined one
            assert below.terms["bias"] < curve.bias[-1] < 1.1 * below.terms["bias"]
            assert 0.15 * below.total < exact < above.total


def test_bias_step_by_step_is_bias_by_stages():
    positions, signal = np.array([1.0, 0.3, 0.01]), np.array([0.5, 0.2, 0.1])
    by_stages = bias(positions, signal, rc.Geometric("1/2"), horizon=100)
    sizes = rc.Geometric("1/2").step_sizes(0, 100, horizon=100)
    by_hand = np.sum(signal * np.prod((1 - sizes[:, None] * positions) ** 2, axis=0))
    assert by_stages == pytest.approx(by_hand, rel=1e-12)
    assert bias(positions, signal, rc.Custom(sizes), horizon=100) == pytest.approx(by_hand, rel=1e-12)


def test_approximation_between_its_bounds_over_sizes():
    problem = normalised(2, 2, 4000)
    above, below = [], []
    for size in (10, 40, 160, 640):
        run = rc.Run(problem, model_size=size, schedule=rc.Constant("1/10"), steps=[0])
        approximation = rc.risk(run, method=rc.Exact(seed=1)).approximation
        above.append(approximation / theorem_63(problem, model_size=size).total)
        below.append(approximation / theorem_64(problem, model_size=size).total)
    assert max(above) < 1 < min(below)
    # their orders agree with the truth: from size to size the constants move less than the approximation itself
    moves = np.abs(np.diff(np.log([above[1:], below[1:]])))
    assert (moves < np.log(4) / 4).all()


def test_kept_directions():
    problem = normalised(2, 2, 400)
    every = [theorem_63(problem, model_size=30, kept=k).total for k in range(11)]
    assert theorem_63(problem, model_size=30).total == min(every)
    eigenvalues, target = problem.eigenvalues(), problem.target()
    tail = eigenvalues[4:]
    by_hand = np.sum(tail * target[4:] ** 2)
    by_hand += (tail.sum() / 30 + eigenvalues[4] + np.sqrt(np.sum(tail**2) / 30)) * np.sum(target[:4] ** 2)
    assert every[4] == pytest.approx(by_hand, rel=1e-12)


def test_sketched_spectrum_has_the_order_of_the_spectrum():
    problem = normalised(2, 2, 2000)
    ratios = []
    for size in (20, 80, 320):
        sketch = gaussian_sketch(model_size=size, dimension=problem.dimension, seed=5)
        positions = np.linalg.svd(sketch * np.sqrt(problem.eigenvalues()), compute_uv=False) ** 2
        ratios.append(positions / lemma_62(problem, model_size=size))
    assert all(each.min() > 0.05 and each.max() < 5 for each in ratios)


@pytest.mark.parametrize(
    ("theorem", "changes", "message"),
    [
        (theorem_41, {"b": "5/2"}, "isotropic prior, b = a"),
        (theorem_42, {"b": "3"}, "needs 1 < b < a \\+ 1"),
        (theorem_42, {"schedule": rc.Constant("1/10")}, "halving schedule"),
        (theorem_42, {"batch_size": 2}, "batch size 1, not 2"),
        (theorem_42, {"horizon": 2000}, "record its last step, 2000"),
        (theorem_61, {}, "finite dimension"),
    ],
)
def test_outside_their_range_theorems_refuse(theorem, changes, message):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=changes.pop("b", "2")), noise=1)
    asked = {"model_size": 50, "schedule": rc.Geometric("1/10"), "steps": [1000]} | changes
    with pytest.raises(InvalidInput, match=message):
        theorem(rc.Run(problem, **asked))


def test_averages_and_spectra_are_not_confused():
    logarithmic = rc.Problem(spectrum=rc.LogarithmicPowerLaw(a=2), signal=rc.GaussianPrior(), noise=1)
    with pytest.raises(InvalidInput, match="about power laws"):
        theorem_41(halved(logarithmic, 1e3, 1000))
    power_law = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.GaussianPrior(), noise=1)
    with pytest.raises(InvalidInput, match="LogarithmicPowerLaw"):
        theorem_43(halved(power_law, 1e3, 1000))
    averaged = {"model_size": 50, "schedule": rc.Constant("1/10"), "steps": [1000]}
    with pytest.raises(InvalidInput, match="IterateAverage"):
        theorem_f6(rc.Run(power_law, **averaged))
    tail = averaged | {"schedule": rc.Geometric("1/10"), "averaging": rc.TailAverage("1/2")}
    with pytest.raises(InvalidInput, match="last iterate"):
        theorem_41(rc.Run(power_law, **tail))


def test_other_refusals():
    finite = normalised(2, 2, 100)
    with pytest.raises(InvalidInput, match="use a smaller step"):
        theorem_61(halved(finite, 20, 100, step_size=1))
    with pytest.raises(InvalidInput, match="isotropic prior"):
        theorem_64(normalised(2, "5/2", 100), model_size=10)
    with pytest.raises(InvalidInput, match="kept <= M/3 = 3"):
        theorem_63(finite, model_size=10, kept=4)
    with pytest.raises(InvalidInput, match="exceeds the dimension"):
        theorem_63(finite, model_size=101)
    with pytest.raises(InvalidInput, match="give at least one run"):
        measured_constants(theorem_41, [])
    with pytest.raises(InvalidInput, match="must be a Run"):
        theorem_41("run")


@pytest.mark.parametrize("model_size, resolved", [(1e12, True), (3, False)])
@pytest.mark.parametrize("a", ["3/2", "2", "3"])
def test_theorem_43_by_hand(a, model_size, resolved):
    """Every power of the logarithm, and both sides of the minimum: the directions SGD learns, and all there are."""
    problem = rc.Problem(spectrum=rc.LogarithmicPowerLaw(a=a), signal=rc.GaussianPrior(), noise="1/3")
    samples, power = 10**6, float(Fraction(a))
    effective = samples / np.log2(samples)
    time = effective / 10
    learnt = time / np.log(time) ** power
    assert bool(learnt < model_size) is resolved
    assert theorem_43(halved(problem, model_size, samples)).terms == pytest.approx(
        {
            "approximation": np.log(model_size) ** (1 - power),
            "bias": np.log(time) ** (1 - power),
            "variance": min(model_size, learnt) / effective / 3,
        },
        rel=1e-12,
    )


def test_the_fourth_moment_of_theorem_61_is_the_gaussian_one():
    """E <u, x>^4 = 3 (E <u, x>^2)^2: in the largest step, and in what the signal adds to the noise from above."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(8)
    moment = np.sum(weights * nodes**4) / np.sum(weights * nodes**2) ** 2 * np.sum(weights)
    problem = normalised(2, "3/2", 200, noise="1/4")
    sketch = gaussian_sketch(model_size=20, dimension=200, seed=0)
    trace = np.sum(sketch**2 * problem.eigenvalues())
    below, above = theorem_61(halved(problem, 20, 1024, step_size=0.999 / (moment * trace)))
    drive = moment * problem.signal_power().sum() + 0.25
    assert above.terms["variance"] / below.terms["variance"] == pytest.approx(drive / 0.25, rel=1e-12)
    with pytest.raises(InvalidInput, match="use a smaller step"):
        theorem_61(halved(problem, 20, 1024, step_size=1.001 / (moment * trace)))


def test_the_tail_of_theorem_64_begins_at_the_model_size():
    """sum over i >= M of lambda_i, for w = (1, 1, 1, 1)."""
    problem = rc.Problem(spectrum=rc.ExplicitSpectrum([4, 2, 1, 0.5]), signal=rc.ExplicitSignal([1, 1, 1, 1]))
    assert [theorem_64(problem, model_size=size).total for size in (1, 2, 3, 4)] == [7.5, 3.5, 1.5, 0.5]
