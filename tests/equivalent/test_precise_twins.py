"""What the high-precision road writes out by hand is held to the formula room, at random points, to 25 digits."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from riskcalc import Constant, Mpmath, PowerLaw, PowerLawSignal, Problem, Run
from riskcalc.equivalent.precise.generating import kernel_mass, roots_of_factor, stability_point
from riskcalc.equivalent.precise.setting import setting_of
from riskcalc.formula import evaluate, formula
from riskcalc.spectral.precise.roots import Point, dispersion, slope


@pytest.mark.parametrize("u", ["0.03", "-1.7", "0.2+0.4j", "-0.01-0.002j"])
def test_hand_written_twins(u):
    field = Mpmath()
    problem = Problem(spectrum=PowerLaw(a="3/2", dimension=70), signal=PowerLawSignal(b="5/2"), noise="1/5")
    setting = setting_of(Run(problem, model_size=9, batch_size=3, schedule=Constant("1/4"), steps=[1]), field)
    with field.working(45), mpmath.workdps(45):
        point = mpmath.mpmathify(u)
        known = {"a": Fraction(3, 2), "b": Fraction(5, 2), "v": 70, "M": 9, "B": 3, "gamma": Fraction(1, 4), "u": point}
        values = setting.sums.at(point, 35)
        pairs = {
            "d1": values.d1,
            "d2": values.d2,
            "signal-sum": values.sig,
            "dispersion": dispersion(field.real(9), point, values),
            "dispersion-slope": slope(field.real(9), values),
            "kernel-mass": kernel_mass(setting, Point(x=None, u=point, values=values)),
            "stability-point": field.real(stability_point(setting)),
        }
        zeta = mpmath.mpc("0.7", "0.2")
        pairs |= dict(zip(("near-root", "far-root"), roots_of_factor(setting, zeta), strict=True))
        for name, found in pairs.items():
            expected = evaluate(formula(name).expression, {**known, "zeta": zeta}, 35)
            assert abs(found - expected) <= mpmath.mpf(10) ** -25 * abs(expected), name
