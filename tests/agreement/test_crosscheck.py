"""The one call: which rules it applies, what it reports, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Exact,
    ExplicitSignal,
    ExplicitSpectrum,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
)
from riskcalc.agreement import CrossCheck, Effort, crosscheck
from riskcalc.agreement.comparison import Column, NegativeControl, Rejection
from riskcalc.agreement.removal import LABEL_NOISE, VARIANCE
from riskcalc.errors import InvalidInput, UnstableRun
from riskcalc.problem import gaussian_sketch
from riskcalc.simulation import Ambient, MonteCarlo, Rademacher, StudentT

LOW = Effort(fewest_sketches=30)
RULES = ["z-scores", "gap like 1/M", "digits", "digits"]


def run(*, dimension: int | None = 80, steps=60, step_size="1/5", model_size=12, schedule=Constant, noise=0) -> Run:
    problem = Problem(spectrum=PowerLaw(a="3/2", dimension=dimension), signal=PowerLawSignal(b=2), noise=noise)
    return Run(problem, model_size=model_size, schedule=schedule(step_size), steps=steps)


def rules(check: CrossCheck) -> list[str]:
    return [comparison.rule for comparison in check.comparisons]


@pytest.fixture(scope="module")
def check() -> CrossCheck:
    return crosscheck(run(), effort=LOW)


def test_all_roads_by_default(check):
    assert check.passed
    assert rules(check) == RULES
    assert [control.rule for control in check.controls] == ["z-scores"] * 8 + ["gap like 1/M"] * 7
    assert [control.name for control in check.controls if not control.rejected] == [VARIANCE.name]  # by few sketches
    assert not check.failed
    assert check.reasons == ()


def test_claims_of_both_sides_are_named(check):
    first, second, *_ = check.comparisons
    assert (first.left.claim, first.right.claim) == ("given sketch, computed", "given sketch, sampled")
    assert second.left.claim == "deterministic equivalent, computed"
    assert second.right.claim == "averaged over sketches, sampled"


def test_the_report_shows_what_was_decided_and_how(check):
    report = check.report()
    for words in (
        "cross-check: passed",
        "a=3/2, b=2, v=80, M=12, B=1, sigma2=0",
        "1. exact against simulation (reduced): passed (rule: z-scores)",
        "negative control, q without its square term: rejected",
        "negative control, one step behind: rejected",
        "smallest errors seen, of each term by itself: whole excess",
        "2. equivalent against exact over sketches: passed (rule: gap like 1/M)",
        "sketches at M = 12, 24, 48",
        "fewest agreeing digits",
    ):
        assert words in report
    assert max(map(len, report.splitlines())) <= 120


def test_the_dictionary_is_json_and_complete(check):
    read = json.loads(json.dumps(check.to_dict(), allow_nan=False))
    assert read["passed"] is True
    assert read["asked"]["model_size"] == "12"
    assert [one["verdict"] for one in read["comparisons"]] == ["passed"] * 4
    z = {column["name"]: column["values"] for column in read["comparisons"][0]["columns"]}["z"]
    assert z == list(check.comparisons[0].column("z"))
    assert [one["rejected"] for one in read["controls"]] == [one.rejected for one in check.controls]
    whole, *terms = read["comparisons"][0]["detectable"]
    assert whole == {"term": "whole excess", "share": check.comparisons[0].detectable[0].share, "seen": True}
    assert {one["term"] for one in terms} >= {"approximation", "bias", "variance", "one step of time"}


@pytest.mark.slow
def test_the_seed_decides():
    effort = Effort(fewest_sketches=5, most_sketches=5, draws=1e5, fewest_runs=10)
    first, again, other = (crosscheck(run(steps=5), effort=effort, seed=seed).to_dict() for seed in (0, 0, 1))
    assert first == again
    for one in range(2):
        assert first["comparisons"][one] != other["comparisons"][one]


@pytest.mark.parametrize(
    "methods, expected",
    [
        ([Exact()], ["digits"]),
        ([Equivalent()], ["digits"]),
        ([Exact(), MonteCarlo()], ["z-scores", "digits"]),
        ([Equivalent(), Exact()], ["gap like 1/M", "digits", "digits"]),
    ],
)
def test_methods_choose_the_rules(methods, expected):
    effort = Effort(fewest_sketches=5, most_sketches=5, draws=1e5, fewest_runs=10)
    check = crosscheck(run(steps=5), methods=methods, effort=effort)
    assert rules(check) == expected


def test_methods_are_used_as_they_are_given():
    sketch = gaussian_sketch(model_size=12, dimension=80, seed=99)
    simulation = MonteCarlo(runs=1500, seed=4, simulator=Ambient(covariates=Rademacher()))
    methods, effort = [Exact(sketch=sketch), simulation], Effort(draws=1e6, fewest_runs=10)
    check = crosscheck(run(steps=4), methods=methods, effort=effort)
    first = check.comparisons[0]
    expected = Exact(sketch=sketch).curve(run(steps=4)).excess
    assert np.array(first.column("exact")) == pytest.approx(expected, rel=1e-12)
    assert first.right.name == "simulation (ambient)"
    assert int(first.power.statement.split()[0]) >= 1500


def test_covariates_that_are_not_gaussian_are_found_out():
    simulation = MonteCarlo(seed=1, simulator=Ambient(covariates=StudentT(9)))
    check = crosscheck(run(steps=20), methods=[Exact(), simulation], effort=Effort(draws=2e7))
    assert not check.comparisons[0].agrees
    assert check.verdict == "FAILED"
    assert "exact against simulation (ambient): FAILED" in check.reasons


def test_infinite_dimension_and_a_large_model_are_checked_on_a_twin():
    asked = run(dimension=None, model_size=10**6, steps=10**9)
    effort = Effort(
        draws=1e6, largest_model_size=10, largest_base_size=10, fewest_sketches=9, most_sketches=9, plain_steps=500
    )
    check = crosscheck(asked, effort=effort)
    first, second, third, *_ = check.comparisons
    assert "checked at dimension 100; the run's is infinite" in first.remarks
    assert "checked at model size 10; the run's is 1000000" in first.remarks
    assert any(remark.startswith("checked up to step") for remark in first.remarks)
    assert "the sizes are 10, 20, 40; the run's model size is 1000000" in second.remarks
    assert third.steps[-1] <= 500
    assert "note: checked at dimension 100" in check.report()


def test_an_infinite_dimension_is_compared_with_one_that_is_only_large():
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3))
    asked = Run(problem, model_size=12, schedule=Constant("1/5"), steps=10**4)
    check = crosscheck(asked, methods=[Equivalent()])
    assert [one.right.name for one in check.comparisons] == [
        "equivalent, dimension 1e+14",
        "equivalent, eigenvalues listed",
    ]
    assert check.passed


def test_explicit_spectra():
    rng = np.random.default_rng(0)
    problem = Problem(
        spectrum=ExplicitSpectrum(rng.exponential(size=60) ** 3 / 60),
        signal=ExplicitSignal(rng.standard_normal(60)),
        noise=1,
    )
    asked = Run(problem, model_size=12, schedule=Cosine("1/20"), steps=60)
    check = crosscheck(asked, effort=replace(LOW, draws=5e7))
    assert check.passed, check.report()
    assert rules(check) == RULES[:3]
    assert check.report().splitlines()[1].startswith("  explicit spectrum, v=60")


def test_unstable_sketches_leave_no_power():
    """Stable on average, but far too close to the limit for every sketch."""
    check = crosscheck(run(step_size="9/20", dimension=60), methods=[Exact(seed=1), Equivalent()], effort=LOW)
    second = check.comparisons[0]
    assert second.verdict == "NO POWER"
    assert "unstable" in second.power.statement
    assert check.verdict == "NO POWER"
    assert check.to_dict()["comparisons"][0]["steps"] == []
    assert "NO POWER" in check.report()


def test_too_few_dimensions_leave_no_power():
    problem = Problem(spectrum=PowerLaw(a=1, dimension=12), signal=PowerLawSignal(b=2))
    asked = Run(problem, model_size=6, schedule=Constant("1/20"), steps=20)
    check = crosscheck(asked, methods=[Exact(), Equivalent()])
    assert check.comparisons[0].verdict == "NO POWER"
    assert "positive eigenvalues" in check.comparisons[0].power.statement


def test_steps_beyond_which_tails_are_too_heavy_are_left_out():
    asked = Run(
        Problem(spectrum=PowerLaw(a=2, dimension=80), signal=PowerLawSignal(b=2), noise=1),
        model_size=12,
        schedule=Constant("7/20"),
        steps=400,
    )
    check = crosscheck(asked, methods=[Exact(), MonteCarlo()], effort=Effort(draws=4e6, fewest_runs=200))
    first = check.comparisons[0]
    assert first.steps[-1] < 400
    assert f"checked up to step {first.steps[-1]}; the run goes to 400" in first.remarks


def control(*, observed: float, has_power: bool) -> NegativeControl:
    criterion = Rejection(statistic="s", observed=observed, expected=1.0, bound=4.0, has_power=has_power)
    columns = (Column(name="z", values=(observed,)),)
    return NegativeControl(rule="z-scores", name="wrong", steps=(1,), columns=columns, criteria=(criterion,))


@pytest.mark.parametrize(
    "controls, verdict",
    [
        ([control(observed=9, has_power=True)], "passed"),
        ([control(observed=9, has_power=True), control(observed=1, has_power=False)], "passed"),
        ([control(observed=9, has_power=True), control(observed=1, has_power=True)], "FAILED"),
        ([control(observed=1, has_power=False)], "NO POWER"),
    ],
)
def test_controls_count(check, controls, verdict):
    changed = CrossCheck(
        asked=check.asked, level=1e-3, seed=0, comparisons=check.comparisons, controls=tuple(controls)
    )
    assert changed.verdict == verdict
    assert changed.passed is (verdict == "passed")
    assert bool(changed.reasons) is (verdict != "passed")
    assert f"cross-check: {verdict}" in changed.report()


def test_label_noise_that_cannot_be_seen_leaves_no_power():
    asked = run(steps=20, noise="1/1000000000")
    check = crosscheck(asked, methods=[Exact(), MonteCarlo()], effort=Effort(draws=2e7))
    assert check.verdict == "NO POWER", check.report()
    assert check.reasons == (f"{LABEL_NOISE.name}: it was asked for, but no sampled comparison could have seen it",)


def test_early_steps_are_recorded_and_named():
    check = crosscheck(run(steps=[30]), methods=[Exact(), MonteCarlo()], effort=Effort(draws=2e7))
    assert check.comparisons[0].steps == (0, 1, 2, 30)
    assert "recorded too: step 0, 1, 2, where an error in time shows most" in check.comparisons[0].remarks


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"methods": []}, "methods is empty"),
        ({"methods": ["exat"]}, "did you mean 'exact'"),
        ({"methods": [MonteCarlo()]}, "add Exact"),
        ({"methods": [MonteCarlo(), Equivalent()]}, "add Exact"),
        ({"methods": [Exact(), Exact(seed=1)]}, "given 2 times"),
        ({"level": 0}, "probability"),
        ({"level": 0.7}, "probability"),
        ({"seed": -1}, "seed must be at least 0"),
    ],
)
def test_bad_arguments(arguments, words):
    with pytest.raises(InvalidInput, match=words):
        crosscheck(run(), **arguments)


def test_bad_runs():
    with pytest.raises(InvalidInput, match="must be a Run"):
        crosscheck("run")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="record a later step"):
        crosscheck(run(steps=[0]))
    with pytest.raises(UnstableRun, match="largest stable"):
        crosscheck(run(step_size=1))
    sketch = gaussian_sketch(model_size=12, dimension=80, seed=0)
    with pytest.raises(InvalidInput, match="a given sketch is checked at its own model size"):
        crosscheck(run(), methods=[Exact(sketch=sketch), MonteCarlo()], effort=Effort(largest_model_size=8))
    explicit = Problem(spectrum=ExplicitSpectrum([1.0, 0.5]), signal=ExplicitSignal([1.0, 1.0]))
    asked = Run(explicit, model_size=1, schedule=Constant("1/10"), steps=5)
    with pytest.raises(InvalidInput, match="add the method Exact"):
        crosscheck(asked, methods=[Equivalent()])


def test_a_model_size_that_no_sketch_has():
    power = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b=3))
    asked = Run(power, model_size="21/2", schedule=Constant("1/5"), steps=[10, 100])
    for methods in (None, [Exact(seed=0)]):
        with pytest.raises(InvalidInput, match="model_size is 21/2: use 10 or 11"):
            crosscheck(asked, methods=methods)
    (comparison,) = crosscheck(asked, methods=[Equivalent()]).comparisons
    assert comparison.agrees
    assert comparison.remarks == ()  # the equivalent takes any real size, and is checked at this one


@pytest.mark.parametrize("settings", [{"draws": 0}, {"draws": float("inf")}, {"most_sketches": 5}, {"fewest_runs": -1}])
def test_bad_effort(settings):
    with pytest.raises(InvalidInput):
        Effort(**settings)
