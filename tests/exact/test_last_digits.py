"""What rounding leaves unknown of a sketch's modes, against an eigenvalue decomposition in 34 digits.

What is looked at is what the risk is made of, sums over modes of what is left of them at a time: single weights may be
wrong by much more than what their sum feels.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics import Modes
from riskcalc.dynamics.disturbed import disturbed
from riskcalc.exact.given_sketch import sketch_modes

_SAFETY = 4  # of stated errors
_ROUNDINGS = 64 * 2.0**-52
_DIGITS = 34
CASES = ((Fraction(12), 12, 14, 14), (Fraction(12), 3, 14, 10), (Fraction(8), 8, 20, 20), (Fraction(3), 6, 16, 16),
         (Fraction(6), 3, 24, 12), (Fraction(3, 2), 2, 16, 16))  # fmt: skip


def drawn(case: int) -> tuple[rc.Problem, np.ndarray]:
    a, b, dimension, size = CASES[case]
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a, dimension=dimension), signal=rc.PowerLawSignal(b=b))
    return problem, np.random.default_rng(case).standard_normal((size, dimension)) / np.sqrt(size)


def in_many_digits(problem: rc.Problem, sketch: np.ndarray) -> tuple[list[mpmath.mpf], list[mpmath.mpf]]:
    """Eigenvalues of A^T A and the squares of what of y lies along A's singular vectors."""
    a, b = Fraction(problem.spectrum.a), Fraction(problem.signal.b)
    a, b = (mpmath.mpf(it.numerator) / it.denominator for it in (a, b))
    size, dimension = sketch.shape
    rows = [mpmath.power(j, -a / 2) for j in range(1, dimension + 1)]
    design = mpmath.matrix([[rows[j] * mpmath.mpf(sketch[m, j]) for m in range(size)] for j in range(dimension)])
    values, vectors = mpmath.eigsy(design.T * design)
    along = vectors.T * (design.T * mpmath.matrix([mpmath.power(j, -b / 2) for j in range(1, dimension + 1)]))
    return list(values), [along[i] ** 2 / values[i] for i in range(size)]


def left(modes: Modes, times: np.ndarray) -> np.ndarray:
    return np.array([np.sum(modes.signal * np.exp(-time * modes.position)) for time in times])


def worst(modes: Modes, problem: rc.Problem, sketch: np.ndarray) -> float:
    """True over stated, the largest at times from before the fastest mode to after the slowest."""
    with mpmath.workdps(_DIGITS):
        values, signal = in_many_digits(problem, sketch)
        times = np.geomspace(0.1 / float(max(values)), 30 / float(min(values)), 60)
        true = [
            mpmath.fsum(f * mpmath.exp(-mpmath.mpf(time) * z) for f, z in zip(signal, values, strict=True))
            for time in times
        ]
        found, moved = left(modes, times), left(disturbed(modes, step_size=0.0, batch_size=1), times)
        wrong = np.array([abs(float(mpmath.mpf(ours) - right)) for ours, right in zip(found, true, strict=True)])
    return float(np.max(wrong / (_SAFETY * np.abs(moved - found) + _ROUNDINGS * found)))


@pytest.mark.every_case
@pytest.mark.parametrize("case", range(len(CASES)))
def test_what_is_left_of_the_signal_is_within_what_is_stated(case: int) -> None:
    problem, sketch = drawn(case)
    assert worst(sketch_modes(problem, sketch), problem, sketch) < 1


def test_eight_roundings_of_each_mode_would_not_do() -> None:
    found = []
    for case in range(len(CASES)):
        problem, sketch = drawn(case)
        modes = replace(sketch_modes(problem, sketch), uncertainty=8 * 2.0**-52, exchanged=0.0)
        found.append(worst(modes, problem, sketch))
    assert max(found) > 1


def test_what_slow_modes_may_have_won_fast_ones_have_lost() -> None:
    problem, sketch = drawn(0)
    modes = sketch_modes(problem, sketch)
    assert abs(modes.exchanged.sum()) <= 1e-12 * np.abs(modes.exchanged).sum()
    assert modes.exchanged[-1] > 0 > modes.exchanged[0]


def test_outputs_share_what_is_unknown() -> None:
    problem, sketch = drawn(0)
    other = replace(problem, signal=rc.PowerLawSignal(b=3))
    signals = [problem.signal, other.signal]
    both = sketch_modes(rc.MultipleOutputs(spectrum=problem.spectrum, signals=signals, counts=[2, 1]), sketch)
    one, different = sketch_modes(problem, sketch), sketch_modes(other, sketch)
    np.testing.assert_allclose(both.exchanged, 2 * one.exchanged + different.exchanged, rtol=1e-12)
    np.testing.assert_array_equal(both.uncertainty, one.uncertainty)
