"""What must hold between two answers, whatever the numbers are: no reference is needed for any of it.

Each side is promised within its tolerance, so two of them may differ by the sum of the tolerances and no more.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest

import riskcalc as rc
from tests.oracle.asking import Reply, ask, method_of, run_of, spectrum_of
from tests.oracle.floats80 import longdouble
from tests.oracle.questions import Question, Schedule, Signal, Spectrum
from tests.oracle.reference import dispersion_of, landmarks, real_modes

TOLERANCE = 1e-9  # of each side

RNG = np.random.default_rng(11)
USUAL = Question(
    road="equivalent",
    spectrum=Spectrum(a=Fraction(7, 5), dimension=60),
    signal=Signal(b=Fraction(12, 5)),
    noise=Fraction(1, 7),
    model_size=Fraction(9),
    batch_size=3,
    schedule=Schedule(name="constant", peak=Fraction(1, 5)),
    steps=(0, 40, 5000),
    horizon=5000,
    sketch=RNG.standard_normal((9, 60)) / 3,
)
WHOLE = replace(USUAL, road="unsketched", model_size=Fraction(60))
ROADS = {
    "exact": replace(USUAL, road="exact"),
    "equivalent": USUAL,
    "unsketched": WHOLE,
    "infinite": replace(USUAL, spectrum=Spectrum(a=Fraction(7, 5)), model_size=Fraction(1000)),
}
KINDS = {
    "constant": {},
    "geometric": {"schedule": Schedule(name="geometric", peak=Fraction(1, 5))},
    "cosine": {"schedule": Schedule(name="cosine", peak=Fraction(1, 5))},
    "average": {"tail": Fraction(1, 3)},
}
every_road = pytest.mark.parametrize("question", ROADS.values(), ids=ROADS)
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
finite_road = pytest.mark.parametrize("question", [ROADS["exact"], ROADS["equivalent"]], ids=["exact", "equivalent"])


def agree(one: Reply, other: Reply, factor: float = 1.0) -> None:
    """Excess, bias and variance, each to the sum of the tolerances of the excess."""
    for name in ("excess", "bias", "variance"):
        gap = abs(factor * getattr(one, name) - getattr(other, name))
        assert np.all(gap <= 2 * TOLERANCE * abs(other.excess)), name


@finite_road
@every_kind
def test_scale_of_the_features(question, kind):
    """lambda -> c lambda, gamma -> gamma/c at the same signal power: nothing changes."""
    question = replace(question, **kind)
    c = Fraction(37, 5)
    scaled = replace(
        question,
        spectrum=replace(question.spectrum, scale=c),
        schedule=replace(question.schedule, peak=question.schedule.peak / c),
    )
    agree(ask(question), ask(scaled))


@every_road
def test_scale_of_the_target(question):
    """Signal power and noise times c: so is the risk."""
    c = Fraction(3, 11)
    scaled = replace(question, signal=replace(question.signal, scale=c), noise=c * question.noise)
    agree(ask(question), ask(scaled), float(c))


@finite_road
@every_kind
def test_affine_in_the_noise(question, kind):
    """The excess is a straight line in the variance of the noise, and the bias does not know it."""
    question = replace(question, **kind)
    none, one, four = (ask(replace(question, noise=Fraction(noise))) for noise in (0, 1, 4))
    slack = 10 * TOLERANCE * four.excess
    assert np.all(abs((four.excess - none.excess) - 4 * (one.excess - none.excess)) <= slack)
    assert np.all(abs(four.bias - none.bias) <= 2 * TOLERANCE * four.excess)


@every_road
def test_start(question):
    """Before the first step the excess is the signal's power."""
    b = question.signal.b
    with mpmath.workdps(25):
        v = question.spectrum.dimension
        right = mpmath.zeta(mpmath.mpf(b.numerator) / b.denominator)
        right -= mpmath.zeta(mpmath.mpf(b.numerator) / b.denominator, v + 1) if v else 0
    found = ask(question)
    assert abs(found.excess[0] / float(right) - 1) < TOLERANCE
    assert found.variance[0] == 0


@every_road
def test_end(question):
    """After 10^18 steps: (approximation + kappa sigma^2)/(1 - kappa)."""
    found = ask(replace(question, steps=(10**18,), horizon=10**18))
    right = float(limit(question))
    assert abs(found.excess[0] / right - 1) < TOLERANCE
    assert abs(found.bias[0]) < TOLERANCE * right


def limit(question: Question) -> np.longdouble:
    """E(infinity), from real modes, or by the closed form of D02.7."""
    numbers = question.schedule.peak, question.batch_size, question.noise
    gamma, batch, noise = (longdouble(number) for number in numbers)
    z_star = 2 / (gamma * (1 + 1 / batch))
    if question.road != "equivalent":
        modes = real_modes(question)
        kappa = (gamma * modes.z / (batch * (2 - gamma * (1 + 1 / batch) * modes.z))).sum()
        return (modes.floor + kappa * noise) / (1 - kappa)
    dispersion = dispersion_of(question)
    marks = landmarks(dispersion)
    low, high = marks.u_left * 1e9, marks.u_left
    for _ in range(300):  # z(u) = z* left of the spectrum, where z falls
        u = -np.sqrt(low * high)
        low, high = (u, high) if -u * dispersion.at(np.array([u]))[0][0] > z_star else (low, u)
    kappa = -dispersion.at(np.array([u]))[2][0] / (batch + 1)
    return (marks.floor + kappa * noise) / (1 - kappa)


