"""A data set seen many times, against numbers that no contour of the package has made, and against its own limits.

Early steps: power series at infinity in 60-digit arithmetic. Late ones: two contours of 320 nodes and direct sums in
40 digits, known to some 3e-13. Both were written once, apart from the package.
"""

from dataclasses import replace

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput, ToleranceNotMet, UnstableRun
from tests.conftest import golden

CASES = golden("data_reuse")


def problem_of(a, b, dimension, noise):
    spectrum = rc.PowerLaw(a=a) if dimension is None else rc.PowerLaw(a=a, dimension=dimension)
    return rc.Problem(spectrum=spectrum, signal=rc.PowerLawSignal(b=b), noise=noise)


def run_of(case, steps, data=None):
    return rc.Run(
        problem_of(case["a"], case["b"], case["dimension"], case["noise"]),
        model_size=case["model_size"],
        schedule=rc.Constant(case["step_size"]),
        steps=steps,
        data=data or rc.FullBatch(samples=case["samples"]),
    )


def names(case):
    return f"M={case['model_size']}, N={case['samples']}"


@pytest.mark.every_case
@pytest.mark.parametrize("case", CASES, ids=names)
def test_reference_in_floats(case):
    steps = [int(step) for step in (*case["early"], *case["late"])]
    found = rc.risk(run_of(case, steps))
    expected = np.array([float(value) for value in (*case["early"].values(), *case["late"].values())])
    assert found.error < 1e-11
    early = len(case["early"])
    assert found.risk[:early] == pytest.approx(expected[:early], rel=1e-12)
    assert found.risk[early:] == pytest.approx(expected[early:], rel=2e-12)


