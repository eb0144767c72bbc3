"""The reference against itself: rational arithmetic, closed forms, and routes of its own that share little."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx

from tests.oracle import dynamics, feedback, measures, modeless, reference
from tests.oracle.equivalent import landmarks
from tests.oracle.floats80 import LD, from_ball, longdouble
from tests.oracle.measures import measure
from tests.oracle.problems import question as numbered
from tests.oracle.questions import Question, Schedule, Signal, Spectrum
from tests.oracle.schedules import sizes, stages
from tests.oracle.vanished import log_bounds

DIGITS = LD(1e-17)


def asked(**changes: object) -> Question:
    """Four features of seven coordinates, three steps."""
    rng = np.random.default_rng(5)
    usual = Question(
        road="exact",
        spectrum=Spectrum(a=Fraction(2), dimension=7),
        signal=Signal(b=Fraction(3)),
        noise=Fraction(1, 3),
        model_size=Fraction(4),
        batch_size=2,
        schedule=Schedule(name="constant", peak=Fraction(1, 4)),
        steps=(0, 1, 3, 6),
        horizon=6,
        sketch=rng.integers(-8, 9, (4, 7)) / 8,
    )
    return replace(usual, **changes)


def by_matrices(question: Question) -> list[Fraction]:
    """The excess by D01's recursion of whole matrices, in rational arithmetic, no eigenvector in sight."""
    m, v = question.sketch.shape
    lam = [Fraction(1, j**2) for j in range(1, v + 1)]
    target = [Fraction(1, 1) / j for j in range(1, v + 1)]  # sqrt(j^-3/j^-2) is irrational: w = 1/j, that is b = 4
    sketch = [[Fraction(float(x)) for x in row] for row in question.sketch]
    k = [[sum(a * b * x for a, b, x in zip(p, q, lam, strict=True)) for q in sketch] for p in sketch]
    right = [sum(a * x * w for a, x, w in zip(row, lam, target, strict=True)) for row in sketch]
    best = _solved(k, right)
    floor = sum(x * w * w for x, w in zip(lam, target, strict=True))
    floor -= sum(a * b for a, b in zip(best, right, strict=True))
    p = [[a * b for b in best] for a in best]
    batch, found = question.batch_size, {}
    gammas = [question.schedule.peak] * question.horizon
    for t in range(question.horizon + 1):
        trace = sum(k[i][j] * p[j][i] for i in range(m) for j in range(m))
        found[t] = floor + trace
        if t == question.horizon:
            break
        g = gammas[t]
        kp, kpk = _times(k, p), _times(_times(k, p), k)
        pk = _times(p, k)
        p = [
            [
                p[i][j] - g * (kp[i][j] + pk[i][j]) + g * g * (1 + Fraction(1, batch)) * kpk[i][j]
                + g * g / batch * (trace + floor + question.noise) * k[i][j]
                for j in range(m)
            ]
            for i in range(m)
        ]  # fmt: skip
    return [found[t] for t in question.steps]


def _times(a: list, b: list) -> list:
    return [[sum(x * b[n][j] for n, x in enumerate(row)) for j in range(len(b))] for row in a]


def _solved(a: list, b: list) -> list:
    rows = [[*row, right] for row, right in zip(a, b, strict=True)]
    n = len(rows)
    for i in range(n):
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for j in range(n):
            if j != i:
                rows[j] = [x - rows[j][i] * y for x, y in zip(rows[j], rows[i], strict=True)]
    return [row[-1] for row in rows]


def test_exact_road_in_rational_arithmetic():
    """Eigenvectors, powers in balls and the recursion in 80 bits, against matrices of fractions."""
    question = asked(signal=Signal(b=Fraction(4)))
    right = np.array([longdouble(x) for x in by_matrices(question)])
    assert np.all(abs(reference.answer(question).excess / right - 1) < DIGITS)
    stepped = reference.stepped(question, reference.real_modes(question))
    assert np.all(abs(stepped.excess / right - 1) < DIGITS)


@pytest.mark.parametrize("tail", [None, Fraction(1), Fraction(1, 3)])
@pytest.mark.parametrize("name", ["constant", "geometric"])
def test_transform_against_powers(tail, name):
    """Late steps by a contour integral, and by squaring a matrix of balls."""
    schedule = Schedule(name=name, peak=Fraction(1, 9))
    question = asked(tail=tail, steps=(150, 4000, 10**12), horizon=10**12, schedule=schedule)
    modes = reference.real_modes(question)
    exact = feedback.margin_of_modes(schedule.peak, question.batch_size, modes.balls[0])
    powers = reference.answer(question)
    for margin in (None, (longdouble(schedule.peak), exact)):
        floats = reference.stepped(question, replace(modes, margin=margin))
        for one, other in ((powers.excess, floats.excess), (powers.variance, floats.variance)):
            assert np.all(abs(one - other) < DIGITS * powers.excess)


