"""Proved radii at late steps: other rules and other fields agree, and a broken bound does not survive."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import mpmath
import pytest

from riskcalc import Arb, Constant, Equivalent, Mpmath, PowerLaw, PowerLawSignal, Problem, Run, risk
from riskcalc.equivalent.precise import coefficients, enclosure
from riskcalc.equivalent.precise.certified import certified_forcing_and_kernel, certified_landmarks
from riskcalc.equivalent.precise.coefficients import circle_rule, enclosed_coefficients, hyperbola_rule
from riskcalc.equivalent.precise.generating import forcing_and_kernel, points_along
from riskcalc.equivalent.precise.setting import setting_of
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.hyperbola import hyperbola
from riskcalc.numeric.precise_inversion import cotangent_nodes, total
from riskcalc.spectral.precise.of_problem import precise_sums


def run_at(step, *, a=2, b="17/5", v=None, size=1000, noise="1/10", batch=1, step_size="3/10"):
    problem = Problem(spectrum=PowerLaw(a=a, dimension=v), signal=PowerLawSignal(b=b), noise=noise)
    return Run(problem, model_size=size, batch_size=batch, schedule=Constant(step_size), steps=[step])


def ball_of(run, digits):
    decimals = risk(run, method=Equivalent(digits=digits, certified=True)).decimals
    return Fraction(decimals["excess"][0]), Fraction(decimals["radius"][0])


LATE = [
    run_at(10**6),
    run_at(10**18, b=3, size=10**9, noise=0),  # excess 1e-16 of F(0), still falling
    run_at(10**18, size=10),  # long after everything has settled
    run_at(10**5, a="4/5", b="8/5", v=4000, step_size="1/100", batch=4),
]


@pytest.mark.parametrize("run", LATE, ids=lambda run: f"{run.model_size}-{run.steps[0]:.0e}")
def test_the_ball_holds_the_computed_value_and_is_narrow(run):
    value, radius = ball_of(run, 12)
    truth = Fraction(risk(run, method=Equivalent(digits=24)).decimals["excess"][0])
    assert abs(value - truth) <= radius + truth / 10**23
    assert 0 < radius <= truth * 6 / 10**12


@pytest.mark.slow
def test_the_ball_holds_what_mpmath_finds_at_twice_the_digits():
    run = run_at(10**4, size=100)
    value, radius = ball_of(run, 6)
    truth = Fraction(risk(run, method=Equivalent(digits=12, field=Mpmath())).decimals["excess"][0])
    assert abs(value - truth) <= radius + truth / 10**11
    assert radius <= truth * 6 / 10**6


def forcing_balls(run, rule, level):
    """F and K by one rule, and their radii."""
    field = Arb()
    setting = setting_of(run, field)
    sums = precise_sums(run.problem, field, proved=True)
    row = enclosed_coefficients(
        setting, sums, rule, level, max(setting.sums.signal, Fraction(1)), lambda *at: forcing_and_kernel(setting, *at)
    )[0]
    with field.working(rule.digits):
        return [(field.rational(x), Fraction(10) ** math.ceil(field.radius(x) + 1e-9)) for x in row]


def test_balls_of_a_circle_and_of_two_hyperbolas_overlap():
    run = run_at(60, size=50)
    found = [
        forcing_balls(run, circle_rule((60,), 14), 14),
        forcing_balls(run, hyperbola_rule(60, 14), 14),
        forcing_balls(run, hyperbola_rule(60, 19), 19),
    ]
    for one, two in ((0, 1), (0, 2), (1, 2)):
        for (low, near), (high, far) in zip(found[one], found[two], strict=True):
            assert abs(low - high) <= near + far
    for radius in (found[k][quantity][1] for k in range(3) for quantity in (0, 1)):
        assert radius < Fraction(1, 10**12)


def truth_of_forcing(run, digits):
    """F and K at a late step from the cotangent contour in mpmath."""
    field = Mpmath()
    setting = setting_of(run, field)
    with field.working(2 * digits + 15):
        nodes = cotangent_nodes(field, time=run.steps[0], nodes=2 * digits + 4)
        pairs = points_along(setting, nodes.start, nodes.zeta, digits + 10)
        values = [
            forcing_and_kernel(setting, zeta, near, far) for zeta, (near, far) in zip(nodes.zeta, pairs, strict=True)
        ]
        return [field.rational(total(field, nodes.weight[0], [value[k] for value in values])) for k in (0, 1)]


def test_forcing_and_kernel_hold_what_mpmath_finds_at_twice_the_digits():
    run = run_at(1000, size=100, b=4)
    balls = certified_forcing_and_kernel(run, digits=8)[0]
    for ball, truth in zip(balls, truth_of_forcing(run, 20), strict=True):
        assert abs(ball.value - truth) <= ball.radius + truth / 10**15
        assert 0 < ball.radius <= truth / 10**8


def holds(run, digits):
    value, radius = ball_of(run, digits)
    truth = Fraction(risk(run, method=Equivalent(digits=2 * digits)).decimals["excess"][0])
    return abs(value - truth) <= radius + truth / Fraction(10) ** (2 * digits - 1)


def test_a_broken_contour_is_caught(monkeypatch):
    """Half of the nodes, under the bound of all of them: the ball no longer holds the value."""
    run = run_at(10**6, size=100)
    assert holds(run, 12)

    def coarser(*, time, digits):
        honest = hyperbola(time=time, digits=digits)
        broken = replace(honest, spacing=2 * honest.spacing, nodes=honest.nodes // 2)
        object.__setattr__(broken, "log10_bound", honest.log10_bound)
        return broken

    monkeypatch.setattr(coefficients, "hyperbola", coarser)
    assert not holds(run, 12)


def test_a_dropped_contour_bound_is_caught(monkeypatch):
    """Few nodes and no bound at all: narrow, and wrong."""
    run = run_at(10**6, size=100)

    def unbounded(step, level):
        rule = hyperbola_rule(step, level)
        return replace(rule, hyperbola=hyperbola(time=step, digits=8), log10_bound=-400.0)

    monkeypatch.setattr(coefficients, "hyperbola_rule", unbounded)
    assert not holds(run, 14)


def moved_root(sums, model_size, digits, honest=enclosure.floor_root):
    point = honest(sums, model_size, digits)
    return replace(point, u=sums.field.middle(point.u * (1 + sums.field.real(Fraction(1, 10**14)))))


def floor_is_held(run):
    ball = certified_landmarks(run, digits=20).floor
    with mpmath.workdps(50):
        exact = Fraction(risk(run, method=Equivalent(digits=40)).method["floor"])
    return abs(ball.value - exact) <= ball.radius


def test_newton_without_the_inclusion_is_caught(monkeypatch):
    """A root that is off by 1e-14, and a test that always says yes: the ball misses the root."""
    run = run_at(1)
    assert floor_is_held(run)
    monkeypatch.setattr(enclosure, "floor_root", moved_root)
    monkeypatch.setattr(Arb, "inside", lambda *_: True)
    monkeypatch.setattr(Arb, "ball", lambda self, x, log10_radius: self.widen(x.mid(), min(log10_radius, -30.0)))
    assert not floor_is_held(run)


def test_the_bound_of_the_hyperbola_holds_for_a_single_decay():
    """1/(1 - zeta q) has the coefficient q^t: any q in (0, 1) must come out within the bound, at few digits too."""
    field = Arb()
    from riskcalc.numeric.hyperbola import hyperbola_nodes

    for time in (2, 7, 50, 10**5, 10**18):
        for digits in (4, 12, 25):
            curve = hyperbola(time=time, digits=digits)
            assert curve.log10_bound() <= -digits
            for rate in (Fraction(0), Fraction(1, 3), 1 - Fraction(1, time), 1 - Fraction(1, 100 * time)):
                with field.working(70):
                    nodes, q = hyperbola_nodes(field, curve), field.real(rate)
                    found = total(field, nodes.weight[0], [1 / (1 - zeta * q) for zeta in nodes.zeta])
                    gap = abs(found - q**time)
                    assert gap < field.real(10) ** -digits
                    assert gap.rad() < 1e-27


@pytest.mark.slow
def test_a_request_beyond_reach_carries_the_best_ball():
    """K(t) is exponentially small long after M^a/gamma: no relative radius is reached, and F is known all the same."""
    with pytest.raises(ToleranceNotMet) as caught:
        certified_forcing_and_kernel(run_at(10**8, size=10), digits=5)
    value, radius = caught.value.best["F"][0]
    assert 0 < Fraction(radius) < Fraction(value) / 10**5
