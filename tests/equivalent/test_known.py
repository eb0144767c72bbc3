"""What is kept between runs changes no digit, and does not grow without end."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.equivalent import known
from riskcalc.errors import InvalidInput


def run(*, size=1000, step_size="1/10", batch_size=1, noise=1, steps=(10, 10**5), schedule=rc.Constant, b="5/2"):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=b), noise=noise)
    return rc.Run(
        problem, model_size=size, batch_size=batch_size, schedule=schedule(step_size), steps=list(steps)
    )


RUNS = [
    run(),
    run(step_size="1/5"),
    run(batch_size=8),
    run(noise=0),
    run(size=1001),
    run(b="7/2"),
    run(schedule=rc.Cosine, steps=(3000,)),
    run(schedule=rc.Geometric),
]


def alone(asked):
    known._kept.cache_clear()
    return rc.risk(asked)


def test_a_run_after_others_has_the_digits_it_has_alone():
    expected = [alone(asked) for asked in RUNS]
    known._kept.cache_clear()
    for _ in range(2):
        for asked, right in zip(RUNS, expected, strict=True):
            found = rc.risk(asked)
            np.testing.assert_array_equal(found.excess, right.excess)
            np.testing.assert_array_equal(found.variance, right.variance)
            assert found.error == right.error
            assert found.method == right.method


def test_the_second_time_nothing_is_summed_for_the_landmarks(monkeypatch):
    alone(run())
    monkeypatch.setattr(known, "landmarks", None)
    rc.risk(run(step_size="1/7"))
    with pytest.raises(TypeError):
        rc.risk(run(size=1002))


@pytest.mark.slow
def test_step_sizes_without_end_are_not_all_kept():
    one = known.known_of(run().problem, 1000)
    for step in range(3 * known._EACH):
        one.stability(step_size=1e-3 * (1 + step / 1000), batch_size=1)
    assert len(one._stabilities) <= known._EACH


def listed(size, b):
    return rc.Problem(
        spectrum=rc.ExplicitSpectrum(np.arange(1.0, size + 1) ** -2),
        signal=rc.ExplicitSignal(np.arange(1.0, size + 1) ** -b),
    )


def test_of_long_lists_the_last_one_is_kept(monkeypatch):
    monkeypatch.setattr(known, "_LONG", 50)
    first, other = listed(60, 0.5), listed(60, 0.25)
    found = known.known_of(first, 5)
    assert known.known_of(listed(60, 0.5), 5) is found  # by what it holds, not by which object it is
    assert known.known_of(first, 6).sums is found.sums  # moments of its blocks do not depend on the model size
    assert known.known_of(other, 5).sums is not found.sums
    assert known.known_of(first, 5).sums is not found.sums  # room for one
    short = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=60), signal=rc.PowerLawSignal(b=3))
    assert known.known_of(short, 5) is known.known_of(short, 5)


def test_the_longest_lists_are_not_kept(monkeypatch):
    monkeypatch.setattr(known, "_LONGEST", 50)
    problem = listed(60, 0.5)
    assert known.known_of(problem, 5) is not known.known_of(problem, 5)


def test_answers_on_a_long_list_do_not_depend_on_what_was_asked_before(monkeypatch):
    monkeypatch.setattr(known, "_LONG", 50)
    problem = listed(80, 0.5)

    def asked(size):
        return rc.risk(rc.Run(problem, model_size=size, schedule=rc.Constant("1/10"), steps=[10, 1000]))

    alone = []
    for size in (7, 20):
        known._kept_alone.cache_clear()
        known.known_of(listed(90, 0.1), 3)  # takes the room of the axis
        alone.append(asked(size))
    for expected, size in zip((*alone, *alone), (7, 20, 7, 20), strict=True):
        found = asked(size)
        np.testing.assert_array_equal(found.excess, expected.excess)
        assert found.error == expected.error


def test_a_refusal_is_a_refusal_again():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=10), signal=rc.PowerLawSignal(b=3))
    for _ in range(2):
        with pytest.raises(InvalidInput, match="model size 10 is the number of positive eigenvalues"):
            rc.risk(rc.Run(problem, model_size=10, schedule=rc.Constant("1/10"), steps=[1]))
