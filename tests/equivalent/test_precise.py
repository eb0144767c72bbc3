"""More digits than float64: references at their full length, rational short runs, two precisions, two fields."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc import (
    Arb,
    Constant,
    Cosine,
    Custom,
    Equivalent,
    ExplicitSignal,
    ExplicitSpectrum,
    Geometric,
    Mpmath,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    RiskCurve,
    Run,
    WarmupStableDecay,
    risk,
)
from riskcalc.errors import InvalidInput, UnstableRun
from tests.conftest import golden
from tests.equivalent.rational_oracle import excess as rational_excess
from tests.equivalent.test_golden import run_of

CASES = [(kind, k) for kind, count in (("equivalent_finite", 4), ("equivalent_infinite", 4)) for k in range(count)]


def figures(text):
    """The significant digits of a decimal text."""
    return len(text.lower().partition("e")[0].replace(".", "").lstrip("-0"))


def within_last_digit(found, expected):
    """Equal to the last digit of both texts, which may differ by one."""
    digits = min(figures(found), figures(expected))
    return abs(Fraction(found) - Fraction(expected)) <= abs(Fraction(expected)) * Fraction(11, 10) * Fraction(10) ** (
        1 - digits
    )


def problem_of(a, b, dimension=None, noise="1/10"):
    return Problem(spectrum=PowerLaw(a=a, dimension=dimension), signal=PowerLawSignal(b=b), noise=noise)


LONG = CASES[:3]  # a second or two each


@pytest.mark.parametrize(
    "kind, number", [pytest.param(*case, marks=pytest.mark.slow if case in LONG else ()) for case in CASES]
)
def test_references_at_their_full_length(kind, number):
    case = golden(kind)["cases"][number]
    digits = max(figures(text) for text in case["excess"])
    curve = risk(run_of(case), method=Equivalent(digits=digits))
    for found, expected in zip(curve.decimals["excess"], case["excess"], strict=True):
        assert within_last_digit(found, expected)
        assert figures(found) == digits
    assert within_last_digit(curve.decimals["approximation"][0], case["approximation"])
    assert within_last_digit(curve.method["floor"], case["floor"])


@pytest.mark.parametrize(
    "kind, number",
    [
        pytest.param("equivalent_finite", 3, marks=pytest.mark.slow),
        *(pytest.param("equivalent_infinite", number, marks=pytest.mark.slow) for number in range(4)),
    ],
)
def test_references_from_mpmath(kind, number):
    case = golden(kind)["cases"][number]
    digits = max(figures(text) for text in case["excess"])
    curve = risk(run_of(case), method=Equivalent(digits=digits, field=Mpmath()))
    assert all(within_last_digit(*pair) for pair in zip(curve.decimals["excess"], case["excess"], strict=True))
    assert within_last_digit(curve.method["floor"], case["floor"])


@pytest.mark.slow
def test_one_late_reference_from_mpmath():
    case = golden("equivalent_infinite")["cases"][2]
    run = run_of({**case, "steps": case["steps"][1:2]})
    found = risk(run, method=Equivalent(digits=12, field=Mpmath())).decimals["excess"][0]
    assert within_last_digit(found, case["excess"][1])


@pytest.mark.parametrize("v", [12, 30])
def test_short_runs_equal_rational_arithmetic(v):
    spectrum = [Fraction(1, j**2) for j in range(1, v + 1)]
    signal = [Fraction(1, j**3) for j in range(1, v + 1)]
    expected = rational_excess(
        lambda k: sum(x**k for x in spectrum),
        lambda k: sum(h * x**k for h, x in zip(signal, spectrum, strict=True)),
        model_size=Fraction(9, 2),
        step_size=Fraction(1, 4),
        batch_size=2,
        noise=Fraction(1, 7),
        last=6,
    )
    run = Run(
        problem_of(2, 3, v, "1/7"), model_size="9/2", batch_size=2, schedule=Constant("1/4"), steps=list(range(7))
    )
    curve = risk(run, method=Equivalent(digits=60))
    for text, value in zip(curve.decimals["excess"], expected, strict=True):
        assert abs(Fraction(text) - value) <= value * Fraction(10) ** -59
    # without the feedback of the noise the two would differ in the first digits
    assert abs(Fraction(curve.decimals["bias"][-1]) - expected[-1]) > expected[-1] / 10


@pytest.mark.parametrize("b", ["3", "5", "17/5"])
def test_infinite_dimension_against_zeta_values(b):
    """b = a + 1 and b = 2 a + 1 are the exponents at which the tail integral has a logarithm."""
    with mpmath.workdps(60):
        power = mpmath.mpf(Fraction(b).numerator) / Fraction(b).denominator
        exact = [mpmath.zeta(2 * k) for k in range(1, 20)]
        heights = [mpmath.zeta(power + 2 * k) for k in range(20)]

        def rational(x):
            mantissa, exponent = mpmath.frexp(x)
            return Fraction(int(mpmath.ldexp(mantissa, 260))) * Fraction(2) ** (int(exponent) - 260)

        expected = rational_excess(
            lambda k: rational(exact[k - 1]),
            lambda k: rational(heights[k]),
            model_size=Fraction(5),
            step_size=Fraction(1, 4),
            batch_size=1,
            noise=Fraction(1, 10),
            last=5,
        )
    run = Run(problem_of(2, b), model_size=5, schedule=Constant("1/4"), steps=[0, 1, 2, 5])
    for text, step in zip(risk(run, method=Equivalent(digits=50)).decimals["excess"], run.steps, strict=True):
        assert abs(Fraction(text) - expected[step]) <= expected[step] * Fraction(10) ** -49


shapes = st.tuples(
    st.sampled_from(["11/10", "3/2", "2", "3"]),
    st.sampled_from(["6/5", "5/2", "3", "4", "5"]),
    st.sampled_from([None, 10**6]),
    st.sampled_from([3, 50, 10**4]),
    st.sampled_from([7, 300, 10**6]),
)


def agree(digits, shape, further=2):
    a, b, v, size, step = shape
    run = Run(problem_of(a, b, v), model_size=size, schedule=Constant("1/20"), steps=[step])
    low, high = (risk(run, method=Equivalent(digits=count)) for count in (digits, round(further * digits)))
    assert within_last_digit(low.decimals["excess"][0], high.decimals["excess"][0])
    assert within_last_digit(low.method["floor"], high.method["floor"])
    assert figures(low.decimals["excess"][0]) == digits


@settings(max_examples=3)
@given(shape=shapes)
def test_two_precisions_agree_at_15_digits(shape):
    agree(15, shape)


@settings(max_examples=1)
@given(shape=shapes)
def test_two_precisions_agree_at_30_digits(shape):
    agree(30, shape)


@pytest.mark.slow
@settings(max_examples=12)
@given(shape=shapes, digits=st.sampled_from([15, 30]))
def test_two_precisions_agree_on_many_problems(shape, digits):
    agree(digits, shape)


@pytest.mark.slow
@pytest.mark.parametrize("digits", [60, 200])
def test_two_precisions_agree_at_many_digits(digits):
    agree(digits, ("2", "3", None, 10**4, 10**6), further=1.1)


@pytest.mark.slow
def test_a_thousand_digits():
    run = Run(problem_of(2, "17/5", 60), model_size=20, schedule=Constant("3/10"), steps=[3])
    low, high = (risk(run, method=Equivalent(digits=count)) for count in (960, 1000))
    assert within_last_digit(low.decimals["excess"][0], high.decimals["excess"][0])


def test_float64_agrees_as_far_as_it_goes():
    run = Run(problem_of("3/2", "5/2"), model_size=10**5, schedule=Constant("1/5"), steps=[10, 10**4, 10**9, 10**15])
    plain, precise = risk(run), risk(run, method=Equivalent(digits=20))
    for name in ("excess", "bias", "variance"):
        gap = abs(getattr(plain, name) - getattr(precise, name))
        assert (gap <= 10 * plain.method["tolerance"] * plain.excess).all()


SCHEDULES = [
    Polynomial("3/10", power=1),
    Polynomial("3/10", power="3/2"),
    Cosine("3/10"),
    Geometric("3/10"),
    WarmupStableDecay("3/10", warmup="1/10"),
    Custom([0.1, 0.2] * 10),
]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: type(schedule).__name__)
def test_schedules_agree_with_float64(schedule):
    run = Run(problem_of(2, 3), model_size=40, schedule=schedule, steps=[5, 20])
    plain, precise = risk(run, method=Equivalent(tolerance=1e-12)), risk(run, method=Equivalent(digits=22))
    assert plain.excess == pytest.approx(precise.excess, rel=1e-11)
    assert precise.error < 6e-22  # the half unit of the last digit printed, and next to nothing else


def test_stepping_through_modes_equals_the_transform():
    constant = Run(problem_of(2, 3), model_size=40, schedule=Constant("1/4"), steps=[4, 15])
    stepped = Run(problem_of(2, 3), model_size=40, schedule=Custom([0.25] * 15), steps=[4, 15])
    one, two = (risk(run, method=Equivalent(digits=30)) for run in (constant, stepped))
    assert all(within_last_digit(*pair) for pair in zip(one.decimals["excess"], two.decimals["excess"], strict=True))


def test_explicit_spectra_are_exact_binary_rationals():
    power = problem_of(2, 3, 30)
    explicit = Problem(
        spectrum=ExplicitSpectrum(power.eigenvalues()), signal=ExplicitSignal(power.target()), noise="1/10"
    )
    one, two = (
        risk(Run(problem, model_size=8, schedule=Constant("1/4"), steps=[50]), method=Equivalent(digits=25))
        for problem in (power, explicit)
    )
    # the floats are the powers to 16 digits: the answers agree so far, and not much further
    gap = abs(Fraction(one.decimals["excess"][0]) / Fraction(two.decimals["excess"][0]) - 1)
    assert Fraction(10) ** -22 < gap < Fraction(10) ** -14


def test_the_decimals_survive_json():
    run = Run(problem_of(2, 3, 40), model_size=10, schedule=Constant("1/4"), steps=[0, 5])
    curve = risk(run, method=Equivalent(digits=35))
    assert RiskCurve.from_json(curve.to_json()) == curve
    assert RiskCurve.from_json(curve.to_json()).decimals == curve.decimals
    assert curve.to_dict(digits=5)["excess"][0] == f"{curve.excess[0]:.5g}"


def test_parts_add_up():
    run = Run(problem_of(2, 3), model_size=100, schedule=Constant("1/4"), steps=[30, 10**4])
    text = risk(run, method=Equivalent(digits=40)).decimals
    for excess, bias, variance, total in zip(
        *(text[name] for name in ("excess", "bias", "variance", "risk")), strict=True
    ):
        parts = Fraction(text["approximation"][0]) + Fraction(bias) + Fraction(variance)
        assert abs(parts - Fraction(excess)) <= Fraction(excess) * Fraction(3, 10**40) * 10
        assert within_last_digit(str(total), str(mpmath_text(Fraction(excess) + Fraction(1, 10), 40)))


def mpmath_text(value, digits):
    with mpmath.workdps(digits + 5):
        return mpmath.nstr(mpmath.mpf(value.numerator) / value.denominator, digits)


def test_what_is_refused():
    fast = Run(problem_of(2, 3), model_size=100, schedule=Constant(2), steps=[30])
    with pytest.raises(UnstableRun, match="largest stable"):
        risk(fast, method=Equivalent(digits=20))
    with pytest.raises(InvalidInput, match="forced"):
        risk(fast, method=Equivalent(digits=20), force=True)
    with pytest.raises(InvalidInput, match="1000"):
        Equivalent(digits=1001)
    with pytest.raises(InvalidInput, match="digits"):
        Equivalent(field=Arb())
    with pytest.raises(InvalidInput, match="hard edge"):
        risk(
            Run(problem_of(2, 3, 10), model_size=10, schedule=Constant("1/4"), steps=[3]), method=Equivalent(digits=20)
        )
