"""Curves that were cut off or changed: a change that can be seen is refused, and says where it is seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import riskcalc as rc
from riskcalc.cli.risk import json_of
from riskcalc.errors import InvalidInput

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=30), signal=rc.PowerLawSignal(b="12/5"), noise="1/10")
RUN = rc.Run(PROBLEM, model_size=5, schedule=rc.Constant("3/10"), steps=[0, 1, 10, 100])
ROADS = {
    "equivalent": rc.Equivalent(),
    "exact": rc.Exact(seed=0),
    "averaged": rc.Exact(sketches=3),
    "sampled": rc.MonteCarlo(runs=3),
    "digits": rc.Exact(seed=0, digits=30),
    "certified": rc.Equivalent(digits=15, certified=True),
}
INFINITE = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="12/5"), noise="1/10")


@pytest.fixture(scope="module")
def curves() -> dict[str, rc.RiskCurve]:
    run = rc.Run(INFINITE, model_size=5, schedule=rc.Constant("3/10"), steps=[0, 1, 10, 100])
    return {name: rc.risk(run if "certified" in name else RUN, method=road) for name, road in ROADS.items()}


def refusal(written: dict[str, Any]) -> str:
    with pytest.raises(InvalidInput, match="not a curve: ") as refused:
        rc.RiskCurve.from_json(json.dumps(written))
    return str(refused.value)


@pytest.mark.parametrize("name", ROADS)
@pytest.mark.parametrize("digits", [1, 2, 5, 12, 15, 17])
def test_what_is_written_is_read_at_any_rounding(curves, name: str, digits: int) -> None:
    curve = curves[name]
    read = rc.RiskCurve.from_json(json.dumps(curve.to_dict(digits=digits)))
    assert read.steps == curve.steps
    printed = json_of(curve, digits=digits)
    rc.RiskCurve.from_json(json.dumps(printed))


def test_no_prefix_of_a_file_is_a_curve(curves) -> None:
    text = curves["averaged"].to_json()
    for length in range(len(text)):
        with pytest.raises(InvalidInput, match="not a curve: "):
            rc.RiskCurve.from_json(text[:length])


def _first_changed(text: str) -> str:
    """The number with its first nonzero digit changed."""
    place = next(place for place, letter in enumerate(text) if letter in "123456789")
    return text[:place] + str(int(text[place]) % 9 + 1) + text[place + 1 :]


SEEN = {  # where a changed digit shows: each of these numbers stands in a sum
    "equivalent": ("risk", "excess", "bias", "variance", "irreducible", "approximation"),
    "averaged": ("risk", "excess", "bias", "variance", "irreducible", "approximation"),
    "sampled": ("risk", "excess", "irreducible"),
    "digits": ("risk", "excess", "bias", "variance", "irreducible", "approximation"),
    "certified": ("risk", "excess", "irreducible"),
}


@pytest.mark.parametrize("name, key", [(name, key) for name, keys in SEEN.items() for key in keys])
def test_a_changed_digit_shows_in_a_sum(curves, name: str, key: str) -> None:
    written = curves[name].to_dict()
    values = written[key] if isinstance(written[key], list) else [written[key]]
    for place, text in enumerate(values):
        if float(text) == 0:
            continue
        changed = [*values[:place], _first_changed(text), *values[place + 1 :]]
        refused = refusal(written | {key: changed if isinstance(written[key], list) else changed[0]})
        assert "but " in refused
        assert f"at step {RUN.steps[place]}" in refused


def test_the_last_digits_count_as_well(curves) -> None:
    written = curves["digits"].to_dict()
    excess = list(written["excess"])
    head, marker, power = excess[2].partition("e")
    excess[2] = head[:-2] + str((int(head[-2]) + 5) % 10) + head[-1] + marker + power  # digit 29 of 30
    assert "at step 10" in refusal(written | {"excess": excess})


def first(key: str, text: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The first number of a series replaced."""
    return lambda was: {key: [text, *was[key][1:]]}


