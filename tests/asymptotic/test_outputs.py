"""The number of outputs as a scale: derived terms against the equivalent road along ladders of decades."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy
from sympy import Rational

from riskcalc import Constant, Geometric, MultipleOutputs, Polynomial, PowerLaw, PowerLawSignal, Problem, Run, risk
from riskcalc.asymptotic import critical_outputs, term_table, with_outputs
from riskcalc.asymptotic.shape import constant, geometric, polynomial
from riskcalc.asymptotic.values import constant_value
from riskcalc.errors import InvalidInput
from riskcalc.formula import letters as L


def parts(outputs, normalisation, *, b, step_size, steps, model_size="1e9", schedule=Constant):
    scalar = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=b), noise=1)
    problem = getattr(MultipleOutputs, normalisation)(scalar, outputs=outputs)
    curve = risk(Run(problem, model_size=model_size, schedule=schedule(step_size), steps=[steps]))
    return {"approximation": curve.approximation, "bias": curve.bias[0], "variance": curve.variance[0]}


@pytest.mark.parametrize("normalisation, growth", [("every_output", (1, 1, 1)), ("total", (0, 0, 1))])
def test_powers_of_the_number_of_outputs(normalisation, growth):
    """The derived exponent of P, against slopes of the equivalent; the noise is label noise but for 1/P."""
    name = "every" if normalisation == "every_output" else "total"
    table = {term.name: term.exponent("P") for term in with_outputs(term_table(sympy.Integer(2), Rational(5, 2)), name)}
    assert (table["F_0"], table["F_pp"], table["noise"]) == growth
    found = [parts(10**k, normalisation, b="5/2", step_size="1/5", steps=10**6) for k in (4, 8)]
    for part, power in zip(("approximation", "bias", "variance"), growth, strict=True):
        slope = np.log10(found[1][part] / found[0][part]) / 4
        assert abs(slope - power) < 1e-4


def value(term, **letters):
    """A critical number of outputs as a number, sigma2 = B = 1."""
    size = sum(float(term.exponent(name)) * np.log(letters[name]) for name in letters)
    assert not term.logs
    return constant_value(term, a=2.0, ratio=None) * np.exp(size)


def test_ratio_tends_to_one_at_constant_step_size():
    """gamma falls with t, as the constants are those without feedback."""
    (term,) = critical_outputs(sympy.Integer(2), Rational(5, 2), shape=constant())
    gaps = []
    for decade in (4, 6, 8, 10):
        t, gamma = 10**decade, Fraction(1, 10 ** (decade // 2))
        outputs = round(10**6 * value(term, t=t, gamma=float(gamma)))
        found = parts(outputs, "total", b="5/2", step_size=gamma, steps=t)
        gaps.append(abs(found["variance"] / found["bias"] / 10**6 - 1))
    assert all(later < 0.5 * earlier for earlier, later in pairwise(gaps))
    assert gaps[-1] < 0.02


def test_ratio_tends_to_one_at_the_end_of_a_polynomial_decay():
    """a = b = 2, power p = 2: P* = 2/(3 gamma); the next term is smaller by (gamma t)^(1/(p + 1) - 1/a)."""
    (term,) = critical_outputs(sympy.Integer(2), sympy.Integer(2), shape=polynomial(sympy.Integer(2)))
    assert sympy.simplify(term.expression() - Rational(2, 3) * L.B / (L.gamma * L.sigma2)) == 0
    gamma, gaps = Fraction(1, 20), []
    for decade in (2, 3, 4):
        found = parts(
            round(Fraction(2, 3) / gamma * 10**6),
            "total",
            b=2,
            step_size=gamma,
            steps=10**decade,
            model_size=10**5,
            schedule=lambda size: Polynomial(size, power=2),
        )
        gaps.append(1 - found["variance"] / found["bias"] / 10**6)
    slopes = np.diff(np.log10(gaps))
    assert np.abs(slopes - (1 / 3 - 1 / 2)).max() < 0.01


@pytest.mark.parametrize("b", ["3/2", 2])
def test_geometric_schedule_keeps_the_ratio_while_the_number_moves(b):
    """The ratio must have no slope over the decades where P* has one, but at b = a; and with its constant be near 1."""
    (term,) = critical_outputs(sympy.Integer(2), Rational(str(b)), shape=geometric())
    order = L.B / L.sigma2 * L.t * (L.gamma * L.t) ** (-Rational(str(b)) / 2)
    assert sympy.simplify(term.expression() - term.constant * order) == 0
    logs, numbers = [], []
    for decade in (7, 10):
        effective = 10**decade / np.log2(10.0**decade)
        size = term.expression().subs({L.t: effective, L.gamma: 0.05, L.B: 1, L.sigma2: 1})
        # 1e6 times as many as needed, so that label noise is all of the variance
        outputs = round(1e6 * float(size))
        found = parts(outputs, "total", b=b, step_size="1/20", steps=10**decade, schedule=Geometric)
        logs.append(np.log10(found["variance"] / found["bias"] * float(size) / outputs))
        numbers.append(np.log10(float(size)))
    slope = (logs[-1] - logs[0]) / 3
    assert abs(slope) < 0.02
    assert max(map(abs, logs)) < 0.02  # a factor of the square root of 2 would be 0.15
    derived = 1 - float(Fraction(str(b))) / 2
    assert abs((numbers[-1] - numbers[0]) / (np.log10(1e3) - np.log10(10 / 7)) - derived) < 1e-9


def test_symbolic_form_and_refusals():
    (term,) = critical_outputs(shape=geometric())
    assert term.exponents == {"t": 1 - L.b / L.a, "gamma": -L.b / L.a, "B": 1, "sigma2": -1} or (
        sympy.simplify(term.exponent("t") - 1 + L.b / L.a) == 0 and term.exponent("gamma") == -L.b / L.a
    )
    with pytest.raises(InvalidInput, match="no term"):
        critical_outputs(against="nothing")
    with pytest.raises(InvalidInput, match="every or total"):
        with_outputs(term_table(), "mean")
