"""Exponents of a data set that is seen many times: by how many steps, and how good the best of them is."""

import math
from fractions import Fraction as Q

import pytest
import sympy

import riskcalc as rc
from riskcalc.asymptotic.reused import ReusedTerms, best_clock, fitted_noise, kept_distortion, stirred_signal
from riskcalc.errors import InvalidInput
from riskcalc.formula import letters as L
from riskcalc.optimiser import HeavyBall
from riskcalc.scaling import data_set, exponents
from riskcalc.scaling.best import best_allocation
from riskcalc.scaling.face import emptiness
from riskcalc.scaling.question import OURS
from riskcalc.scaling.rational_function import place
from riskcalc.scaling.words import read_question

CASES = [(Q(2), Q(3, 2)), (Q(2), Q(13, 5)), (Q(3, 2), Q(16, 5))]


@pytest.mark.parametrize(("a", "b"), CASES)
def test_the_best_number_of_steps(a, b):
    """k* ~ N^(a/b), more than N exactly for b < a; excess ~ N^-((b-1)/b); models from N^(1/b) on."""
    found = exponents(a=a, b=b, noise=1, budget=data_set())
    assert found.loss_exponent == (b - 1) / b
    assert found.exponents["t"].low == a / b
    assert (found.exponents["t"].low > 1) == (b < a)
    if b < a + 1:
        assert found.model_size_exponent == 1 / b
    assert {"F_pp", "noise"} <= set(found.balance)


@pytest.mark.parametrize(
    ("a", "b", "loss"), [(2, "3/2", Q(1, 2)), (2, "13/5", Q(8, 5)), ("3/2", "16/5", Q(11, 5)), (2, 6, Q(4))]
)
def test_without_label_noise_the_order_is_that_of_the_ridgeless_fit(a, b, loss):
    found = exponents(a=a, b=b, budget=data_set())
    assert found.loss_exponent == loss
    assert found.exponents["t"].low >= Q(str(a) if not isinstance(a, str) else a)


@pytest.mark.parametrize(("a", "b"), CASES[:2])
def test_compute_on_a_data_set_is_worth_as_much_as_without_one_until_the_samples_are_used_up(a, b):
    """Up to C = N^(1 + (a + 1)/b) M t = C/N is spent as on fresh samples; beyond it nothing is won."""
    enough = 1 + (a + 1) / b
    for c in (1 + (enough - 1) / 3, (1 + enough) / 2, enough):
        found = exponents(a=a, b=b, noise=1, budget=data_set(compute=c))
        assert found.loss_exponent == (c - 1) * (b - 1) / (a + 1)
        assert found.model_size_exponent == (c - 1) / (a + 1)
        assert found.exponents["t"].low == (c - 1) * a / (a + 1)
        assert found.exponents["N"].low == 1
    free = exponents(a=a, b=b, noise=1, budget=data_set())
    assert found.loss_exponent == free.loss_exponent
    beyond = exponents(a=a, b=b, noise=1, budget=data_set(compute=enough + 1))
    assert beyond.loss_exponent == free.loss_exponent
    assert "N \\sim N^{1}" in beyond.to_latex()
    assert f"C = M t N = N^({enough + 1})" in str(beyond)


@pytest.mark.slow
@pytest.mark.parametrize("noise", [0, 1])
def test_the_diagram_of_a_data_set_says_what_its_points_say(noise):
    diagram = rc.phase_diagram(budget="data-set", noise=noise, paper_letters=False)
    bounded = rc.phase_diagram(budget="data-set", compute=2, noise=noise, paper_letters=False)
    assert len(diagram.phases) == (2 if noise else 3)
    for a, b in [*CASES, (Q(2), Q(6))]:
        for one, more in ((diagram, {}), (bounded, {"compute": 2})):
            point = exponents(a=a, b=b, noise=noise, budget="data-set", **more)
            assert one.at(a, b).loss_exponent == point.loss_exponent
            letters = dict(zip(one.letters, (a, b), strict=True))
            assert one.phase((a, b)).loss_exponent.subs(letters) == sympy.Rational(str(point.loss_exponent))


