"""The spectral sum: what it prints, how it substitutes and differentiates, and what it never does."""

from __future__ import annotations

import pickle

import mpmath
import pytest
import sympy
from sympy import Lambda, Rational, Symbol, exp, oo, symbols

from riskcalc.formula import SpectralSum, evaluate, power_sum, resolvent_sum

a, b, p, u, v, x, y = symbols("a b p u v x y", positive=True)


def test_derivative_in_u_shifts_the_power_by_a():
    assert SpectralSum(Lambda(x, exp(-x)), p, a, u, v).diff(u) == -SpectralSum(
        Lambda(x, exp(-x)), p - a, a, u, v
    )


def test_derivative_follows_the_chain_rule():
    whole = SpectralSum(Lambda(x, exp(-x)), p, a, u**2, v).diff(u)
    assert whole == -2 * u * SpectralSum(Lambda(x, exp(-x)), p - a, a, u**2, v)


def test_derivative_of_a_resolvent_is_the_next_resolvent():
    n = Symbol("n", positive=True)
    assert resolvent_sum(p, n, a, u, v).diff(u) == -n * resolvent_sum(p, n + 1, a, u, v)


def test_derivative_in_a_parameter_of_the_summand():
    slope = SpectralSum(Lambda(x, exp(-b * x)), p, a, u, v).diff(b)
    assert slope == -SpectralSum(Lambda(x, x * exp(-b * x)), p, a, u, v)


def test_derivative_in_the_exponents_is_refused():
    with pytest.raises(NotImplementedError, match="not in a"):
        resolvent_sum(p, 1, a, u, v).diff(a)


def test_derivative_agrees_with_a_difference_quotient():
    values = {"a": "3/2", "b": "12/5", "v": 30}
    total = resolvent_sum(b, 2, a, u, v)
    with mpmath.workdps(60):
        step = mpmath.mpf(10) ** -20
        ahead = evaluate(total, {**values, "u": mpmath.mpf("0.3") + step}, 50)
        behind = evaluate(total, {**values, "u": mpmath.mpf("0.3") - step}, 50)
        slope = evaluate(total.diff(u), {**values, "u": "3/10"}, 50)
        assert abs((ahead - behind) / (2 * step) - slope) < mpmath.mpf(10) ** -28


def test_sums_with_differently_named_bound_variables_are_equal():
    assert SpectralSum(Lambda(x, exp(-x)), p, a, u) == SpectralSum(Lambda(y, exp(-y)), p, a, u)


def test_substitution_cannot_capture_the_bound_variable():
    total = SpectralSum(Lambda(x, exp(-b * x)), p, a, u, v)
    assert total.subs(b, x).g(y) == exp(-x * y)
    assert total.free_symbols == {a, b, p, u, v}


def test_substitution_reaches_every_part():
    total = resolvent_sum(b, 1, a, u, v).subs({a: 2, b: 3, u: Rational(1, 2), v: oo})
    assert total == resolvent_sum(3, 1, 2, Rational(1, 2), oo)


def test_resolvent_sum_has_the_term_it_is_named_after():
    j = sympy.Integer(3)
    term = resolvent_sum(p, 2, a, u, v).term(j)
    assert sympy.simplify(term - j**-p / (j**-a + u) ** 2) == 0


def test_latex():
    assert sympy.latex(resolvent_sum(b, 2, a, u, v)) == (
        r"\sum_{j=1}^{v} \frac{j^{- b}}{\left(j^{- a} + u\right)^{2}}"
    )
    assert (
        sympy.latex(SpectralSum(Lambda(x, exp(-x)), p, a, u)) == r"\sum_{j=1}^{\infty} j^{- p} e^{- j^{a} u}"
    )
    assert sympy.latex(power_sum(b)) == r"\sum_{j=1}^{\infty} j^{- b}"


def test_str_shows_the_summand():
    assert str(resolvent_sum(a, 1, a, u)) == "SpectralSum(x -> 1/(x + 1), 0, a, u, oo)"


def test_pickling_keeps_equality():
    total = resolvent_sum(b, 2, a, u, v)
    assert pickle.loads(pickle.dumps(total)) == total


def test_two_arguments_under_the_sum_are_refused():
    with pytest.raises(TypeError, match="one argument"):
        SpectralSum(Lambda((x, y), x + y), p, a, u)


def test_evalf_never_returns_the_silent_zero_of_sympy():
    """`sympy.Sum.evalf` gives 0 here (SymPy 1.14); a spectral sum must stay symbolic or be right."""
    total = SpectralSum(Lambda(x, exp(-x)), Rational(12, 5), -2, 100, 4000)
    assert total.evalf(30) == total
    assert not total.has(sympy.Sum)
    assert not (total + 1).evalf().has(sympy.Sum)
    terms = (
        mpmath.mpf(j) ** mpmath.mpf("-2.4") * mpmath.exp(-mpmath.mpf(100) / j**2) for j in range(1, 4001)
    )
    direct = mpmath.fsum(terms)
    value = evaluate(total, digits=15)
    assert abs(value / direct - 1) < 1e-13
    assert value > 0.02


def test_text_is_never_evaluated(tmp_path):
    """SymPy would run text given for a formula; here it is refused before it is read."""
    from sympy import SympifyError

    from riskcalc.asymptotic import term_table

    trace = tmp_path / "ran"
    attack = f"__import__('pathlib').Path({str(trace)!r}).touch()"
    calls = (
        lambda: SpectralSum(Lambda(x, x), attack, 2, 1, 5),
        lambda: SpectralSum(Lambda(x, x), 2, attack, 1, 5),
        lambda: term_table(attack, 2),
    )
    for call in calls:
        with pytest.raises(SympifyError):
            call()
    assert not trace.exists()
