"""Traps of the libraries behind the numbers, as regression tests on our own code."""

from __future__ import annotations

import pickle
import re
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import flint
import mpmath
import pytest
import sympy

from riskcalc import (
    Arb,
    Asymptotic,
    Constant,
    Equivalent,
    Exact,
    Mpmath,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    risk,
)
from riskcalc.errors import InvalidInput, ToleranceNotMet, UnstableRun
from riskcalc.formula import SpectralSum, evaluate
from riskcalc.numeric.precise_sum import PowerLawTables

SOURCES = sorted((Path(__file__).parents[2] / "riskcalc").rglob("*.py"))
FIELDS = [Arb(), Mpmath()]


def run_of(step=30, dimension=40, step_size="1/4", size=6):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=dimension), signal=PowerLawSignal(b=3), noise="1/10")
    return Run(problem, model_size=size, schedule=Constant(step_size), steps=[step])


# 1. Sum.evalf returns 0 for sums like ours


@pytest.mark.parametrize("size", [1, 10, 100, 1000])
def test_the_sum_that_sympy_takes_for_zero(size):
    x = sympy.Symbol("x", positive=True)
    sums = SpectralSum(sympy.Lambda(x, sympy.exp(-x)), sympy.Rational(12, 5), -2, size, 4000)
    found = evaluate(sums, digits=30)
    with mpmath.workdps(40):
        terms = (mpmath.mpf(j) ** (-mpmath.mpf(12) / 5) * mpmath.exp(-mpmath.mpf(size) / j**2) for j in range(1, 4001))
        exact = mpmath.fsum(terms)
        assert abs(found / exact - 1) < mpmath.mpf(10) ** -29


def code(source):
    """A file without its docstrings and comments."""
    text = re.sub(r'"""[\s\S]*?"""', "", source.read_text(encoding="utf-8"))
    return re.sub(r"#.*", "", text)


def test_numbers_are_never_left_to_sympy_nor_to_an_integrator_that_cannot_see_cuts():
    """evalf of a sum is silently 0, lambdify writes rationals as floats, acb.integral crosses a cut in silence."""
    for source in SOURCES:
        text = code(source)
        assert ".evalf(" not in text, source
        assert ".integral(" not in text, source
        calls = [] if "plotting" in source.parts else re.findall(r"lambdify\([^\n]*", text)  # pictures are float64
        for call in calls:
            assert "MpmathPrinter" in call or '"numpy"' in call, source  # mpmath's printer keeps rationals exact


# 3. Rationals in compiled formulas


def test_a_compiled_profile_keeps_its_rationals():
    """The noise at the end of a decaying schedule, without feedback, is the table's constant: to 28 digits."""
    from riskcalc.asymptotic.noise import label_noise
    from riskcalc.asymptotic.noise_at_the_end import precise_noise_constant
    from riskcalc.asymptotic.shape import polynomial
    from riskcalc.asymptotic.values import precise_constant

    shape = polynomial(sympy.Rational(4, 3))
    (term,) = label_noise(sympy.Rational(3, 2), shape)
    with Mpmath().working(32):
        table = precise_constant(term, a=mpmath.mpf(3) / 2, ratio=None, digits=32)
        found = precise_noise_constant(
            shape, Fraction(3, 2), step_size=mpmath.mpf(1), mass=lambda size: 0 * size, digits=32
        )
        assert abs(found / table - 1) < mpmath.mpf(10) ** -28


# 4. Integrals along a cut


@pytest.mark.parametrize("place", ["-3/10", "-1/1000", "-1/900000"])
@pytest.mark.parametrize("tilt", [0, "1/10000000000000", "-1/10000000000000"])
@pytest.mark.parametrize("proved", [True, False])
def test_a_tail_integral_on_its_cut_is_right_or_refused(place, tilt, proved):
    """u on the negative axis, or within 1e-13 of it: the logarithm of u jumps there."""
    field, u = Arb(), Fraction(place) + Fraction(1, 7 * 10**9)
    with field.working(35):
        tables = PowerLawTables(field, a=Fraction(2), dimension=None, powers=(Fraction(2),), digits=25, proved=proved)
        at = field.pair(field.real(u), field.real(Fraction(tilt) * abs(u))) if tilt else field.real(u)
        try:
            found = tables.at(at)[0][0]
        except ToleranceNotMet:
            return
        real = field.rational(field.parts(found)[0])
    with mpmath.workdps(60):
        middle = mpmath.mpf(u.numerator) / u.denominator
        root = mpmath.sqrt(mpmath.mpc(middle, mpmath.mpf(float(Fraction(tilt))) * abs(middle)))
        exact = ((mpmath.pi / root * mpmath.coth(mpmath.pi / root) - 1) / 2).real
        assert abs(mpmath.mpf(real.numerator) / real.denominator - exact) < abs(exact) * mpmath.mpf(10) ** -15


