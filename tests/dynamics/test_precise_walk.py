"""Averages and last iterates of listed modes at many digits: one transform a stage, single steps, squared maps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import pytest

from riskcalc import (
    Arb,
    Constant,
    Geometric,
    IterateAverage,
    LastIterate,
    Mpmath,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
)
from riskcalc.dynamics.precise.squared import StageSquared
from riskcalc.dynamics.precise.transform import Transform
from riskcalc.dynamics.precise.walk import walked

DIGITS = 25
AVERAGES = [LastIterate(), IterateAverage(), TailAverage("1/2"), TailAverage("1/1000")]
STEPWISE = 10**9


@dataclass
class Listed:
    """Modes of the eigenvalues 1/j^2."""

    position: list
    signal: list
    kernel: list
    floor: object


def listed(field, count):
    position = [field.real(Fraction(1, j * j)) for j in range(1, count + 1)]
    square = [z * z for z in position]
    return Listed(position=position, signal=square, kernel=square, floor=field.real(Fraction(1, 7)))


def run_of(schedule, steps, batch_size, averaging):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=40), signal=PowerLawSignal(b=3), noise="1/10")
    return Run(problem, model_size=8, batch_size=batch_size, schedule=schedule, steps=steps, averaging=averaging)


def hold(run, one, other, shortest, modes=5, field=None):
    """Both ways agree to all digits of the excess; what has died out may be too small for a fraction."""
    field = field or Arb()
    with field.working(DIGITS + 25):
        ours = walked(run, listed(field, modes), field, one, shortest=shortest[0])
        theirs = walked(run, listed(field, modes), field, other, shortest=shortest[1])
        for step in run.steps:
            known = field.polar(theirs[step][0] + theirs[step][1])[0] - DIGITS * math.log(10)
            assert all(field.polar(x - y)[0] < known for x, y in zip(ours[step], theirs[step], strict=True))


TRANSFORM = Transform(digits=DIGITS + 10, paired=False)
EDGES = [
    (1, Fraction(6254, 10000)),  # kappa = 0.998
    (10**6, Fraction(1999, 1000)),  # 1 - gamma z = -0.999 lives through all of the run
    (10**6, Fraction(18, 10)),  # and here to a step in the middle of it
]


@pytest.mark.parametrize("averaging", AVERAGES, ids=str)
@pytest.mark.parametrize("batch_size, size", EDGES)
def test_a_stage_equals_its_steps(batch_size, size, averaging):
    run = run_of(Constant(size), [0, 1, 201, 500], batch_size, averaging)
    hold(run, TRANSFORM, None, (24, STEPWISE))


@pytest.mark.parametrize("averaging", AVERAGES[1:], ids=str)
def test_several_stages_equal_their_steps(averaging):
    """Averages begin inside a stage and end in another; an odd number of steps lies between some of them."""
    run = run_of(Geometric(Fraction(1999, 1000)), [7, 301, 555, 800], 10**6, averaging)
    hold(run, TRANSFORM, None, (24, STEPWISE))


@pytest.mark.parametrize("averaging", AVERAGES, ids=str)
@pytest.mark.parametrize("last", [10**6 + 1, 10**18])
def test_a_long_stage_equals_the_squares_of_its_matrix(last, averaging):
    run = run_of(Constant(Fraction(1999, 1000)), [5000, last], 10**6, averaging)
    hold(run, TRANSFORM, StageSquared, (400, 400), modes=4)


def test_the_reference_field():
    run = run_of(Constant(Fraction(1999, 1000)), [100], 10**6, TailAverage("1/2"))
    hold(run, TRANSFORM, None, (24, STEPWISE), modes=3, field=Mpmath())
