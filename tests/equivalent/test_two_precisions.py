"""Every deterministic quantity of the equivalent on random problems: computed with D digits it has D digits of 2 D."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings, strategies as st

from riskcalc import (
    Arb,
    Constant,
    Equivalent,
    ExplicitSignal,
    ExplicitSpectrum,
    Mpmath,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    risk,
)
from riskcalc.equivalent.precise.generating import (
    Setting,
    forcing_and_kernel,
    kernel_mass,
    points_along,
    stability_point,
)
from riskcalc.equivalent.precise.setting import setting_of
from riskcalc.numeric.precise_sum import PowerLawTables
from riskcalc.spectral.precise.roots import floor_root, left_of_spectrum

TURNS = 12  # points of the path of zeta
SPARE = 12  # digits that differences of the transforms may cost, carried by both sides


@st.composite
def problems(draw, dimensions=(None, 30, 5000, 10**9)):
    dimension = draw(st.sampled_from(dimensions))
    a = draw(st.fractions(Fraction(11, 10), 4, max_denominator=12))
    b = draw(st.fractions(Fraction(11, 10), 6, max_denominator=12))
    spectrum, signal = PowerLaw(a=a, dimension=dimension), PowerLawSignal(b=b)
    if dimension == 30 and draw(st.booleans()):  # one of the two given by numbers
        power = Problem(spectrum=spectrum, signal=signal)
        if draw(st.booleans()):
            spectrum = ExplicitSpectrum(power.eigenvalues())
        else:
            signal = ExplicitSignal(power.target())
    size = draw(st.fractions(2, 20 if dimension == 30 else 2000, max_denominator=3))
    problem = Problem(spectrum=spectrum, signal=signal, noise="1/10")
    return Run(problem, model_size=size, batch_size=draw(st.sampled_from([1, 5])), schedule=Constant("1/30"), steps=[1])


def quantities(run: Run, field, digits, phase, *, transforms=True):
    """u0, approximation, kappa, sums at a complex point, and the transforms of forcing and kernel, as rationals."""
    setting: Setting = setting_of(run, field)
    level = digits + SPARE
    found = {}
    root = floor_root(setting.sums, setting.model_size, level)
    with field.working(level + 10):
        edge = left_of_spectrum(setting.sums, setting.model_size, field.real(stability_point(setting)), level)
        found |= {"u0": root.u, "approximation": root.u * root.values.sig, "kappa": kernel_mass(setting, edge)}
        turn = field.exp(field.pair(field.real(0), field.real(phase)))
        values = setting.sums.at(root.u * turn, level)
        for name in ("d1", "d2", "sig"):
            found |= {f"{name}{k}": part for k, part in enumerate(field.parts(getattr(values, name)))}
        if not transforms:
            return {name: field.rational(value) for name, value in found.items()}
        start = field.real(Fraction(99, 100))
        angles = [field.pair(field.real(0), field.real(phase * k / TURNS)) for k in range(1, TURNS + 1)]
        path = [start * field.exp(angle) for angle in angles]  # roots are followed, so points are neighbours
        zeta, (near, far) = path[-1], list(points_along(setting, start, path, level))[-1]
        for name, value in zip(("forcing", "kernel"), forcing_and_kernel(setting, zeta, near, far), strict=True):
            found |= {f"{name}{k}": part for k, part in enumerate(field.parts(value))}
        return {name: field.rational(value) for name, value in found.items()}


def sizes(found):
    """What the last digit of each quantity is counted from: complex ones from their modulus, about."""
    whole = {name: abs(value) for name, value in found.items()}
    for name in (name[:-1] for name in found if name.endswith("1")):
        whole[f"{name}0"] = whole[f"{name}1"] = whole[f"{name}0"] + whole[f"{name}1"]
    return whole


def agree(run, field, digits, phase, *, further=2.0, transforms=True):
    low, high = (
        quantities(run, field, count, phase, transforms=transforms) for count in (digits, round(further * digits))
    )
    for name, size in sizes(high).items():
        assert abs(low[name] - high[name]) <= size * Fraction(10) ** -digits, name


phases = st.fractions(Fraction(1, 10), 3, max_denominator=10)


few = settings(phases=[Phase.generate])  # a failing case is not made smaller: that would take minutes


@settings(few, max_examples=4)
@given(run=problems(), digits=st.sampled_from([15, 30, 60]), phase=phases)
def test_in_arb(run, digits, phase):
    agree(run, Arb(), digits, phase)


@settings(few, max_examples=1)
@given(run=problems(), digits=st.just(15), phase=phases)
def test_in_mpmath(run, digits, phase):
    agree(run, Mpmath(), digits, phase)


@pytest.mark.slow
@settings(few, max_examples=16)
@given(run=problems(), digits=st.sampled_from([15, 30, 60]), phase=phases, field=st.sampled_from([Arb(), Mpmath()]))
def test_on_many_problems(run, digits, phase, field):
    agree(run, field, digits if field.name == "arb" else 15, phase)


@pytest.mark.slow
@settings(few, max_examples=6)
@given(run=problems(), phase=phases)
def test_at_200_digits(run, phase):
    agree(run, Arb(), 200, phase)


@settings(few, max_examples=1)
@given(run=problems(dimensions=(30,)), phase=phases)
def test_1000_digits_in_2000(run, phase):
    agree(run, Arb(), 1000, phase)


@pytest.mark.slow
def test_1000_digits_in_infinite_dimension():
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"), noise="1/10")
    run = Run(problem, model_size=10, schedule=Constant("1/30"), steps=[1])
    agree(run, Arb(), 1000, Fraction(1, 2), further=1.1, transforms=False)


@pytest.mark.slow
@settings(few, max_examples=2)
@given(run=problems(), phase=phases)
def test_the_two_fields_agree_to_200_digits(run, phase):
    one, other = (quantities(run, field, 200, phase) for field in (Arb(), Mpmath()))
    for name, size in sizes(one).items():
        assert abs(one[name] - other[name]) <= size * Fraction(10) ** -200, name


@pytest.mark.parametrize("digits", [200, pytest.param(1000, marks=pytest.mark.slow)])
def test_spectral_sums_at_hundreds_of_digits(digits):
    found = []
    for count in (digits, 2 * digits):
        field = Arb()
        with field.working(count + 10):
            tables = PowerLawTables(field, a=Fraction(7, 3), dimension=None, powers=(Fraction(9, 4),), digits=count)
            found.append([field.rational(value) for value in tables.at(field.real(Fraction(1, 10**6)))[0]])
    for low, high in zip(*found, strict=True):
        assert 0 < abs(low - high) <= abs(high) * Fraction(10) ** -digits


@pytest.mark.parametrize("explicit", ["spectrum", "signal"])
def test_float64_agrees_where_one_of_two_is_given_by_numbers(explicit):
    power = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b=3), noise="1/10")
    given = {"spectrum": ExplicitSpectrum(power.eigenvalues())}
    if explicit == "signal":
        given = {"signal": ExplicitSignal(power.target())}
    found = []
    for problem in (replace(power, **given), power):
        run = Run(problem, model_size="17/2", schedule=Constant("1/4"), steps=[3, 10**5])
        plain, precise = risk(run, method=Equivalent(tolerance=1e-12)), risk(run, method=Equivalent(digits=25))
        assert plain.excess == pytest.approx(precise.excess, rel=1e-11)
        found.append(precise.decimals["excess"])
    assert found[0] != found[1]  # floats are not the powers
