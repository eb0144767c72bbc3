"""Averages of iterates with more digits than float64: all pairs in rational arithmetic, float64, twice the digits."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from riskcalc import (
    Arb,
    Constant,
    Cosine,
    Custom,
    Exact,
    ExplicitSignal,
    ExplicitSpectrum,
    GaussianPrior,
    Geometric,
    IterateAverage,
    Mpmath,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
    Unsketched,
    risk,
)
from riskcalc.errors import InvalidInput
from riskcalc.exact.precise import walked
from riskcalc.schedule import Stage
from tests.exact.rational_moments import averaged, moments

FIELDS = [Arb(), Mpmath()]
AVERAGES = [IterateAverage(), TailAverage("1/2"), TailAverage("2/7")]
STEPS = [0, 1, 2, 3, 4, 5, 8, 11]
SIZES = [0.25] * 3 + [0.0] * 2 + [1.25] * 4 + [0.125] * 2


class InStages(Custom):
    """The same list, said as stages."""

    def stages(self, *, horizon):
        ends = (0, 3, 5, 9, 11)
        return tuple(
            Stage(start=start, stop=stop, step_size=self.values[start])
            for start, stop in pairwise(ends)
        )


@pytest.fixture(params=[True, False], ids=["squared", "step by step"])
def squared(request, monkeypatch):
    """Short stages are followed step by step unless told otherwise."""
    if request.param:
        monkeypatch.setattr(walked, "_SHORT", 0)


def close(text, value, digits, scale):
    return abs(Fraction(text) - value) <= scale * Fraction(10) ** (1 - digits)


@pytest.mark.usefixtures("squared")
@pytest.mark.parametrize("averaging", AVERAGES, ids=str)
@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_all_pairs_in_rational_arithmetic(size, field, averaging):
    """Stages with a step size of zero, and one with gamma l > 1; averages that begin and end anywhere in them."""
    eigenvalues, target = [1.0, 0.5, 0.25], [1.0, -2.0, 1.0]
    problem = Problem(spectrum=ExplicitSpectrum(eigenvalues), signal=ExplicitSignal(target), noise="1/7")
    sketch = np.array([[1.0, 0.5, 0.25], [0.0, 0.75, -0.5], [0.25, 0.0, 1.0]])[:size]
    sizes = [Fraction(x) for x in SIZES]
    approximation, covariance, found = moments(
        [Fraction(x) for x in eigenvalues],
        [Fraction(x) for x in target],
        sketch,
        sizes,
        batch_size=9,
        noise=Fraction(1, 7),
    )
    for schedule in (Custom(SIZES), InStages(SIZES)):
        run = Run(problem, model_size=size, batch_size=9, schedule=schedule, steps=STEPS, averaging=averaging)
        curve = risk(run, method=Exact(sketch=sketch, digits=40, field=field))
        for place, step in enumerate(STEPS):
            first = averaging.first(step)
            last = max(step, 1)  # at step 0 the start itself
            bias, variance = averaged(covariance, found, sizes, first, last)
            excess = approximation + bias + variance
            assert close(curve.decimals["excess"][place], excess, 40, excess)
            assert close(curve.decimals["bias"][place], bias, 40, excess)
            assert close(curve.decimals["variance"][place], variance, 40, excess)


def laws(a, b, v, noise="1/10"):
    return Problem(spectrum=PowerLaw(a=a, dimension=v), signal=PowerLawSignal(b=b), noise=noise)


LONG = [(Constant("3/10"), [0, 7, 10**4, 10**18]), (Geometric("3/10"), [5, 10**5]), (Cosine("3/10"), [9, 900])]


@pytest.mark.parametrize("averaging", AVERAGES[:2], ids=str)
@pytest.mark.parametrize("schedule, steps", LONG, ids=lambda x: type(x).__name__)
def test_float64_agrees_as_far_as_it_states(schedule, steps, averaging):
    run = Run(laws(2, 3, 40), model_size=5, schedule=schedule, steps=steps, averaging=averaging)
    plain, precise = risk(run, method=Exact(seed=2)), risk(run, method=Exact(seed=2, digits=20))
    for name in ("excess", "bias", "variance"):
        assert (abs(getattr(plain, name) - getattr(precise, name)) <= plain.error * plain.excess).all()
    assert plain.error < 1e-11
    twice = risk(run, method=Exact(seed=2, digits=40)).decimals["excess"]
    for text, value in zip(precise.decimals["excess"], map(Fraction, twice), strict=True):
        assert close(text, value, 20, value)


def test_the_road_goes_further_by_itself():
    """A tail of two directions that alternate: what is left of an even number of iterates is far below each."""
    problem = Problem(
        spectrum=PowerLaw(a="99999/100000", dimension=2), signal=GaussianPrior(b="159/100", scale=58), noise=0
    )
    run = Run(
        problem,
        model_size=2,
        batch_size=137947,
        schedule=Cosine("1.999771006571"),
        steps=[1, 2, 138],
        averaging=TailAverage("1/2"),
    )
    curve = risk(run, method=Unsketched(tolerance=1e-6))
    assert curve.method["escalated"].startswith("float64 knows the excess to")
    assert curve.error < 1e-15


def test_what_is_refused():
    def ask(schedule, steps, size=5, digits=20):
        run = Run(laws(2, 3, 90), model_size=size, schedule=schedule, steps=steps, averaging=TailAverage("1/2"))
        return risk(run, method=Exact(seed=1, digits=digits))

    with pytest.raises(InvalidInput, match="10000000 steps of 5 features, with averages where they are asked, take"):
        ask(Cosine("1/10"), [10**7])