def test_a_ball_across_the_cut_holds_both_sides_or_is_refused():
    field = Arb()
    with field.working(35):
        tables = PowerLawTables(field, a=Fraction(2), dimension=None, powers=(Fraction(2),), digits=25, proved=True)
        across = field.pair(field.real(Fraction(-3, 10)), field.widen(field.real(0), -13))
        try:
            found = tables.at(across)[0][0]
        except ToleranceNotMet:
            return
        for side in (1, -1):
            one = tables.at(field.pair(field.real(Fraction(-3, 10)), field.real(Fraction(side, 10**13))))[0][0]
            assert found.real.overlaps(one.real)
            assert found.imag.overlaps(one.imag)


# 5. Balls cannot be pickled, and precision is global in both libraries


METHODS = [
    Equivalent(digits=20),
    Equivalent(digits=18, certified=True),
    Equivalent(digits=20, field=Mpmath()),
    Exact(seed=1, digits=40),
]


@pytest.mark.parametrize("method", METHODS, ids=repr)
def test_curves_cross_process_boundaries(method):
    curve = risk(run_of(), method=method)
    assert pickle.loads(pickle.dumps(curve)) == curve
    assert pickle.loads(pickle.dumps(curve)).decimals == curve.decimals


def answered(job):
    """A job as plain data, so that it crosses a process boundary."""
    digits, kind = job
    field = {"arb": Arb(), "mpmath": Mpmath()}[kind]
    return risk(run_of(), method=Exact(seed=1, digits=digits, field=field)).decimals["excess"]


JOBS = [(digits, kind) for digits in (15, 90, 30, 200) for kind in ("arb", "mpmath")]


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_precisions_do_not_leak_between_workers(pool):
    alone = [answered(job) for job in JOBS]
    with pool(max_workers=2) as executor:
        assert list(executor.map(answered, JOBS)) == alone
        assert list(executor.map(answered, JOBS[::-1])) == alone[::-1]


FAILURES = [
    (run_of(step_size=2), Equivalent(digits=30), UnstableRun),
    (run_of(step_size=2), Exact(digits=30), UnstableRun),
    (run_of(dimension=6), Equivalent(digits=30), InvalidInput),
    (run_of(step_size="9/10", dimension=None), Asymptotic(digits=30), UnstableRun),
]


@pytest.mark.parametrize("run, method, error", FAILURES, ids=str)
def test_precision_does_not_leak_after_an_answer_or_an_error(run, method, error):
    before = flint.ctx.dps, flint.ctx.cap, mpmath.mp.dps
    with pytest.raises(error):
        risk(run, method=method)
    assert (flint.ctx.dps, flint.ctx.cap, mpmath.mp.dps) == before
    risk(run_of(), method=Exact(digits=40))
    assert (flint.ctx.dps, flint.ctx.cap, mpmath.mp.dps) == before


# 6. Comparisons that are not decided


def test_an_undecided_sheet_is_not_taken_for_one():
    """A ball that touches the real axis lies on neither side of it."""
    from riskcalc.spectral.precise.roots import on_sheet

    class Sums:
        field = Arb()

    field = Arb()
    with field.working(30):
        above, below = field.pair(field.real(1), field.real(1)), field.pair(field.real(1), field.real(-1))
        across = field.pair(field.real(1), field.widen(field.real(0), -5))
        assert on_sheet(Sums(), above, below)
        assert not on_sheet(Sums(), above, above)
        assert not on_sheet(Sums(), across, below)
        assert not on_sheet(Sums(), above, across)


def test_an_undecided_convergence_costs_a_sweep_not_the_answer():
    """Eigenvalues that agree to the working precision, where every comparison of balls is close to undecided."""
    from riskcalc.numeric.symmetric_eigen import weighted_eigenvalues

    for field in FIELDS:
        with field.working(40):
            matrix = field.gram([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [field.real(Fraction(1, 3))] * 3)
            pairs = weighted_eigenvalues(field, matrix, [field.real(k) for k in (3, 0, 4)], digits=35)
            assert all(abs(field.rational(value) - Fraction(1, 3)) < Fraction(1, 10**34) for value, _ in pairs)
            assert abs(sum(field.rational(weight) for _, weight in pairs) - 25) < Fraction(1, 10**33)
