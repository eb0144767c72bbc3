"""The exact equivalent over the leading terms with a memory tends to 1, and its slopes to the derived exponents."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.asymptotic.accelerated import Acceleration, accelerated_terms, slow_feedback
from riskcalc.formula import letters as L

A, GAMMA = 2, 0.3
DECAYING = rc.Dana(delta="1/10", decay="1/2", memory=8)


def excess_of(b, size, steps, optimiser, step_size="3/10"):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=A), signal=rc.PowerLawSignal(b=b))
    run = rc.Run(problem, model_size=size, schedule=rc.Constant(step_size), steps=steps, optimiser=optimiser)
    return rc.Equivalent().curve(run)


def slopes(values, ladder):
    return np.diff(np.log(np.abs(values))) / np.diff(np.log(np.array(ladder, dtype=float)))


def plain_feedback(size):
    """kappa of SGD at the step size of the gradient itself."""
    return excess_of("12/5", size, [1], rc.SGD()).method["kappa"]


def leading(name, b, size, steps, optimiser):
    """A term of the table with its constant; of constant DANA, delta is its multiple of 1/M."""
    import sympy

    two = sympy.Integer(A)
    terms = accelerated_terms(two, sympy.Rational(b), Acceleration.of(optimiser, two))
    (term,) = (one for one in terms if one.name == name)
    return np.array([float(term.expression().subs({L.M: size, L.t: step})) for step in steps])


@pytest.mark.parametrize(
    ("optimiser", "step_size", "effective"),
    [
        (rc.HeavyBall("9/10"), "3/100", "3/10"),
        (rc.TwoBuffer(delta="1/100", mu="19/20"), "1/10", "3/10"),
    ],
    ids=["heavy ball", "two buffers"],
)
def test_constant_momentum_has_the_terms_of_sgd_at_its_effective_step_size(optimiser, step_size, effective):
    """E (1 - kappa)/(F_0 + F_pp) = 1.0140, 1.0030, 1.00023, 1.000007 for heavy ball."""
    ladder = [10**3, 10**4, 10**6, 10**9]
    found = excess_of("12/5", 10**12, ladder, optimiser, step_size)
    plain = rc.Run(
        rc.Problem(spectrum=rc.PowerLaw(a=A), signal=rc.PowerLawSignal(b="12/5")),
        model_size=10**12,
        schedule=rc.Constant(effective),
        steps=ladder,
    )
    terms = rc.Asymptotic().curve(plain)
    assert terms.variance.max() < 1e-9 * terms.bias.min()
    forcing = terms.bias * (1 - excess_of("12/5", 10**12, [1], rc.SGD()).method["kappa"])
    ratios = (found.excess - terms.approximation) * (1 - found.method["kappa"]) / forcing
    gaps = ratios - 1
    assert np.all(np.diff(np.abs(gaps)) < 0)
    assert abs(gaps[-1]) < 1e-5
    # the next term is what the sum of the kernel still lacks, t^-(1 - 1/a)
    assert slopes(gaps, ladder)[-1] == pytest.approx(-0.5, abs=0.03)


@pytest.mark.slow
def test_decaying_dana_needs_the_feedback_of_its_memory():
    """E (1 - kappa_f - kappa_s(q))/F_pp = .974, .9915, .9975; without kappa_s it passes 1 and stays away from it."""
    ladder = [10**6, 10**7, 10**8]
    found = excess_of("12/5", 10**9, ladder, DECAYING)
    q = float(-accelerated_slope("F_pp", "12/5", DECAYING))
    forcing = leading("F_pp", "12/5", 10**9, ladder, DECAYING)
    fast = plain_feedback(10**9)
    slow = slow_feedback(q, a=A, optimiser=DECAYING, step_size=GAMMA)
    ratios = found.excess * (1 - fast - slow) / forcing
    gaps = ratios - 1
    assert np.all(np.diff(np.abs(gaps)) < 0)
    assert abs(gaps[-1]) < 3e-3
    assert slopes(gaps, ladder)[-1] == pytest.approx(-0.5, abs=0.06)
    without = found.excess * (1 - fast) / forcing
    assert np.all(np.diff(np.abs(without - 1)) > 0)
    local = slopes(found.excess, ladder)
    assert np.all(np.diff(np.abs(local + q)) < 0)
    assert local[-1] == pytest.approx(-q, abs=0.004)


@pytest.mark.slow
def test_constant_dana_turns_from_the_law_of_sgd_to_its_own():
    """Slope -.70 before t = M, -1.4 long after; E (1 - kappa_f)/F_pp = .756, .904, .968, .992, 1.004 at t/M to 1e4."""
    size = 10**11
    own, asked = (rc.Dana(delta=delta, decay=0, memory=8) for delta in (f"{1}/{10 * size}", "1/10"))
    early, late = [size // 100, size // 10], [share * size for share in (100, 300, 1000, 3000, 10_000)]
    found = excess_of("12/5", size, early + late, own)
    local = slopes(found.excess, early + late)
    of_sgd, q = -1.4 / A, float(accelerated_slope("F_pp", "12/5", asked))
    assert abs(local[0] - of_sgd) < 0.02 * abs(q - of_sgd)
    assert np.all(np.diff(np.abs(local[2:] - q)) < 0)
    gaps = found.excess[2:] * (1 - plain_feedback(size)) / leading("F_pp", "12/5", size, late, asked) - 1
    assert np.all(np.diff(np.abs(gaps)) < 0)
    assert abs(gaps[-1]) < 0.01


def accelerated_slope(name, b, optimiser):
    """The exponent of t in a term."""
    import sympy

    two = sympy.Integer(A)
    terms = accelerated_terms(two, sympy.Rational(b), Acceleration.of(optimiser, two))
    return next(term.exponent("t") for term in terms if term.name == name)
