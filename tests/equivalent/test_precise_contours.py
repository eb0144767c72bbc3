"""Two kinds of contour at many digits: both hold the same measure, and the lens serves where the ellipse cannot."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from riskcalc import (
    Arb,
    Constant,
    ExplicitSignal,
    ExplicitSpectrum,
    Geometric,
    Mpmath,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
)
from riskcalc.equivalent.precise.constant_size import constant_parts
from riskcalc.equivalent.precise.contour_modes import ellipse_modes, lens_modes
from riskcalc.equivalent.precise.setting import setting_of
from riskcalc.equivalent.precise.walked import walked_parts
from riskcalc.equivalent.stability import stability
from riskcalc.errors import ConsistencyError, ToleranceNotMet
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.precise import contour_modes
from riskcalc.spectral.precise.roots import follow

INFINITE = Problem(spectrum=PowerLaw(a="3/2"), signal=PowerLawSignal(b=2), noise="1/10")
NEARLY_ALL = Problem(spectrum=PowerLaw(a=1, dimension=9), signal=PowerLawSignal(b=1), noise="1/10")
LISTED = Problem(spectrum=ExplicitSpectrum([1, 0.7, 0.3, 0.1, 0.01]), signal=ExplicitSignal([1, 2, 0, 1, 3]))
SIZES = {"infinite": (INFINITE, 5), "nearly all": (NEARLY_ALL, "899/100"), "listed": (LISTED, "9/2")}
MOST = 10**5


def run_of(name, share, steps, batch=3, schedule=Constant):
    problem, size = SIZES[name]
    sums, size = spectral_sums(problem), Fraction(size)
    found = stability(sums, size, landmarks(sums, size), step_size=1e-9, batch_size=batch)
    step = Fraction(share * found.largest_step_size)
    return Run(problem, model_size=size, batch_size=batch, schedule=schedule(step), steps=steps)


def moment(setting, modes, weights, t):
    """sum w q^t, exactly the real part that the dynamics adds up."""
    field, gamma = setting.field, setting.field.real(setting.step_size)
    spread = field.real(1 + Fraction(1, setting.batch_size))
    terms = [w * (1 - gamma * z * (2 - spread * gamma * z)) ** t for w, z in zip(weights, modes.position, strict=True)]
    return field.rational(sum(field.parts(term)[0] for term in terms))


@pytest.mark.parametrize(
    ("name", "field"), [("infinite", Arb()), ("nearly all", Arb()), ("listed", Arb()), ("listed", Mpmath())]
)
def test_the_lens_holds_the_measure_of_the_ellipse(name, field):
    """Where both serve: F(t) and K(t) to the digits that the nodes of the lens are laid for; one of the ellipse is
    worth less.
    """
    run, digits = run_of(name, 0.3, [40]), 22 if field.name == "arb" else 12
    setting = setting_of(run, field)
    here = lens_modes(setting, run, Fraction(3, 5), digits + 3, most=MOST, working=2 * digits)
    there = ellipse_modes(setting, run, Fraction(1, 2), 3 * digits, most=MOST)
    with field.working(2 * digits):
        for t in (0, 1, 40):
            for weights in ("signal", "kernel"):
                ours, theirs = (moment(setting, it, getattr(it, weights), t) for it in (here, there))
                assert abs(ours / theirs - 1) < Fraction(1, 10**digits)
        assert field.rational(here.floor) == pytest.approx(field.rational(there.floor), rel=1e-15)


@pytest.mark.parametrize(
    ("name", "batch"), [("nearly all", 1), pytest.param("infinite", 10**5, marks=pytest.mark.slow)]
)
def test_at_the_edge_of_stability(name, batch):
    """At 0.999999 of the largest step, by stages of one size, against the transform that takes no contour of modes."""
    run = run_of(name, 0.999999, [10**4], batch)
    setting, digits = setting_of(run, Arb()), 14
    expected = constant_parts(setting, steps=run.steps, digits=digits)
    with pytest.raises(ToleranceNotMet, match="too close to the modes"):
        ellipse_modes(setting, run, Fraction(2, 5), digits, most=MOST)
    found = walked_parts(setting, run, digits=digits)
    field = setting.field
    with field.working(digits + 10):
        for part in ("bias", "variance"):
            ours, theirs = (field.rational(getattr(it, part)[0]) for it in (found, expected))
            assert abs(ours - theirs) < Fraction(1, 10**digits) * abs(theirs) * 100


@pytest.mark.slow
def test_step_by_step_near_every_direction():
    """A schedule of any kind walks over the lens too."""
    run = run_of("nearly all", 0.99, [60])
    setting, digits = setting_of(run, Arb()), 20
    found, expected = walked_parts(setting, run, digits=digits), constant_parts(setting, steps=(60,), digits=digits)
    with setting.field.working(digits + 10):
        for part in ("bias", "variance"):
            ours, theirs = (setting.field.rational(getattr(it, part)[0]) for it in (found, expected))
            assert abs(ours / theirs - 1) < Fraction(1, 10 ** (digits - 1))


def test_a_wrong_sheet_breaks_the_sum_rules(monkeypatch):
    """Another branch of u(z) from some node on: still roots of z(u) = z."""

    def astray(sums, model_size, start, path, digits):
        for number, point in enumerate(follow(sums, model_size, start, path, digits)):
            if number < 20:
                yield point
            else:
                conjugate = sums.field.pair(sums.field.parts(point.u)[0], -sums.field.parts(point.u)[1])
                with sums.field.working(digits + 10):
                    yield replace(point, u=conjugate, values=sums.at(conjugate, digits))

    monkeypatch.setattr(contour_modes, "follow", astray)
    run = run_of("listed", 0.5, [10])
    with pytest.raises(ConsistencyError, match="sum rule"):
        lens_modes(setting_of(run, Arb()), run, Fraction(1, 2), 20, most=MOST)


def test_nothing_grows_on_the_lens():
    """However late, and for averages too."""
    run = run_of("infinite", 0.9999, [10**6], 10**5, Geometric)
    setting = setting_of(run, Arb())
    modes = lens_modes(setting, run, Fraction(3, 4), 20, most=MOST)
    z = np.array([complex(*(float(part) for part in setting.field.parts(x))) for x in modes.position])
    loss = float(setting.step_size) * z
    assert np.abs(1 - loss * (2 - (1 + 1e-5) * loss)).max() < 1
    assert np.abs(1 - loss).max() < 1