@pytest.mark.parametrize(
    "field",
    [pytest.param(rc.Arb(), id="arb"), pytest.param(rc.Mpmath(), id="mpmath", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("case", CASES[1:2], ids=names)
def test_reference_in_decimals(case, field):
    steps = [int(step) for step in case["early"]]
    found = rc.risk(run_of(case, steps), method=rc.Equivalent(digits=30, field=field))
    assert found.decimals["risk"] == tuple(case["early"].values())


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=names)
def test_the_contour_is_the_series(case):
    steps = [0, 1, 7, 40]
    contour, series = (rc.risk(run_of(case, steps), method=rc.Equivalent(digits=digits)) for digits in (None, 17))
    for part in ("excess", "training"):
        assert getattr(contour, part) == pytest.approx(getattr(series, part), rel=1e-13)
    for part in ("bias", "variance"):
        gaps = np.abs(getattr(contour, part) - getattr(series, part))
        assert (gaps <= 1e-13 * series.excess).all()


@pytest.mark.slow
@pytest.mark.parametrize("dimension", [None, 3000])
def test_samples_without_end_are_one_pass(dimension):
    problem = problem_of("2", "5/2", dimension, "1/10")
    fresh = rc.Run(problem, model_size=100, schedule=rc.Constant("1/5"), steps=[1, 10, 1000, 10**5])
    often = rc.risk(replace(fresh, data=rc.WithReplacement(samples=10**17)))
    once = rc.risk(fresh)
    for part in ("excess", "bias", "variance"):
        assert getattr(often, part) == pytest.approx(getattr(once, part), rel=1e-10, abs=1e-14)
    assert often.training == pytest.approx(once.risk, rel=1e-10)


@pytest.mark.slow
def test_a_full_batch_without_end_is_one_pass_in_batches_without_end():
    fresh = rc.Run(
        problem_of("2", "5/2", None, "1/10"), model_size=100, schedule=rc.Constant("1/5"), steps=[1, 10, 1000, 10**5]
    )
    full = rc.risk(replace(fresh, data=rc.FullBatch(samples=10**20)))
    assert full.excess == pytest.approx(rc.risk(replace(fresh, batch_size=10**20)).excess, rel=1e-10)


@pytest.mark.parametrize(("size", "samples"), [(60, 40), pytest.param(40, 60, marks=pytest.mark.slow)])
def test_steps_without_end_are_the_ridgeless_fit(size, samples):
    problem = problem_of("2", "3/2", 800, "1/10")
    run = rc.Run(
        problem, model_size=size, schedule=rc.Constant("1/2"), steps=[10**18], data=rc.FullBatch(samples=samples)
    )
    found, fit = rc.risk(run), rc.ridge_risk(problem, model_size=size, samples=samples)
    for part in ("excess", "bias", "variance"):
        assert getattr(found, part)[0] == pytest.approx(getattr(fit, part), rel=1e-11, abs=1e-11)
    left = 0.0 if samples < size else float(problem.noise + found.approximation) * (1 - size / samples)
    assert found.training[0] == pytest.approx(left, abs=1e-11)


@pytest.mark.slow
def test_the_stated_error_bounds_the_true_one_at_late_steps():
    for case in CASES[:2]:
        found = rc.risk(run_of(case, [10**6]))
        true = abs(found.risk[0] / float(case["late"]["1000000"]) - 1)
        assert true < found.error + 3e-13  # what the reference itself is known to


@pytest.mark.slow
def test_more_than_contours_can_tell_is_refused():
    with pytest.raises(ToleranceNotMet, match="allow more"):
        rc.risk(run_of(CASES[1], [10**6]), method=rc.Equivalent(tolerance=2e-14))
    with pytest.raises(InvalidInput, match="at most 300 full-batch steps"):
        rc.risk(run_of(CASES[1], [301]), method=rc.Equivalent(digits=20))
    with pytest.raises(InvalidInput, match="float64"):
        rc.risk(run_of(CASES[1], [3], rc.WithReplacement(samples=9)), method=rc.Equivalent(digits=20))
    with pytest.raises(InvalidInput, match="no radius"):
        rc.risk(run_of(CASES[1], [3]), method=rc.Equivalent(digits=20, certified=True))


@pytest.mark.slow
@pytest.mark.parametrize("data", [rc.FullBatch, rc.WithReplacement])
def test_the_largest_stable_step_is_stable_and_no_larger_one(data):
    run = run_of(CASES[1], [1], data(samples=80))
    with pytest.raises(UnstableRun, match=r"kappa = .*largest stable") as refused:
        rc.risk(replace(run, schedule=rc.Constant(5)))
    largest = float(str(refused.value).split("largest stable constant step size is ")[1].split(".  ")[0].split(". ")[0])
    rc.risk(replace(run, schedule=rc.Constant(0.999 * largest)))
    with pytest.raises(UnstableRun):
        rc.risk(replace(run, schedule=rc.Constant(1.001 * largest)))


@pytest.mark.slow
def test_data_sets_have_a_larger_top_and_allow_smaller_steps():
    """At few samples K^ has larger eigenvalues than K: what is stable in one pass need not be so again and again."""
    run = run_of(CASES[1], [10**4], rc.WithReplacement(samples=3))
    with pytest.raises(UnstableRun):
        rc.risk(run)
    rc.risk(replace(run, data=rc.OnePass()))


@pytest.mark.parametrize(("dimension", "size", "samples"), [(800, 80, 80), (800, 90, 90), (400, 160, 161)])
def test_steps_on_one_contour_are_known_as_each_by_itself(dimension, size, samples):
    """M near N: a contour that serves late steps begins so near to 0 that 1 - d1/M has lost digits on it."""
    problem = problem_of("3/2", 2, dimension, "1/5")

    def curve(steps):
        data, schedule = rc.FullBatch(samples=samples), rc.Constant("2/5")
        return rc.risk(rc.Run(problem, model_size=size, schedule=schedule, steps=steps, data=data))

    together = curve([1, 1000, 10**6])
    for place, step in enumerate([1, 1000]):
        alone = curve([step])
        known = together.error + alone.error
        assert together.excess[place] == pytest.approx(alone.excess[0], rel=known)
        assert together.training[place] == pytest.approx(alone.training[0], rel=1e-13)
    assert together.error < 1e-12
