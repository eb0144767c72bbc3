"""The formulas against each other and against the recursion they come from, exactly or to 30 digits."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy

from riskcalc.formula import evaluate, formula, letters as L
from riskcalc.formula.dispersion import d1, dispersion
from riskcalc.formula.generating import (
    bias_transform,
    curvature,
    excess_transform,
    far_root,
    near_root,
    variance_transform,
)
from riskcalc.formula.recursion import step_factor

PROBLEM = {"a": Fraction(2), "b": Fraction(13, 5), "v": 12, "M": 4}
RUN = {"gamma": Fraction(3, 10), "B": 2, "sigma2": Fraction(1, 2)}
DIGITS = 30
MODES = ("dispersion", "signal-weight", "kernel-weight")


@pytest.fixture(scope="module")
def contour():
    """Modes of the equivalent on an ellipse in log(u0 - u) around the spectrum: positions, weights, floor."""
    with mpmath.workdps(DIGITS + 10):
        value = {**PROBLEM}
        u0 = mpmath.findroot(lambda u: evaluate(d1(), {**value, "u": u}, 45) - 4, (0.05, 0.2), tol=1e-70)
        left, right = mpmath.log(u0 + 1.9), mpmath.log(u0 / 3)
        middle, half, height, count = (left + right) / 2, (left - right) / 2 + 0.5, mpmath.mpf("1.1"), 240
        rows = []
        for number in range(count):
            angle = 2 * mpmath.pi * (number + mpmath.mpf(1) / 2) / count
            y = middle + half * mpmath.cos(angle) + 1j * height * mpmath.sin(angle)
            slope = -half * mpmath.sin(angle) + 1j * height * mpmath.cos(angle)
            point = u0 - mpmath.exp(y)
            du = -mpmath.exp(y) * slope * 2 * mpmath.pi / count
            at = {**value, "u": point, "du": du}
            rows.append([evaluate(formula(name).expression, at, 40) for name in MODES])
        floor = evaluate(formula("approximation").expression, {**value, "u0": u0}, 40)
        positions, signal, kernel = zip(*rows, strict=True)
        return {"z": positions, "f": signal, "k": kernel, "floor": floor}


def test_forcing_at_zero_is_the_initial_excess(contour):
    initial = evaluate(formula("initial-excess").expression, PROBLEM, 40)
    assert abs(contour["floor"] + mpmath.fsum(contour["f"]) - initial) < 1e-13


def test_kernel_weights_sum_to_the_second_moment_of_the_sketched_covariance(contour):
    """Average of tr K^2 over Gaussian sketches: tr Lambda^2 + (tr Lambda)^2/M."""
    traces = [sum(Fraction(1, j ** (2 * power)) for j in range(1, 13)) for power in (1, 2)]
    assert abs(mpmath.fsum(contour["k"]) - float(traces[1] + traces[0] ** 2 / 4)) < 1e-12


def test_kappa_in_closed_form_is_the_sum_of_the_kernel(contour):
    """-d1(u_*)/(B + 1) against (gamma^2/B) sum k_n/(1 - q(z_n))."""
    known = {**PROBLEM, **RUN}
    with mpmath.workdps(40):
        star = evaluate(formula("stability-point").expression, known, 40)
        at = _newton(star, -star)
        assert at < -1
        closed = evaluate(formula("kernel-mass").expression, {**known, "u": at}, 40)
        gaps = [1 - evaluate(step_factor(), {**known, "z": z}, 40) for z in contour["z"]]
        total = mpmath.fsum(k / gap for k, gap in zip(contour["k"], gaps, strict=True))
        summed = total * mpmath.mpf("0.09") / 2
    assert abs(summed - closed) < 1e-12


def test_kappa_of_one_eigenvalue_is_its_kernel_summed_over_time():
    gap = sympy.cancel(1 - step_factor(L.lambda_))
    mass = L.gamma**2 / L.B * L.lambda_**2 / gap
    assert sympy.simplify(mass - formula("kernel-mass-of-eigenvalue").expression) == 0


def test_kappa_closed_form_follows_from_partial_fractions():
    star = formula("stability-point").expression
    closed = L.lambda_ / (star - L.lambda_) / (L.B + 1)
    assert sympy.simplify(closed - formula("kernel-mass-of-eigenvalue").expression) == 0


def test_two_resolvents_equal_the_sums_over_modes(contour):
    known = {**PROBLEM, **RUN, "zeta": mpmath.mpc("0.9", "0.05")}
    with mpmath.workdps(40):
        roots = {"x1": "near-root", "x2": "far-root"}
        known |= {name: evaluate(formula(row).expression, known, 40) for name, row in roots.items()}
        for name, root in (("u1", "x1"), ("u2", "x2")):
            known[name] = _inverse_dispersion(known[root])
        modes = {"z[]": contour["z"], "modes": len(contour["z"])}
        X = evaluate(formula("forcing-transform").expression, {**known, **modes, "x[]": contour["f"]}, 40)
        K = evaluate(formula("kernel-transform").expression, {**known, **modes, "k[]": contour["k"]}, 40)
        F = evaluate(formula("forcing-from-resolvents").expression, known, 40)
        assert abs(X + contour["floor"] / (1 - known["zeta"]) - F) < 1e-12
        assert abs(K - evaluate(formula("kernel-from-resolvents").expression, known, 40)) < 1e-13


def test_the_roots_factor_the_denominator():
    x = L.x
    product = -curvature() * (x - near_root()) * (x - far_root())
    values = {L.gamma: Fraction(3, 10), L.B: 3, L.zeta: 0.7 + 0.2j, x: 1.3 - 0.4j}
    assert abs(evaluate(product - (1 - L.zeta * step_factor(x)), values, 40)) < 1e-38


def test_excess_splits_into_approximation_bias_and_variance():
    split = L.approximation / (1 - L.zeta) + bias_transform() + variance_transform()
    assert sympy.simplify(split - excess_transform()) == 0


def test_generating_function_reproduces_the_recursion_exactly():
    """One mode, rational numbers: power series in zeta against four steps of the mode recursion."""
    z, f, k, floor = Fraction(1, 2), Fraction(1), Fraction(1, 4), Fraction(1, 10)
    numbers = {L.gamma: sympy.Rational(1, 5), L.B: 2, L.sigma2: sympy.Rational(1, 2)}
    numbers |= {L.approximation: sympy.Rational(floor)}
    denominator = formula("mode-denominator").expression.subs(L.z, sympy.Rational(z)).subs(numbers)
    pieces = {
        L.X: sympy.Rational(f) / denominator,
        L.K: sympy.Rational(1, 50) * sympy.Rational(k) / denominator,
    }
    series = sympy.series(excess_transform().subs(numbers).subs(pieces), L.zeta, 0, 4).removeO()
    recursion = formula("mode-recursion").expression
    state, found = sympy.Rational(f), []
    for _ in range(4):
        found.append(state + sympy.Rational(floor))
        at = {L.x: state, L.z: sympy.Rational(z), L.k: sympy.Rational(k), L.E: found[-1]}
        state = recursion.subs(at).subs(numbers)
    assert [series.coeff(L.zeta, power) for power in range(4)] == found


def test_golden_moments_of_three_eigenvalues():
    """Eigenvalues 1, 1/2, 1/4, unit moments, noise 1/2, step 1/5: three steps, exactly, for B = 1 and 4."""
    golden = {
        1: ["459/320", "761377/640000", "255573127/256000000"],
        4: ["4197/3200", "1280933/1280000", "1592339723/2048000000"],
    }
    step = formula("moment-recursion").expression
    eigenvalues = [sympy.Rational(1), sympy.Rational(1, 2), sympy.Rational(1, 4)]
    for batch, expected in golden.items():
        moments, found = [sympy.Integer(1)] * 3, []
        for _ in range(3):
            excess = sum(l * s for l, s in zip(eigenvalues, moments, strict=True))
            at = {L.gamma: sympy.Rational(1, 5), L.B: batch, L.sigma2: sympy.Rational(1, 2), L.E: excess}
            moments = [
                step.subs({L.s: s, L.lambda_: l, **at}) for l, s in zip(eigenvalues, moments, strict=True)
            ]
            found.append(str(sum(l * s for l, s in zip(eigenvalues, moments, strict=True))))
        assert found == expected


def test_limit_excess_is_a_fixed_point_of_the_renewal_equation():
    limit = formula("limit-excess").expression
    assert sympy.simplify(L.approximation + L.kappa * (limit + L.sigma2) - limit) == 0


def _inverse_dispersion(target):
    """u with z(u) = target, continued along the ray from far out, where u = -z."""
    direction, radius = target / abs(target), mpmath.mpf(60)
    u = -radius * direction
    while radius > abs(target):
        radius = max(radius / mpmath.mpf("1.3"), abs(target))
        goal = radius * direction
        u = _newton(goal, u)
    return u


def _newton(target, start):
    return mpmath.findroot(
        lambda u: evaluate(dispersion(), {**PROBLEM, "u": u}, 40) - target, start, tol=1e-60
    )