CHANGES: list[tuple[str, Callable[[dict[str, Any]], dict[str, Any]], str]] = [
    ("equivalent", lambda was: {"format": True}, "'format' is True"),
    ("equivalent", lambda was: {"format": 1.0}, "'format' is 1.0"),
    ("equivalent", lambda was: {"format": "1"}, "'format' is '1'"),
    ("equivalent", lambda was: {"standard_eror": was["excess"]}, "the key 'standard_eror' is unknown"),
    ("equivalent", lambda was: {"error": "-1e-3"}, "'error' is -1e-3"),
    ("equivalent", lambda was: {"error": "inf"}, "'error' is infinite"),
    ("equivalent", lambda was: {"error": ["1e-3"]}, "decimal string"),
    ("equivalent", lambda was: {"irreducible": "-0.1"}, "cannot be negative"),
    ("equivalent", lambda was: {"approximation": "-0.1"}, "cannot be negative"),
    ("equivalent", lambda was: {"excess": None}, "'excess' is null"),
    ("equivalent", lambda was: {"approximation": None}, "'approximation' is null"),
    ("equivalent", first("bias", "\u0661.0"), "a number as a decimal string"),
    ("equivalent", first("bias", "1_0"), "a number as a decimal string"),
    ("equivalent", first("bias", " 1"), "a number as a decimal string"),
    ("equivalent", first("bias", "1e400"), "no float64 can be"),
    ("equivalent", first("bias", "-inf"), "a number as a decimal string"),
    ("equivalent", first("variance", "inf"), "at step 0 excess is"),
    ("equivalent", lambda was: {"warrant": "enclosed"}, "but a radius is not given"),
    ("equivalent", lambda was: {"radius": was["excess"]}, "but a radius is given"),
    ("equivalent", lambda was: {"decimal_digits": True}, "a whole number of digits"),
    ("equivalent", lambda was: {"decimal_digits": 10**6}, "a whole number of digits"),
    ("equivalent", lambda was: {"digits": "12"}, "a whole number of digits"),
    ("certified", lambda was: {"warrant": "computed"}, "but a radius is given"),
    ("certified", lambda was: {"radius": None}, "but a radius is not given"),
    ("certified", first("radius", "-1"), "'radius' is -"),
    ("certified", first("radius", "inf"), "'radius' is infinite"),
    ("sampled", first("standard_error", "-1"), "'standard_error' is -1 at step 0"),
    ("sampled", first("excess", "-1"), "'excess' is -1 at step 0"),
]


@pytest.mark.parametrize("name, change, says", CHANGES, ids=[says for _, _, says in CHANGES])
def test_changes_that_no_sum_shows(curves, name: str, change: Callable[..., dict[str, Any]], says: str) -> None:
    written = curves[name].to_dict()
    assert says in refusal(written | change(written))


@pytest.mark.parametrize("inside", ["", '"problem": {', '"schedule": {'])
def test_a_key_that_stands_there_twice_is_refused(curves, inside: str) -> None:
    text = json.dumps(curves["equivalent"].to_dict())
    begin = text.index(inside) + len(inside) if inside else 1
    doubled = text[:begin] + '"twice": 1, "twice": 1, ' + text[begin:]
    with pytest.raises(InvalidInput, match="the key 'twice' stands there twice"):
        rc.RiskCurve.from_json(doubled)


def test_json_has_no_nan(curves) -> None:
    text = json.dumps(curves["equivalent"].to_dict() | {"method": {"kappa": float("nan")}})
    with pytest.raises(InvalidInput, match="holds NaN"):
        rc.RiskCurve.from_json(text)


@pytest.mark.parametrize("what", [None, b"{}", 3, {}])
def test_what_is_no_text_is_refused(what: Any) -> None:
    with pytest.raises(InvalidInput, match="JSON text is needed"):
        rc.RiskCurve.from_json(what)


def test_numbers_of_any_length_and_size_take_no_time(curves) -> None:
    written = curves["digits"].to_dict()
    huge = ["1e999999999999999999", *written["excess"][1:]]
    assert "at step 0" in refusal(written | {"excess": huge})
    assert "decimal string" in refusal(written | {"excess": ["1" * 100_000, *written["excess"][1:]]})


def test_fits_refuse_what_loading_refuses(curves, tmp_path) -> None:
    path = tmp_path / "curve.json"
    written = curves["equivalent"].to_dict()
    path.write_text(json.dumps(written | {"risk": None, "excess": ["-1", *written["excess"][1:]]}))
    with pytest.raises(InvalidInput, match="'excess' is -1 at step 0"):
        rc.load_table(path)