@pytest.mark.parametrize("road", ["exact", "unsketched"])
def test_large_batches(road):
    """B to infinity: gradient descent for the bias, and a variance that falls like 1/B."""
    question = replace(ROADS[road], steps=(1, 50), horizon=50)
    few, many = (ask(replace(question, batch_size=10**k)) for k in (7, 8))
    modes = real_modes(question)
    descent = [float((modes.f * (1 - modes.z / 5) ** (2 * t)).sum()) for t in question.steps]
    assert np.allclose(many.bias, descent, rtol=0, atol=1e-7 * max(descent))  # the rest is O(1/B)
    assert np.allclose(10 * many.variance, few.variance, rtol=1e-6, atol=0)


@every_road
@pytest.mark.parametrize("name", ["geometric", "cosine", "polynomial", "wsd"])
def test_listed_is_named(question, name):
    """A schedule written out step by step is the schedule."""
    schedule = Schedule(name=name, peak=Fraction(1, 5), power=Fraction(3), warmup=Fraction(1, 10))
    named = replace(question, schedule=schedule, steps=(1, 7, 300), horizon=300)
    sizes = run_of(named).schedule.step_sizes(0, 300, horizon=300)
    listed = replace(named, schedule=Schedule(name="custom", peak=Fraction(1, 5), listed=tuple(map(float, sizes))))
    agree(ask(named), ask(listed))


@every_road
def test_tails(question):
    """A tail of one iterate is the iterate before; a tail that is the whole run is the average of all."""
    question = replace(question, steps=(64,), horizon=200)
    agree(ask(replace(question, tail=Fraction(1, 64))), ask(replace(question, steps=(63,))))
    run = run_of(replace(question, tail=Fraction(1)))
    whole = rc.Run(
        run.problem, model_size=run.model_size, batch_size=3, schedule=run.schedule, steps=[64], horizon=200,
        averaging=rc.TailAverage(1),
    )  # fmt: skip
    method = method_of(question)
    assert np.array_equal(rc.risk(run, method=method).excess, rc.risk(whole, method=method).excess)


def test_unsketched_is_the_identity():
    """Exact with the identity for a sketch is the unsketched road."""
    agree(ask(WHOLE), ask(replace(WHOLE, road="exact", sketch=np.eye(60))))


def test_a_rotated_sketch():
    """Features that are mixed orthogonally learn the same."""
    turn, _ = np.linalg.qr(np.random.default_rng(3).standard_normal((9, 9)))
    question = ROADS["exact"]
    agree(ask(question), ask(replace(question, sketch=turn @ question.sketch)))


@pytest.mark.parametrize("road", ["equivalent", "unsketched"])
def test_order_of_the_eigenvalues(road):
    """Eigenvalues and coefficients permuted together."""
    rng = np.random.default_rng(4)
    values, targets = rng.random(40), rng.standard_normal(40)
    size = Fraction(40) if road == "unsketched" else Fraction(11, 2)

    def asked(order: np.ndarray) -> Question:
        spectrum = Spectrum(listed=tuple(map(float, values[order])))
        signal = Signal(listed=tuple(map(float, targets[order])))
        peak = Fraction(1, 20)
        schedule = Schedule(name="constant", peak=peak)
        return replace(USUAL, road=road, spectrum=spectrum, signal=signal, model_size=size, schedule=schedule)

    agree(ask(asked(np.arange(40))), ask(asked(rng.permutation(40))))


@pytest.mark.parametrize("method", [rc.Equivalent(), rc.Exact(seed=2)], ids=["equivalent", "exact"])
def test_outputs_add_up(method):
    """The total of two outputs is the sum of two problems."""
    signals, noises = [rc.PowerLawSignal(b=2), rc.PowerLawSignal(b=3)], [Fraction(1, 2), Fraction(1, 5)]
    spectrum = spectrum_of(USUAL.spectrum)

    def curve(problem: object) -> rc.RiskCurve:
        run = rc.Run(problem, model_size=9, schedule=rc.Constant("1/5"), steps=[0, 30, 10**6])
        return rc.risk(run, method=method)

    total = curve(rc.MultipleOutputs(spectrum=spectrum, signals=signals, noises=noises))
    parts = [curve(rc.Problem(spectrum=spectrum, signal=s, noise=n)) for s, n in zip(signals, noises, strict=True)]
    summed = sum(part.excess for part in parts)
    assert np.all(abs(total.excess - summed) <= 2 * TOLERANCE * summed)
