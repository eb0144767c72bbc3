"""Curves as JSON: lossless, of the promised shape, and refused when damaged."""

from __future__ import annotations

import json
import math
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc.curve import Claim, RiskCurve, Warrant
from riskcalc.errors import InvalidInput
from riskcalc.files import installed_version

STEPS = (0, 1, 10, 10**18)


def _curve(**changes: Any) -> RiskCurve:
    parts: dict[str, Any] = {
        "steps": STEPS,
        "excess": np.array([1.1, 0.7, 1 / 3, 0.1]),
        "bias": np.array([1.0, 0.5, 0.2, 1e-300]),
        "variance": np.array([0.0, 0.1, 1 / 30, 0.0]),
        "irreducible": 0.5,
        "approximation": 0.1,
        "claim": Claim.DETERMINISTIC_EQUIVALENT,
        "warrant": Warrant.COMPUTED,
        "error": 2e-13,
        "asked": {"a": "2", "dimension": None, "schedule": {"name": "constant", "step_size": "3/10"}},
        "method": {"name": "equivalent", "nodes": 200},
    }
    return RiskCurve(**(parts | changes))


def test_the_object_has_the_keys_and_the_kinds_of_the_command_line_contract() -> None:
    written = _curve().to_dict()
    assert set(written) == {
        "format",
        "riskcalc_version",
        "problem",
        "claim",
        "warrant",
        "steps",
        "risk",
        "excess",
        "bias",
        "variance",
        "irreducible",
        "approximation",
        "error",
        "method",
    }
    assert written["claim"] == "deterministic equivalent"
    assert written["warrant"] == "computed"
    assert written["steps"] == list(STEPS)
    assert written["problem"] == _curve().asked.record
    assert written["excess"] == ["1.1", "0.7", "0.3333333333333333", "0.1"]
    assert written["risk"] == [repr(0.5 + excess) for excess in (1.1, 0.7, 1 / 3, 0.1)]
    assert written["irreducible"] == "0.5"
    assert written["error"] == "2e-13"
    assert json.loads(json.dumps(written, allow_nan=False)) == written


def test_parts_that_a_road_cannot_separate_are_null_and_errors_appear_where_they_exist() -> None:
    sampled = _curve(
        bias=None,
        variance=None,
        error=None,
        standard_error=np.array([0.0, 0.1, 0.2, 0.3]),
        warrant=Warrant.SAMPLED,
    )
    written = sampled.to_dict()
    assert written["bias"] is None
    assert written["variance"] is None
    assert written["error"] is None
    assert written["standard_error"] == ["0.0", "0.1", "0.2", "0.3"]
    assert "radius" not in written
    assert RiskCurve.from_json(sampled.to_json()) == sampled


def test_fewer_digits_are_rounded_to_significant_digits() -> None:
    written = _curve().to_dict(digits=3)
    assert written["excess"] == ["1.1", "0.7", "0.333", "0.1"]
    assert written["bias"][3] == "1e-300"
    assert written["digits"] == 3
    read = RiskCurve.from_json(json.dumps(written))
    assert read.excess[2] == 0.333


@pytest.mark.parametrize("digits", [0, -1, "many", 1.5])
def test_digits_that_are_no_count_are_refused(digits: Any) -> None:
    with pytest.raises(InvalidInput, match="digits"):
        _curve().to_dict(digits=digits)


sizes = st.floats(0, 1e300)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def curves(draw: st.DrawFn) -> RiskCurve:
    steps = sorted(draw(st.sets(st.integers(0, 10**18), min_size=1, max_size=6)))

    def series(values: st.SearchStrategy[float]) -> st.SearchStrategy[np.ndarray]:
        return st.lists(values, min_size=len(steps), max_size=len(steps)).map(np.array)

    approximation = draw(sizes)
    separated = draw(st.booleans())
    bias, variance = (draw(series(sizes | st.just(math.inf))) if separated else None for _ in range(2))
    excess = draw(series(sizes | st.just(math.inf))) if bias is None else approximation + bias + variance
    warrant = draw(st.sampled_from(Warrant))
    return RiskCurve(
        steps=tuple(steps),
        excess=excess,
        irreducible=draw(st.floats(0, 1e6)),
        approximation=approximation,
        claim=draw(st.sampled_from(Claim)),
        warrant=warrant,
        bias=bias,
        variance=variance,
        standard_error=draw(st.none() | series(sizes)),
        radius=draw(series(sizes)) if warrant is Warrant.ENCLOSED else None,
        error=draw(st.none() | sizes),
        asked=draw(st.dictionaries(st.text(), plain, max_size=3)),
        method=draw(st.dictionaries(st.text(), plain, max_size=3)),
    )


@settings(deadline=None, max_examples=60)
@given(curves())
def test_every_curve_comes_back_bit_for_bit(curve: RiskCurve) -> None:
    read = RiskCurve.from_json(curve.to_json())
    assert read == curve
    assert hash(read) == hash(curve)
    assert read.steps == curve.steps
    assert read.asked == curve.asked
    assert (read.claim, read.warrant) == (curve.claim, curve.warrant)
    for name in ("excess", "bias", "variance", "standard_error", "radius", "irreducible", "approximation", "error"):
        before, after = getattr(curve, name), getattr(read, name)
        assert (before is None) == (after is None)
        if before is not None:
            assert np.asarray(before).tobytes() == np.asarray(after).tobytes()


