"""Proved radii: they hold the value at twice the digits, are as narrow as asked, or are refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st

from riskcalc import Constant, Cosine, Equivalent, Mpmath, PowerLaw, PowerLawSignal, Problem, Run, Warrant, risk
from riskcalc.equivalent.precise import enclosure
from riskcalc.equivalent.precise.certified import certified_forcing_and_kernel, certified_landmarks
from riskcalc.equivalent.precise.generating import kernel_mass, stability_point
from riskcalc.equivalent.precise.setting import setting_of
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.spectral.precise.roots import floor_root, left_of_spectrum
from tests.conftest import golden
from tests.equivalent.test_golden import run_of


def run_with(a=2, b="17/5", v=None, size=1000, step="3/10", steps=(0, 3, 40), batch=1):
    problem = Problem(spectrum=PowerLaw(a=a, dimension=v), signal=PowerLawSignal(b=b), noise="1/10")
    return Run(problem, model_size=size, batch_size=batch, schedule=Constant(step), steps=list(steps))


shapes = st.tuples(
    st.sampled_from(["6/5", "3/2", "2", "3"]),
    st.sampled_from(["3/2", "5/2", "3", "5"]),
    st.sampled_from([None, 10**5]),
    st.sampled_from([2, 30, 1000]),
    st.sampled_from([1, 8]),
)


@settings(max_examples=4)
@given(shape=shapes)
def test_landmarks(shape):
    a, b, v, size, batch = shape
    run = run_with(a, b, v, size, "1/10", [1], batch)
    marks = certified_landmarks(run, digits=30)
    field = Mpmath()
    setting = setting_of(run, field)
    with field.working(75):
        root = floor_root(setting.sums, setting.model_size, 60)
        edge = left_of_spectrum(setting.sums, setting.model_size, field.real(stability_point(setting)), 60)
        truths = [field.rational(x) for x in (root.u, root.u * root.values.sig, kernel_mass(setting, edge))]
    for ball, value in zip((marks.floor, marks.approximation, marks.kappa), truths, strict=True):
        assert abs(ball.value - value) <= ball.radius + value / Fraction(10**59)
        assert 0 < ball.radius <= value / Fraction(10**30)


@pytest.mark.parametrize(
    "kind, number", [pytest.param("equivalent_finite", 1, marks=pytest.mark.slow), ("equivalent_finite", 3)]
)
def test_excess_of_the_references(kind, number):
    case = golden(kind)["cases"][number]
    curve = risk(run_of(case), method=Equivalent(digits=20, certified=True))
    assert curve.warrant is Warrant.ENCLOSED
    for text, radius, expected in zip(curve.decimals["excess"], curve.decimals["radius"], case["excess"], strict=True):
        gap = abs(Fraction(text) - Fraction(expected))
        assert gap <= Fraction(radius) + Fraction(expected) / 10**28
        assert Fraction(radius) <= Fraction(expected) * 6 / Fraction(10**20)
    assert all(curve.radius == [float(text) for text in curve.decimals["radius"]])


@pytest.mark.slow
def test_two_proofs_overlap_and_the_computed_value_lies_in_both():
    """Other numbers of digits mean other circles, nodes, heads and corrections."""
    run = run_with()
    balls = [risk(run, method=Equivalent(digits=digits, certified=True)).decimals for digits in (12, 19)]
    truth = risk(run, method=Equivalent(digits=40)).decimals
    for k in range(3):
        low, high = (Fraction(ball["excess"][k]) for ball in balls)
        assert abs(low - high) <= sum(Fraction(ball["radius"][k]) for ball in balls)
        for ball in balls:
            assert abs(Fraction(ball["excess"][k]) - Fraction(truth["excess"][k])) <= Fraction(ball["radius"][k])


def test_forcing_and_kernel():
    """E(1) = F(1) + K(0) (E(0) + sigma2), F(0) = zeta(b), and K(t) falls."""
    run = run_with(b=4, steps=[0, 1, 2])
    rows = certified_forcing_and_kernel(run, digits=20)
    curve = risk(run, method=Equivalent(digits=25))
    excess = [Fraction(text) for text in curve.decimals["excess"]]
    kernel = [row[1] for row in rows]
    predicted = rows[1][0].value + kernel[0].value * (excess[0] + Fraction(1, 10))
    slack = rows[1][0].radius + kernel[0].radius * 2 + Fraction(1, 10**24)
    assert abs(predicted - excess[1]) <= slack
    assert kernel[0].value > kernel[1].value > kernel[2].value > 0
    assert all(ball.radius <= ball.value / 10**20 for row in rows for ball in row)


def test_a_wrong_root_is_not_proved(monkeypatch):
    """Newton's candidate moved by 1e-8: interval Newton must refuse, not enclose something else."""
    honest = enclosure.floor_root

    def moved(sums, model_size, digits):
        point = honest(sums, model_size, digits)
        return type(point)(
            x=point.x, u=sums.field.middle(point.u * (1 + sums.field.real(Fraction(1, 10**8)))), values=point.values
        )

    monkeypatch.setattr(enclosure, "floor_root", moved)
    with pytest.raises(ToleranceNotMet):
        certified_landmarks(run_with(), digits=20)


def test_what_is_not_proved_is_refused():
    with pytest.raises(InvalidInput, match="Arb"):
        risk(run_with(), method=Equivalent(digits=20, certified=True, field=Mpmath()))
    smooth = Run(run_with().problem, model_size=100, schedule=Cosine("1/5"), steps=[10])
    with pytest.raises(InvalidInput, match="constant"):
        risk(smooth, method=Equivalent(digits=20, certified=True))


def test_an_unmet_request_carries_the_best_ball(monkeypatch):
    from riskcalc.equivalent.precise import certified

    monkeypatch.setattr(certified, "_width", lambda ball: 1.0 - 15)
    with pytest.raises(ToleranceNotMet) as caught:
        certified_landmarks(run_with(), digits=15)
    value, radius = caught.value.best["floor"][0]
    assert abs(Fraction(value) / Fraction("2.46493554848996256964833200588e-6") - 1) < Fraction(1, 10**14)
    assert Fraction(radius) < Fraction(1, 10**19)
