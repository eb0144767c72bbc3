"""A sweep against its points asked one by one, its labels, and what becomes of points without an answer."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.schedule import rescaled, schedule_of
from riskcalc.sweeping.dataset import write_dataset
from tests.sweeping.small import PROBLEM, SMALL, bits, small


@pytest.fixture(scope="module")
def found():
    return small()


def test_every_point_is_the_curve_of_its_run_to_the_last_bit(found):
    """Asked in another order, and with the label noise of every point in its problem from the start."""
    kinds = (SMALL["model_size"], SMALL["step_size"], SMALL["schedule"], SMALL["noise"])
    for size, gamma, word, noise in reversed(list(itertools.product(*kinds))):
        problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="17/5"), noise=noise)
        schedule = rescaled(schedule_of(word, step_size=gamma), gamma)
        curve = rc.risk(rc.Run(problem, model_size=size, schedule=schedule, steps=[0, 30]))
        point = found.sel(model_size=size, step_size=float(rc.Constant(gamma).step_size), schedule=word)
        point = point.sel(noise=float(problem.noise))
        for name in ("risk", "excess", "bias", "variance"):
            assert point[name].values.tobytes() == getattr(curve, name).tobytes(), (name, size, gamma, word, noise)
        for name in ("irreducible", "approximation", "error"):
            assert float(point[name]) == getattr(curve, name)
        assert (str(point.claim.values), str(point.warrant.values)) == (curve.claim, curve.warrant)
        assert str(point.reason.values) == ""


def test_dimensions_are_the_lists_and_single_values_are_coordinates(found):
    assert found.risk.dims == ("model_size", "step_size", "schedule", "noise", "step")
    assert found.risk.shape == (2, 1, 2, 2, 2)
    assert found.schedule.values.tolist() == ["constant", "multistep:1/2"]
    assert found.model_size.dtype == found.step.dtype == np.int64
    assert (int(found.batch_size), str(found.optimiser.values)) == (1, "sgd")


def test_netcdf_and_back_is_identical(tmp_path, found):
    refused = small(model_size=[10, 40], step_size=9, noise="1/3", steps=[3])
    for dataset in (found, refused):
        write_dataset(dataset, tmp_path / "sweep.nc")
        read = xarray.load_dataset(tmp_path / "sweep.nc", engine="h5netcdf")
        assert read.identical(dataset)
        assert bits(read) == bits(dataset)


def test_objects_and_words_share_names_and_answers(found):
    """An object has its own step size; two of one spelling are told apart by it."""
    pair = [rc.Constant("1/10"), rc.Constant("3/10"), rc.WarmupStableDecay("1/10", decay="1/5")]
    alone = rc.sweep(PROBLEM, model_size=10, schedule=pair, steps=[30])
    assert alone.schedule.values.tolist() == ["constant at 1/10", "constant at 3/10", "wsd:1/5"]
    assert alone.step_size.dims == ("schedule",)
    both = found.sel(model_size=10, schedule="constant", noise=0, step=30)
    assert alone.risk.values[1:2, 0].tolist() == both.risk.values.tolist()


def test_labels_of_objects_read_back():
    for schedule in (
        rc.Polynomial(1, power=2),
        rc.MultiStep(1, milestones=["1/2", "3/4"], factor="1/2"),
        rc.Cosine(1, floor="1/10"),
    ):
        made = rc.sweep(PROBLEM, model_size=[10], schedule=[schedule], steps=[0])
        assert schedule_of(str(made.schedule.values[0]), step_size=1) == schedule
    warm = rc.sweep(PROBLEM, model_size=10, schedule=[rc.Warmup(rc.Cosine(1), fraction="1/50")], steps=[0])
    assert warm.schedule.values.tolist() == ["cosine after warm-up 1/50"]


def test_a_point_without_an_answer_is_nan_with_its_reason():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=50), signal=rc.PowerLawSignal(b=2))
    found = rc.sweep(problem, model_size=[10, 51], schedule="constant", step_size=["1/10", 9], steps=[5])
    assert np.isfinite(found.risk.values).tolist() == [[[True], [False]], [[False], [False]]]
    reasons = found.reason.values
    assert reasons[0, 0] == ""
    assert reasons[0, 1].startswith("unstable: at step size 9")
    assert reasons[1, 0].startswith("model_size 51 exceeds the dimension 50")
    assert found.claim.values.tolist() == [["deterministic equivalent", ""], ["", ""]]
    assert np.isnan(found.irreducible.values[0, 1])


def test_an_error_of_our_own_is_one_point_too(monkeypatch):
    from riskcalc.sweeping import chunk

    calls = itertools.count()
    asked = chunk.risk

    def sometimes(run, *, method):
        if next(calls) == 3:
            raise KeyError("planted")
        return asked(run, method=method)

    monkeypatch.setattr(chunk, "risk", sometimes)
    reasons = small().reason.values.ravel()
    assert [reason for reason in reasons if reason] == ["internal error (KeyError: 'planted'); please report it"]


def test_several_outputs_take_the_noise_of_the_grid():
    problem = rc.MultipleOutputs(
        spectrum=rc.PowerLaw(a=2), signals=[rc.PowerLawSignal(b=2), rc.PowerLawSignal(b=2)], noises=[0, 1]
    )
    asked = {"model_size": 10, "schedule": rc.Constant("1/10"), "steps": [20]}
    assert float(rc.sweep(problem, **asked).irreducible) == 1.0
    assert rc.sweep(problem, noise=["1/2", 2], **asked).irreducible.values.tolist() == [1.0, 4.0]


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"schedule": "cosin"}, r"there is no schedule 'cosin' \(did you mean 'cosine'\?\)"),
        ({"step_size": None}, "step_size is missing: the schedule 'constant' needs it"),
        ({"noise": [0, "1/10", "0.1"]}, "noise has 0.1 more than once"),
        ({"schedule": ["constant", "polynomial:1", "constant"]}, "schedule has 'constant' more than once"),
        ({"model_size": []}, "model_size is an empty list"),
        ({"model_size": [10, "1/2"]}, "model_size must be at least 1, not '1/2'"),
        ({"noise": [0, -1]}, "noise is a variance and cannot be negative"),
        ({"step_size": ["1/10", 0]}, "step_size must be positive"),
        ({"horizon": 3}, "horizon 3 is shorter than the last recorded step 30"),
        ({"executor": 2}, "executor must be None, a concurrent.futures.Executor"),
        ({"method": rc.Exact}, "method must be a road"),
        ({"noise": range(4000), "model_size": range(1, 4001)}, "the grid has 32,000,000 points"),
    ],
)
def test_a_grid_that_cannot_be_meant_is_refused(wrong, said):
    with pytest.raises(InvalidInput, match=said):
        small(**wrong)