@settings(deadline=None, max_examples=60)
@given(st.floats(-1e300, 1e300), st.integers(1, 16))
def test_rounding_is_off_by_half_a_unit_of_the_last_digit_at_most(value: float, digits: int) -> None:
    text = _curve(excess=np.full(4, value)).to_dict(digits=digits)["excess"][0]
    assert abs(float(text) - value) <= (0.5 * 10.0 ** (1 - digits) + 4e-16) * abs(value) + 1e-323


def test_infinite_values_of_a_forced_run_survive() -> None:
    grown = np.array([1.0, 1e300, math.inf, math.inf])
    unstable = _curve(excess=grown + 0.1, bias=np.zeros(4), variance=grown)
    assert unstable.to_dict()["risk"][2:] == ["inf", "inf"]
    assert RiskCurve.from_json(unstable.to_json()) == unstable


def test_what_json_would_change_is_made_plain_first() -> None:
    curve = _curve(
        asked={"steps": (1, 2), "values": np.array([1.0, 2.0]), "size": np.int64(3), "kappa": math.inf},
        method={},
    )
    assert curve.to_dict()["problem"] == {"steps": [1, 2], "values": [1.0, 2.0], "size": 3, "kappa": "inf"}
    assert RiskCurve.from_json(curve.to_json()) == curve


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"method\.engine"):
        _curve(method={"engine": object()}).to_json()


def test_curves_of_other_roads_or_values_differ() -> None:
    assert _curve() == _curve()
    assert _curve() != _curve(claim=Claim.GIVEN_SKETCH)
    assert _curve() != _curve(approximation=np.nextafter(0.1, 1))
    assert _curve() != "a curve"


def test_files_hold_the_same_curve(tmp_path: Path) -> None:
    path = tmp_path / "curve.json"
    _curve().save(path)
    assert RiskCurve.load(str(path)) == _curve()


@pytest.mark.parametrize("name", ["missing.json", "\0"])
def test_files_that_cannot_be_read_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read the curve file"):
        RiskCurve.load(tmp_path / name)


@pytest.mark.parametrize("place", ["no/such/folder/curve.json", ""])
def test_places_that_cannot_be_written_are_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(InvalidInput, match="cannot write the curve"):
        _curve().save(tmp_path / place)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": 2}, "'format' is 2"),
        ({"format": None}, "'format' is None"),
        ({"steps": [1, 0, 2, 3]}, "ascend"),
        ({"steps": [-1, 0, 2, 3]}, "ascend"),
        ({"steps": [0, 1, 2, 10**19]}, "1e18"),
        ({"steps": [0, True, 2, 3]}, "whole numbers"),
        ({"steps": []}, "whole numbers"),
        ({"excess": ["1", "2"]}, "list of 4 numbers"),
        ({"excess": ["1", "2", "3", "four"]}, "'four'"),
        ({"excess": ["1", "2", "3", "nan"]}, "'nan'"),
        ({"excess": ["1", "2", "3", 4]}, "decimal string"),
        ({"bias": "0"}, "list of 4 numbers"),
        ({"bias": ["1", "2", "3"]}, "list of 4 numbers"),
        ({"claim": "guessed"}, "claim 'guessed' is unknown; known are 'given sketch'"),
        ({"warrant": ["computed"]}, "is unknown"),
        ({"irreducible": "-"}, "irreducible"),
        ({"problem": []}, "'problem' is not an object"),
    ],
)
def test_damaged_curves_are_refused_with_file_and_reason(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    path = tmp_path / "curve.json"
    path.write_text(json.dumps(_curve().to_dict() | change))
    with pytest.raises(InvalidInput, match=r"curve\.json") as raised:
        RiskCurve.load(path)
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    "key", ["steps", "excess", "irreducible", "approximation", "claim", "warrant", "problem"]
)
def test_missing_keys_are_named(key: str) -> None:
    written = _curve().to_dict()
    del written[key]
    with pytest.raises(InvalidInput, match=f"'{key}' is missing"):
        RiskCurve.from_json(json.dumps(written))


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "nan", "[" * 100_000, '{"format": 1}', "1" * 5000])
def test_text_that_is_no_curve_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="not a curve"):
        RiskCurve.from_json(text)


@settings(deadline=None)
@given(key=st.sampled_from(sorted(_curve().to_dict())), value=plain)
def test_any_replaced_value_is_read_or_refused_with_the_packages_own_error(key: str, value: Any) -> None:
    try:
        read = RiskCurve.from_json(json.dumps(_curve().to_dict() | {key: value}))
    except InvalidInput:
        return
    assert RiskCurve.from_json(read.to_json()) == read


def test_the_version_is_that_of_the_distribution_and_unknown_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found(name: str) -> str:
        assert name == "riskcalc-sgd"
        return "1.2.3"

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", found)
    assert installed_version() == _curve().to_dict()["riskcalc_version"] == "1.2.3"
    monkeypatch.setattr(metadata, "version", missing)
    assert installed_version() == "unknown"


@pytest.mark.parametrize("path", [3, None, b"curve.json"])
def test_what_is_no_file_name_is_refused(path: Any) -> None:
    with pytest.raises(InvalidInput, match="must be the name of a file"):
        RiskCurve.load(path)
    with pytest.raises(InvalidInput, match="must be the name of a file"):
        _curve().save(path)