def test_a_regime_out_of_reach_is_left_out_and_where_it_comes_into_reach_is_known():
    """N^a steps of N features cost N^(a + 2): with C = N^4 they are out of reach for a > 2."""
    question = read_question(budget="data-set", compute=4)
    programmes = question.programmes(OURS, slow=False)
    for a in (Q(3), Q(5, 2)):
        best = best_allocation(programmes, (a, Q(3, 2)))
        assert [face.programme.regime.late for face in best.faces] == [False]
        assert best.generic((a, Q(3, 2)))
        assert not best.generic((Q(2), Q(3, 2)))
        # the condition is of the regime that is left out, not only of the one that is taken
        (late,) = (one for one in programmes if one.regime.late)
        assert all(condition.on(place((a, Q(3, 2)))) > 0 for condition in emptiness(late, (a, Q(3, 2))))
        assert any(condition.on(place((Q(3, 2), Q(3, 2)))) < 0 for condition in emptiness(late, (a, Q(3, 2))))
        assert set(emptiness(late, (a, Q(3, 2)))) <= set(best.conditions)


def test_the_constant_of_the_fitted_noise():
    for a in (sympy.Rational(3, 2), sympy.Integer(2), sympy.Integer(3)):
        term, inverse = fitted_noise(a), 1 / a
        assert sympy.N(term.constant - sympy.gamma(1 - inverse) * (2 - 2**inverse), 30) == pytest.approx(0, abs=1e-25)
        x, y = 1e6, sympy.Symbol("y", positive=True)
        integral = sympy.Integral((1 - sympy.exp(-(y ** (-a)))) ** 2, (y, 0, sympy.oo)).evalf(12)
        assert float(term.constant) == pytest.approx(float(integral), rel=1e-8), x


@pytest.mark.parametrize(("a", "b"), CASES)
def test_the_best_clock_balances_the_slopes_of_bias_and_noise(a, b):
    """The formula of D57.2, typed in."""
    power, inverse = (b - 1) / a, 1 / a
    learnt, fitted = math.gamma(power) * 2**-power / a, math.gamma(1 - inverse) * (2 - 2 ** float(inverse))
    typed = (float(b - 1) * learnt * 10**6 / (0.1 * fitted)) ** float(a / b)
    clock = best_clock(sympy.Rational(a), sympy.Rational(b)).subs({L.N: 10**6, L.sigma2: sympy.Rational(1, 10)})
    assert float(clock) == pytest.approx(typed, rel=1e-12)


@pytest.mark.slow
def test_an_easy_signal_is_stirred_by_few_samples():
    """At b > 2a + 1 the excess without F_N is wrong by orders of magnitude; with it, within what is left of the way."""
    a, b, samples, steps = sympy.Rational(3, 2), sympy.Integer(5), 10**6, [10**4, 10**5]
    problem = rc.Problem(spectrum=rc.PowerLaw(a="3/2"), signal=rc.PowerLawSignal(b=5))
    run = rc.Run(
        problem, model_size=10**15, schedule=rc.Constant("3/10"), steps=steps, data=rc.FullBatch(samples=samples)
    )
    excess = rc.risk(run, method=rc.Equivalent(tolerance=1e-6)).excess
    for step, found in zip(steps, excess.tolist(), strict=True):
        letters = {L.gamma: sympy.Rational(3, 10), L.t: step, L.N: samples}
        term = float(stirred_signal(a, b).expression().subs(letters))
        learnt = math.gamma(8 / 3) / 1.5 * (0.6 * step) ** (-8 / 3)
        assert (found - learnt) / term == pytest.approx(1, abs=0.03)
    assert found > 3 * learnt


@pytest.mark.parametrize(("a", "b"), [("3/2", "16/5"), ("2", "5")])
def test_the_sketch_s_distortion_stays_where_the_samples_are_used_up(a, b):
    """The ridgeless fit of M features, less that of as many as one likes and the floor; what is missed shrinks."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a), signal=rc.PowerLawSignal(b=b))
    term = kept_distortion(sympy.Rational(a), sympy.Rational(b)).expression()
    missed = []
    for samples in (10**2, 10**3, 10**4):
        size = 1000 * samples
        found, without = (rc.ridge_risk(problem, model_size=M, samples=samples).excess for M in (size, 10**15))
        floor = rc.Equivalent().curve(rc.Run(problem, model_size=size, schedule=rc.Constant("1/10"), steps=[0]))
        expected = float(term.subs({L.M: size, L.N: samples}))
        missed.append(abs((found - without - floor.approximation) / expected - 1))
    assert missed[2] < 0.04
    assert missed[2] < missed[0] / 3


def test_what_is_not_derived_is_refused():
    for asked in ({"a": "1/2", "b": 2}, {"a": 2, "b": 3, "optimiser": HeavyBall("1/2")}):
        with pytest.raises(InvalidInput, match=r"a data set are derived for"):
            exponents(budget=data_set(), **asked)
    with pytest.raises(InvalidInput, match="one pass alone"):
        ReusedTerms().largest_step(Q(2), batch_size=1, ratio=None)
