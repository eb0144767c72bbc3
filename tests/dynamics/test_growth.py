"""The growth of a contour's modes, where rounding must not be taken for it and where stages bound it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from riskcalc import Geometric, IterateAverage, LastIterate
from riskcalc.dynamics import Modes
from riskcalc.dynamics.growth import grows_too_much, log_growth


def at(*positions: complex) -> Modes:
    place = np.array(positions)
    return Modes(position=place, signal=np.ones_like(place), kernel=np.ones_like(place), floor=0.0, paired=True)


@pytest.mark.parametrize("place, expected", [(-1e-17, 10.0), (1e-17, -10.0), (1e-17 + 1j * 1e-10, -9.99)])
def test_slow_modes_over_many_steps(place, expected):
    """q is 1 to rounding, so that log |q| times t is rounding alone: 0, or off by hundreds."""
    # |q|^2 - 1 = -4 gamma Re z + gamma^2 (4 |z|^2 - ...) at gamma = 1/2: the square is 1e-20 in the last case
    found = log_growth(at(place), 0.5, steps=10**18, batch_size=1, averaging=LastIterate())
    d = 0.5 * place * (2 - 2 * 0.5 * place)
    assert found == pytest.approx(10**18 * (abs(d) ** 2 / 2 - d.real), rel=1e-12)
    assert found == pytest.approx(expected, rel=2e-3)


def test_fast_modes_are_what_the_logarithm_says():
    modes = at(0.3 + 2j, 1 - 0.2j)
    q = np.abs(modes.factor(0.7, 3))
    found = log_growth(modes, 0.7, steps=7, batch_size=3, averaging=LastIterate())
    assert found == pytest.approx(7 * math.log(q.max()), rel=1e-13)
    averaged = log_growth(modes, 0.7, steps=7, batch_size=10**9, averaging=IterateAverage())
    assert averaged == pytest.approx(7 * max(0.0, *np.log(np.abs(modes.factor(0.7, 10**9)))), rel=1e-9)


def test_modes_that_end_at_once_do_not_grow():
    assert log_growth(at(1.0), 1.0, steps=5, batch_size=10**18, averaging=LastIterate()) == -math.inf


def test_an_average_remembers_by_its_own_factor():
    """|1 - gamma z| is above one where |q| is below: batches of one damp a mode that circles."""
    modes = at(0.05 + 1j)
    last, mean = (
        log_growth(modes, 0.5, steps=1, batch_size=1, averaging=averaging)
        for averaging in (LastIterate(), IterateAverage())
    )
    assert mean == pytest.approx(math.log(abs(1 - 0.5 * (0.05 + 1j))), rel=1e-12)
    assert mean != last


def test_each_piece_pays_for_itself():
    """A mode that doubles in 8 steps: 64 steps of one stage are too many, those of a geometric schedule are not."""
    modes = at(-(2 ** (1 / 16) - 1) + 0j)  # q = (1 - z)^2 at gamma = 1
    asked = {"batch_size": 10**9, "averaging": LastIterate()}
    stages = Geometric(1).stages(horizon=64)
    assert log_growth(modes, 1.0, steps=8, **asked) == pytest.approx(math.log(2), rel=1e-6)
    assert grows_too_much(modes, [(1.0, 64)], **asked)
    assert not grows_too_much(modes, [(each.step_size, each.stop - each.start) for each in stages], **asked)
    assert not grows_too_much(modes, [(1.0, 34)], **asked)
    assert grows_too_much(modes, [(0.1, 1), (1.0, 35)], **asked)