@pytest.mark.parametrize(
    "spectrum, size, share, t",
    [
        (Spectrum(a=Fraction(2)), Fraction(300), "0.5", 10**7),
        (Spectrum(a=Fraction(1), dimension=50), Fraction(4), "0.999999", 20_000),
        (Spectrum(a=Fraction(3, 2), dimension=10**6), Fraction(77, 2), "0.9", 900),
    ],
)
def test_contour_modes_against_resolvents(spectrum, size, share, t):
    """The equivalent with its modes, and without any."""
    question = asked(road="equivalent", spectrum=spectrum, model_size=size, steps=(t,), horizon=t, batch_size=3)
    peak = Fraction(share) * Fraction(float(reference.largest(question)))
    question = replace(question, schedule=Schedule(name="constant", peak=peak))
    dispersion = reference.dispersion_of(question)
    other = modeless.excess(dispersion, landmarks(dispersion), peak, 3, question.noise, t)
    found = reference.answer(question)
    rounding = 500 * LD(2) ** -63 / (1 - LD(share))  # what the feedback 1/(1 - kappa) makes of the last digit
    assert abs(found.excess[0] / other - 1) < rounding
    assert found.doubt[0] < rounding


def test_floor_and_sums_in_closed_form():
    """a = 2 in infinite dimension: coth and the digamma function, at complex u."""
    nodes = measure(Spectrum(a=Fraction(2)), Signal(b=Fraction(3)), 2e-8)
    with mpmath.workdps(30):
        for u in (mpmath.mpc("-0.3", "0.4"), mpmath.mpc("-1e-6", "1e-6"), mpmath.mpc("2e-8", "1e-9")):
            r = 1 / mpmath.sqrt(u)
            d1 = (mpmath.pi * r * mpmath.coth(mpmath.pi * r) - 1) / 2
            sig = (mpmath.digamma(1 + 1j * r) + mpmath.digamma(1 - 1j * r)) / 2 + mpmath.euler
            u80 = np.array([LD(str(u.real)) + 1j * LD(str(u.imag))])
            found1, _, found2 = (x[0] for x in nodes.sums(u80))
            for found, right in ((found1, d1), (found2, sig)):
                right80 = LD(mpmath.nstr(right.real, 25)) + 1j * LD(mpmath.nstr(right.imag, 25))
                assert abs(found / right80 - 1) < DIGITS


def test_long_spectrum_against_its_list(monkeypatch):
    """Euler and Maclaurin's nodes stand for 2900 eigenvalues listed one by one."""
    spectrum, signal = Spectrum(a=Fraction(6, 5), dimension=2900), Signal(b=Fraction(3, 2))
    u = np.exp(1j * np.linspace(0, 2.4, 9).astype(LD)) * LD(10) ** -np.arange(9)
    plain = measure(spectrum, signal, 1e-9).sums(u)
    monkeypatch.setattr(measures, "SHORT", 100)
    for one, other in zip(measure(spectrum, signal, 1e-9).sums(u), plain, strict=True):
        assert np.all(abs(one / other - 1) < DIGITS)


def test_sum_rules_on_the_contour():
    """D02.6, exactly."""
    question = asked(road="equivalent", spectrum=Spectrum(a=Fraction(2)), model_size=Fraction(50))
    dispersion = reference.dispersion_of(question)
    found = reference.contour_modes(question, dispersion, landmarks(dispersion), 0.78)
    with mpmath.workdps(30):
        zeta = [LD(mpmath.nstr(mpmath.zeta(s), 25)) for s in (2, 3, 4)]
    assert abs((found.f.sum().real + found.floor) / zeta[1] - 1) < DIGITS
    assert abs(found.k.sum().real / (zeta[2] + zeta[0] ** 2 / 50) - 1) < DIGITS


@pytest.mark.parametrize("tail", [None, Fraction(2, 3)])
@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(name="cosine", peak=Fraction(1, 4)),
        Schedule(name="polynomial", peak=Fraction(1, 4), power=Fraction(1, 2)),
        Schedule(name="wsd", peak=Fraction(1, 4), warmup=Fraction(1, 9), decay=Fraction(7, 30), power=Fraction(3)),
    ],
    ids=lambda schedule: schedule.name,
)
def test_panels_against_steps(schedule, tail, monkeypatch):
    """Polynomials in the step, through kinks and up to the vanishing end, against every step."""
    question = asked(steps=(1900,), horizon=1900, schedule=schedule, tail=tail, batch_size=1)
    modes = reference.real_modes(question)
    steps = reference.stepped(question, modes)
    monkeypatch.setattr(reference, "STEPWISE", 100)
    panels = reference.stepped(question, modes)
    assert np.all(abs(panels.excess - steps.excess) < DIGITS * steps.excess)
    assert np.all(abs(panels.variance - steps.variance) < DIGITS * steps.excess)


