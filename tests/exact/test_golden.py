"""The exact road against golden rationals and against a recursion in Fractions."""

from fractions import Fraction

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Exact,
    ExplicitSignal,
    ExplicitSpectrum,
    Geometric,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    risk,
)
from riskcalc.dynamics import Modes, respond
from tests.conftest import golden


def rational_recursion(eigenvalues, squared, noise, step, batch, count):
    """The recursion of D01 in exact arithmetic, written for the test."""
    history = []
    for _ in range(count):
        excess = sum(l * s for l, s in zip(eigenvalues, squared, strict=True))
        squared = [
            s * (1 - 2 * step * l + step**2 * (1 + Fraction(1, batch)) * l**2) + step**2 / batch * l * (excess + noise)
            for l, s in zip(eigenvalues, squared, strict=True)
        ]
        history.append(sum(l * s for l, s in zip(eigenvalues, squared, strict=True)))
    return history


def test_golden_rationals():
    eigenvalues = np.array([1.0, 0.5, 0.25])
    modes = Modes(position=eigenvalues, signal=eigenvalues, kernel=eigenvalues**2, floor=0.0, paired=False)
    for case in golden("recursion")["cases"]:
        exact = [Fraction(value) for value in case["excess"]]
        ours = rational_recursion(
            [Fraction(1), Fraction(1, 2), Fraction(1, 4)],
            [Fraction(1)] * 3,
            Fraction(1, 2),
            Fraction(1, 5),
            case["batch_size"],
            3,
        )
        assert ours == exact
        response = respond(modes, Constant("1/5"), steps=(1, 2, 3), horizon=3, batch_size=case["batch_size"], noise=0.5)
        assert np.allclose(response.bias + response.variance, [float(value) for value in exact], rtol=1e-15, atol=0)


def diagonal_sketch_run(schedule, steps, batch=1, noise="1/2"):
    """A sketch that picks three coordinates: K is diagonal and the approximation error is known."""
    problem = Problem(
        spectrum=ExplicitSpectrum([1.0, 0.5, 0.25, 0.125]), signal=ExplicitSignal([1.0, -2.0, 1.0, 3.0]), noise=noise
    )
    return Run(problem, model_size=3, schedule=schedule, steps=steps, batch_size=batch)


@pytest.mark.parametrize("batch", [1, 4])
def test_diagonal_sketch_against_fractions(batch):
    run = diagonal_sketch_run(Constant("1/5"), [0, 1, 2, 3, 40], batch)
    curve = risk(run, method=Exact(sketch=np.eye(3, 4)))
    assert curve.approximation == pytest.approx(0.125 * 9, rel=1e-15)
    history = rational_recursion(
        [Fraction(1), Fraction(1, 2), Fraction(1, 4)],
        [Fraction(1), Fraction(4), Fraction(1)],
        Fraction(1, 2) + Fraction(9, 8),
        Fraction(1, 5),
        batch,
        40,
    )
    expected = [Fraction(13, 4), *(history[step - 1] for step in (1, 2, 3, 40))]
    assert np.allclose(curve.excess - curve.approximation, [float(value) for value in expected], rtol=1e-14, atol=0)


def test_any_step_at_once_agrees_with_step_by_step():
    """Constant and geometric schedules cross whole stages; the same step sizes as an array go step by step."""
    problem = Problem(spectrum=PowerLaw(a="3/2", dimension=300), signal=PowerLawSignal(b=2), noise="1/10")
    steps = [0, 5, 63, 64, 65, 200, 1000, 4096]
    for schedule in (Constant("1/4"), Geometric("1/4")):
        fast = risk(Run(problem, model_size=40, schedule=schedule, steps=steps), method=Exact(seed=3))
        sizes = schedule.step_sizes(0, 4096, horizon=4096)
        slow = risk(Run(problem, model_size=40, schedule=_StepByStep(sizes), steps=steps), method=Exact(seed=3))
        for name in ("excess", "bias", "variance"):
            assert np.all(np.abs(getattr(fast, name) - getattr(slow, name)) <= 2e-12 * slow.excess)


class _StepByStep:
    """A schedule that admits to no stages."""

    def __init__(self, sizes):
        self.sizes = sizes

    def step_sizes(self, start, stop, *, horizon):
        return self.sizes[start:stop]

    def stages(self, *, horizon):
        return None

    def peak(self, *, horizon):
        return float(self.sizes.max())

    def check(self, *, horizon):
        pass

    def describe(self):
        return {"name": "step by step"}


def test_step_count_of_1e18_is_at_the_stationary_value():
    problem = Problem(spectrum=PowerLaw(a=2, dimension=100), signal=PowerLawSignal(b=3), noise=1)
    curve = risk(Run(problem, model_size=10, schedule=Constant("3/10"), steps=[10**18]), method=Exact(seed=1))
    kappa = curve.method["kappa"]
    assert curve.excess[0] == pytest.approx((curve.approximation + kappa) / (1 - kappa), rel=1e-11)


def test_average_over_sketches_carries_its_error_and_says_so():
    problem = Problem(spectrum=PowerLaw(a=2, dimension=100), signal=PowerLawSignal(b=3))
    run = Run(problem, model_size=10, schedule=Constant("3/10"), steps=[0, 10, 100])
    several = risk(run, method=Exact(seed=5, sketches=4))
    assert several.claim == "averaged over sketches"
    assert several.standard_error is not None
    assert several.standard_error[2] > 0
    children = np.random.SeedSequence(5).spawn(4)
    from riskcalc.problem import gaussian_sketch

    singles = [
        risk(run, method=Exact(sketch=gaussian_sketch(model_size=10, dimension=100, seed=child))) for child in children
    ]
    assert np.allclose(several.excess, np.mean([single.excess for single in singles], axis=0), rtol=1e-14, atol=0)
