"""The equivalent against numbers computed elsewhere in high precision."""

from fractions import Fraction

import numpy as np
import pytest

from riskcalc import Constant, Equivalent, PowerLaw, PowerLawSignal, Problem, Run, risk
from riskcalc.equivalent.stability import stability
from riskcalc.spectral.contour_modes import modes_in_u, modes_in_z
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums
from tests.conftest import golden, printed


def run_of(case):
    problem = Problem(
        spectrum=PowerLaw(a=case["a"], dimension=case["dimension"]),
        signal=PowerLawSignal(b=case["b"]),
        noise=case["noise"],
    )
    return Run(
        problem,
        model_size=case["model_size"],
        batch_size=case["batch_size"],
        schedule=Constant(case["step_size"]),
        steps=case["steps"],
    )


@pytest.mark.parametrize(("kind", "accuracy"), [("equivalent_finite", 1e-11), ("equivalent_infinite", 1e-9)])
def test_reference_curves(kind, accuracy):
    for case in golden(kind)["cases"]:
        curve = risk(run_of(case))
        expected = np.array([float(value) for value in case["excess"]])
        assert np.all(np.abs(curve.excess / expected - 1) < accuracy)
        assert curve.approximation == pytest.approx(float(case["approximation"]), rel=1e-14)
        assert curve.method["floor"] == pytest.approx(float(case["floor"]), rel=2e-14)
        # what the second resolution reports must not flatter the true error
        assert np.abs(curve.excess / expected - 1).max() < 10 * curve.error + 1e-14


@pytest.mark.parametrize("contour", [modes_in_u, modes_in_z])
def test_four_plus_three_table(contour):
    for case in golden("four_plus_three")["cases"]:
        alpha, beta = Fraction(case["alpha"]), Fraction(case["beta"])
        problem = Problem(spectrum=PowerLaw(a=2 * alpha, dimension=1600), signal=PowerLawSignal(b=2 * (alpha + beta)))
        sums = spectral_sums(problem)
        marks = landmarks(sums, 400.0)
        step = 0.5 / sums.moments().trace
        assert 1 / marks.floor == printed(case["s"])
        assert marks.approximation == printed(case["approximation"])
        assert marks.smallest == printed(case["smallest"])
        assert marks.largest == printed(case["largest"])
        found = stability(sums, 400.0, marks, step_size=step, batch_size=1)
        assert found.kappa == printed(case["kappa"])
        modes = contour(sums, 400.0, marks, height=0.4, digits=16)
        decay = modes.factor(step, 1) ** 100
        assert modes.floor + modes.total(modes.signal * decay) == printed(case["F100"])
        assert step**2 * modes.total(modes.kernel * decay) == printed(case["K100"])
        if "steps" in case:
            curve = risk(Run(problem, model_size=400, schedule=Constant(step), steps=case["steps"]))
            for value, text in zip(curve.excess, case["excess"], strict=True):
                assert value == printed(text)
            assert marks.approximation / (1 - found.kappa) == printed(case["limit"])


@pytest.mark.parametrize("model_size", [10, 100, 10**4, 10**8, 10**12])
def test_floor_in_closed_form_at_a_2(model_size):
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2))
    marks = landmarks(spectral_sums(problem), float(model_size))
    assert marks.floor == pytest.approx((np.pi / (2 * model_size + 1)) ** 2, rel=2e-14)
    # at b = a the approximation error is M u0
    assert marks.approximation == pytest.approx(model_size * marks.floor, rel=2e-14)


def test_floor_of_one_feature():
    marks = landmarks(spectral_sums(Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2))), 1.0)
    assert marks.floor == pytest.approx(1.1078910138802661, rel=1e-14)


def test_default_tolerance_is_reported_and_kept():
    run = run_of(golden("equivalent_infinite")["cases"][1])
    assert risk(run, method=Equivalent(tolerance=1e-11)).error <= 1e-11
