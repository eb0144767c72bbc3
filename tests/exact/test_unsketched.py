"""Without a sketch: against the exact road given the identity, and gathered eigenvalues against all of them."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Exact,
    ExplicitSignal,
    ExplicitSpectrum,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    Unsketched,
)
from riskcalc.errors import InvalidInput, UnstableRun

STEPS = [0, 1, 50, 3000]


def problem(a=2, b="5/2", dimension=600):
    return Problem(spectrum=PowerLaw(a=a, dimension=dimension), signal=PowerLawSignal(b=b), noise=1)


@pytest.mark.parametrize("schedule", [Constant("1/5"), Cosine("1/5")])
def test_it_is_the_exact_road_with_the_identity_as_sketch(schedule):
    asked = Run(problem(dimension=90), model_size=90, schedule=schedule, steps=STEPS, batch_size=2)
    found, given = (method.curve(asked) for method in (Unsketched(), Exact(sketch=np.eye(90))))
    for name in ("excess", "bias", "variance"):
        assert getattr(found, name) == pytest.approx(getattr(given, name), rel=1e-10, abs=1e-14)
    assert found.approximation == given.approximation == 0
    assert found.claim == given.claim


@pytest.mark.parametrize("a, b", [(2, "5/2"), (2, "3/2"), ("6/5", "11/10"), ("4/5", "8/5"), (6, 9), (15, 3)])
def test_gathered_eigenvalues_are_all_of_them(a, b):
    power = problem(a, b)
    listed = Problem(spectrum=ExplicitSpectrum(power.eigenvalues()), signal=ExplicitSignal(power.target()), noise=1)
    step = 0.3 / float(power.eigenvalues().sum())
    curves = [
        Unsketched().curve(Run(each, model_size=600, schedule=Cosine(step), steps=STEPS)) for each in (power, listed)
    ]
    assert curves[0].excess == pytest.approx(curves[1].excess, rel=1e-12)
    assert curves[0].bias == pytest.approx(curves[1].bias, rel=1e-11)


@pytest.mark.parametrize("step", [15_000, 30_000, 60_000])
def test_the_last_eigenvalues_stand_late_without_a_drive(step):
    """Down to 1e-250, where only the slowest few of 400 coordinates are left: the same list, not gathered."""
    power = Problem(spectrum=PowerLaw(a=1, dimension=400), signal=PowerLawSignal(b=4), noise=0)
    listed = Problem(spectrum=ExplicitSpectrum(power.eigenvalues()), signal=ExplicitSignal(power.target()), noise=0)
    found, right = (
        Unsketched().curve(Run(each, model_size=400, batch_size=10**5, schedule=Constant("1.8"), steps=[step]))
        for each in (power, listed)
    )
    assert found.method["name"] == right.method["name"] == "unsketched"
    assert right.excess[-1] < 1e-60
    assert found.excess == pytest.approx(right.excess, rel=found.error + right.error, abs=0)


def test_what_has_no_answer_is_refused():
    with pytest.raises(InvalidInput, match="all 600 features, not 20"):
        Unsketched().curve(Run(problem(), model_size=20, schedule=Constant("1/5"), steps=[10]))
    with pytest.raises(InvalidInput, match="must be finite"):
        Unsketched().curve(Run(problem(dimension=None), model_size=20, schedule=Constant("1/5"), steps=[10]))
    with pytest.raises(UnstableRun, match="kappa"):
        Unsketched().curve(Run(problem(), model_size=600, schedule=Constant(1), steps=[10]))
    with pytest.raises(InvalidInput, match="tolerance"):
        Unsketched(tolerance=0)
