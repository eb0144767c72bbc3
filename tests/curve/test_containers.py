"""Curves as xarray Datasets, in memory and through a NetCDF file."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from riskcalc.curve import Claim, RiskCurve, Warrant
from riskcalc.errors import MissingDependency

xarray = pytest.importorskip("xarray")

SINGLE = ("irreducible", "approximation", "error")
SIZES = (("10", 1e-12), ("61/2", 2e-12))
CURVE = RiskCurve(
    steps=(0, 10, 10**18),
    excess=np.array([1.1, 0.7, 1 / 3]),
    bias=np.array([1.0, 0.5, 0.2]),
    variance=np.array([0.0, 0.1, 1 / 30]),
    irreducible=0.5,
    approximation=0.1,
    claim=Claim.AVERAGED_OVER_SKETCHES,
    warrant=Warrant.COMPUTED,
    standard_error=np.array([0.0, 0.01, 0.02]),
    error=1e-12,
    asked={"a": "2", "dimension": None, "schedule": {"name": "cosine", "step_size": "3/10"}},
    method={"name": "exact", "sketches": 8},
)


def test_variables_coordinate_units_and_meanings() -> None:
    data = CURVE.to_xarray()
    numbers = [name for name in data.data_vars if data[name].dtype.kind == "f"]
    assert set(numbers) == {"risk", "excess", "bias", "variance", "standard_error", *SINGLE}
    assert data["step"].dtype == np.int64
    assert data["step"].values.tolist() == [0, 10, 10**18]
    np.testing.assert_array_equal(data["risk"].values, CURVE.risk)
    np.testing.assert_array_equal(data["standard_error"].values, CURVE.standard_error)
    assert {data[name].attrs["units"] for name in [*numbers, "step"]} == {"1"}
    assert len({data[name].attrs["long_name"] for name in numbers if data[name].dims}) == 5
    assert data["excess"].attrs["ancillary_variables"] == "standard_error"


def test_the_answer_keeps_its_claim_and_its_question() -> None:
    data = CURVE.to_xarray()
    assert data.attrs["Conventions"].startswith("CF-1.")
    told = {name: data[name].item() for name in (*SINGLE, "claim", "warrant", "problem", "method")}
    assert (told["claim"], told["warrant"]) == ("averaged over sketches", "computed")
    assert [told[name] for name in SINGLE] == [0.5, 0.1, 1e-12]
    assert json.loads(told["problem"]) == CURVE.asked.record
    assert json.loads(told["method"]) == CURVE.method


def test_curves_combine_along_what_was_asked() -> None:
    curves = [replace(CURVE, asked={**CURVE.asked.record, "model_size": size}, error=error) for size, error in SIZES]
    sets = [curve.to_xarray() for curve in curves]
    assert sets[0]["a"].item() == 2.0
    assert sets[0]["schedule"].item() == "cosine"
    joined = xarray.combine_by_coords([one.expand_dims("model_size") for one in sets])
    assert joined["error"].values.tolist() == [error for _, error in SIZES]
    for size, data in zip((10.0, 30.5), sets, strict=True):
        assert joined["risk"].sel(model_size=size).equals(data["risk"])


def test_a_table_has_one_row_a_step() -> None:
    pytest.importorskip("pandas")
    table = CURVE.to_pandas()
    assert table.index.tolist() == [0, 10, 10**18]
    assert table.columns.tolist() == ["risk", "excess", "bias", "variance", "standard_error"]
    assert table.loc[10, "risk"] == CURVE.at(10).risk[0]


def test_parts_that_do_not_exist_are_absent() -> None:
    sampled = RiskCurve(
        steps=(1,),
        excess=np.array([1.0]),
        irreducible=0.0,
        approximation=0.0,
        claim=Claim.GIVEN_SKETCH,
        warrant=Warrant.SAMPLED,
    )
    data = sampled.to_xarray()
    assert {name for name in data.data_vars if data[name].dims} == {"risk", "excess"}
    assert "error" not in data.data_vars


def test_a_netcdf_file_gives_back_the_same_dataset(tmp_path: Path) -> None:
    pytest.importorskip("h5netcdf")
    path = tmp_path / "curve.nc"
    data = CURVE.to_xarray()
    data.to_netcdf(path, engine="h5netcdf")
    with xarray.open_dataset(path, engine="h5netcdf") as read:
        read.load()
    xarray.testing.assert_identical(read, data)
    assert read["step"].dtype == np.int64


def test_the_dataset_is_a_copy_that_may_be_changed() -> None:
    data = CURVE.to_xarray()
    data["excess"].values[0] = 99.0
    assert CURVE.excess[0] == 1.1


def test_without_xarray_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(MissingDependency, match=r'pip install "riskcalc-sgd\[data\]"'):
        CURVE.to_xarray()