@pytest.mark.parametrize("name", ["cosine", "polynomial", "constant"])
def test_alternating_crosses_against_steps(name, monkeypatch):
    """Averages where 1 - gamma z is near -1 and the crosses outlive the first panels, against every step."""
    draft = asked(batch_size=10**4, steps=(2901,), horizon=2901, tail=Fraction(9, 10))
    peak = Fraction(999, 1000) * Fraction(float(reference.largest(draft)))
    question = replace(draft, schedule=Schedule(name=name, peak=peak, power=Fraction(1, 4)))
    modes = reference.real_modes(question)
    monkeypatch.setattr(dynamics, "AT_ONCE", 10**6)
    steps = reference.stepped(question, modes)
    monkeypatch.setattr(dynamics, "AT_ONCE", 96)
    monkeypatch.setattr(reference, "STEPWISE", 100)
    at_once = reference.stepped(question, modes)
    assert np.all(abs(at_once.excess - steps.excess) < 100 * DIGITS * steps.excess)
    assert float(1 - longdouble(peak) * modes.z.max()) < -0.9


def test_balls_against_floats():
    """The same recursion and panels, without a drive and in balls."""
    question = asked(noise=Fraction(0), model_size=Fraction(7), steps=(4000,), horizon=5000, road="unsketched")
    question = replace(question, schedule=Schedule(name="cosine", peak=Fraction(1, 4)))
    modes = reference.real_modes(question)
    balls, floats = reference._by_balls(question, modes), reference.stepped(question, modes)
    assert balls.doubt[0] < DIGITS
    assert abs(floats.excess[0] / balls.excess[0] - 1) < 100 * DIGITS


@pytest.mark.parametrize("name", ["constant", "cosine"])
def test_bound_of_what_has_vanished(name):
    """Above the truth, and not by much on its logarithm."""
    question = asked(noise=Fraction(0), steps=(10, 1000, 6000), horizon=6000, model_size=Fraction(7))
    question = replace(question, road="unsketched", schedule=Schedule(name=name, peak=Fraction(1, 4)))
    right = np.log(reference.answer(question).excess)
    bound = log_bounds(question, reference.real_modes(question), [None] * 3)
    assert np.all(bound > right)
    assert bound[-1] < 0.5 * right[-1]


@pytest.mark.parametrize(
    "spectrum",
    [
        Spectrum(a=Fraction(2)),
        Spectrum(a=Fraction(3, 2), dimension=10**7, scale=Fraction(5)),
        Spectrum(listed=(0.9, 0.2, 0.5, 0.5, 0.1, 0.01)),
    ],
    ids=["infinite", "long", "listed"],
)
def test_feedback_in_balls(spectrum):
    """1 - kappa in closed form, against the sum over the contour, which has its digits but for the last two."""
    signal = Signal(listed=(1.0,) * 6) if spectrum.listed else Signal(b=Fraction(3))
    question = asked(road="equivalent", spectrum=spectrum, signal=signal, model_size=Fraction(7, 2), batch_size=3)
    peak = Fraction(float(reference.largest(question))) * Fraction(999, 1000)
    question = replace(question, schedule=Schedule(name="constant", peak=peak))
    dispersion = reference.dispersion_of(question)
    marks = landmarks(dispersion)
    modes = reference.contour_modes(question, dispersion, marks, 0.78)
    loss = 2 - longdouble(peak) * (1 + 1 / LD(3)) * modes.z
    kappa = (longdouble(peak) * modes.k / modes.z / loss).sum().real / 3
    assert abs(feedback.margin(question, dispersion, marks) - (1 - kappa)) < DIGITS


def test_stages_of_the_geometric_schedule():
    """By the definition, step by step, whether the horizon is a power of two or not."""
    for horizon in (1, 2, 7, 16, 1000):
        found = sizes(Schedule(name="geometric", peak=Fraction(1)), 0, horizon, horizon)
        unit = horizon / np.log2(horizon) if horizon > 1 else np.inf
        assert np.all(found == 0.5 ** np.floor(np.arange(1, horizon + 1) / unit + 1e-12))
    assert stages(Schedule(name="geometric", peak=Fraction(1)), 10**18)[-1][1] == 10**18


def test_a_hyperbola_that_loses_a_pole_is_noticed(monkeypatch):
    """The two resolutions do not share an error: one contour bent inside the sector of the modes shows as doubt."""
    question = asked(road="equivalent", spectrum=Spectrum(a=Fraction(2)), model_size=Fraction(50), steps=(20_000,))
    question = replace(question, horizon=20_000)
    assert reference.answer(question).doubt[0] < 1e-16
    alpha, *rest = dynamics.HYPERBOLAS[0]
    monkeypatch.setattr(dynamics, "HYPERBOLAS", ((alpha + Fraction("0.6"), *rest), dynamics.HYPERBOLAS[1]))
    assert reference.answer(question).doubt[0] > 1e-13


def test_balls_become_floats():
    """Also where they lie below the range."""
    with ctx.workprec(100):
        assert from_ball(arb(1) / 3) == LD(1) / 3
        assert from_ball(arb(2) ** -100_000) == 0


def test_the_doubt_of_floats_covers_a_mode_that_turns_round_at_every_step():
    """A large batch, and a millionth below the largest step: that mode loses about a millionth a step."""
    question = numbered(20261126, 3)
    modes = reference.real_modes(question)
    in_floats, in_balls = reference._by_floats(question, modes), reference._by_powers(question, modes)
    difference = np.abs(in_floats.excess / in_balls.excess - 1)
    assert np.all(difference > 100 * DIGITS)  # or nothing is tested
    assert np.all(difference < in_floats.doubt)
