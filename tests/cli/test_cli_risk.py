"""`riskcalc risk`: its contract with scripts, and its table for readers."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from riskcalc import Constant, Equivalent, Exact, PowerLaw, PowerLawSignal, Problem, RiskCurve, Run
from riskcalc.simulation import Ambient, MonteCarlo, StudentT
from tests.conftest import printed as as_printed

FINITE = "risk --a 2 --b 17/5 --dimension 100 --model-size 20 --step-size 0.3"

# v = 100, M = 20, a = 2, b = 17/5, gamma = 3/10: thirty digits by contour integration in multiple precision
GOLDEN = {
    0: "1.13865725080203075148669916284",
    1: "0.843200347672858039569618217126",
    2: "0.637333073347697203097334644891",
    5: "0.316463640692789405597378883776",
    10: "0.153434884554109125984821479813",
    50: "0.0433424151808322916173885999512",
    200: "0.0233362412768795309783625123730",
}
GOLDEN_APPROXIMATION = "0.0106132923400263719025198346547"


def unit_in_last_place(value: Decimal, digits: int) -> Decimal:
    return Decimal(1).scaleb(value.adjusted() - digits + 1)


def run(*, steps):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=100), signal=PowerLawSignal(b="17/5"))
    return Run(problem, model_size=20, schedule=Constant("3/10"), steps=steps)


@pytest.mark.parametrize("flag", ["", "--digits 9", pytest.param("--digits 13", marks=pytest.mark.slow)])
def test_every_printed_digit_but_the_last_is_right(riskcalc, flag):
    read = riskcalc(f"{FINITE} --steps {','.join(map(str, GOLDEN))} {flag} --json").json()
    assert read["steps"] == list(GOLDEN)
    assert read["digits"] == int(flag.split()[-1]) if flag else read["digits"] >= 9
    for printed, true in zip(read["excess"], GOLDEN.values(), strict=True):
        assert abs(Decimal(printed) - Decimal(true)) <= unit_in_last_place(Decimal(true), read["digits"])
    approximation, true = Decimal(read["approximation"]), Decimal(GOLDEN_APPROXIMATION)
    assert abs(approximation - true) <= unit_in_last_place(true, read["digits"])


def test_json_names_everything_that_was_asked(riskcalc):
    read = riskcalc("risk --a 2 --b 17/5 --model-size 1000 --step-size 0.3 --steps 0,10,1e4,1e6 --json").json()
    assert read["claim"] == "deterministic equivalent"
    assert read["warrant"] == "computed"
    assert read["steps"] == [0, 10, 10_000, 1_000_000]
    assert {"a": "2", "b": "17/5", "dimension": None, "model_size": "1000"}.items() <= read["problem"].items()
    assert {"batch_size": 1, "noise": "0", "horizon": 1_000_000}.items() <= read["problem"].items()
    assert read["problem"]["schedule"] == {"name": "constant", "step_size": "3/10"}
    assert not {"standard_error", "radius"} & read.keys()


@pytest.mark.parametrize("method", ["equivalent", "exact"])
def test_the_parts_add_up(riskcalc, method):
    read = riskcalc(f"{FINITE} --noise 0.25 --steps 0,10,1e4,1e6 --method {method} --json").json()
    parts = zip(read["risk"], read["excess"], read["bias"], read["variance"], strict=True)
    for risk, excess, bias, variance in [map(Decimal, row) for row in parts]:
        unit = unit_in_last_place(risk, read["digits"])
        assert abs(risk - excess - Decimal(read["irreducible"])) <= 2 * unit
        assert abs(excess - bias - variance - Decimal(read["approximation"])) <= 3 * unit
    assert Decimal(read["irreducible"]) == Decimal("0.25")


@pytest.mark.parametrize(
    "flags, method",
    [
        ("--method equivalent --tolerance 1e-6", Equivalent(tolerance=1e-6)),
        ("--method exact --seed 3", Exact(seed=3)),
        ("--method exact --seed 3 --sketches 4", Exact(seed=3, sketches=4)),
        ("--method montecarlo --runs 8 --seed 3", MonteCarlo(runs=8, seed=3, sketch_seed=3)),
        (
            "--method montecarlo --runs 8 --covariates student:9",
            MonteCarlo(runs=8, simulator=Ambient(covariates=StudentT(9))),
        ),
        ("--method montecarlo --runs 8 --simulator ambient", MonteCarlo(runs=8, simulator=Ambient())),
    ],
)
def test_the_flags_of_a_road_reach_it(riskcalc, flags, method):
    answer = riskcalc(f"{FINITE} --steps 0,40 {flags} --json")
    expected = method.curve(run(steps=[0, 40]))
    read = answer.json()
    assert (read["claim"], read["warrant"]) == (expected.claim.value, expected.warrant.value)
    assert read["method"] == expected.to_dict()["method"]
    sampled = expected.standard_error is not None
    assert float(read["excess"][1]) == pytest.approx(expected.excess[1], rel=1e-2 if sampled else 1e-6)
    assert ("standard_error" in read) == sampled


def test_a_sampled_number_ends_two_places_below_its_standard_error(riskcalc):
    read = riskcalc(f"{FINITE} --steps 0,40 --method montecarlo --runs 8 --json").json()
    error, excess = Decimal(read["standard_error"][1]), Decimal(read["excess"][1])
    assert excess.as_tuple().exponent >= error.adjusted() - 2
    assert read["standard_error"][0] == "0"  # before the first step nothing is random
    assert len(read["excess"][0].replace(".", "")) == 15
    assert "bias" not in read or read["bias"] is None


def test_the_json_is_read_back_as_a_curve(riskcalc):
    answer = riskcalc(f"{FINITE} --steps 0,10,100 --json")
    curve = RiskCurve.from_json(answer.out)
    np.testing.assert_allclose(curve.excess, Equivalent().curve(run(steps=[0, 10, 100])).excess, rtol=1e-9)
    assert answer.out.count("\n") == 1
    assert answer.err == ""


def test_the_table_is_read_by_numpy_and_carries_its_claim(riskcalc):
    answer = riskcalc(f"{FINITE} --steps 0,10,1e5")
    assert answer.status == 0
    assert answer.err == ""
    table = np.loadtxt(io.StringIO(answer.out))
    read = riskcalc(f"{FINITE} --steps 0,10,1e5 --json").json()
    np.testing.assert_array_equal(table[:, 0], read["steps"])
    for column, name in enumerate(("risk", "excess", "bias", "variance"), start=1):
        np.testing.assert_array_equal(table[:, column], np.array(read[name], dtype=float))
    for words in ("deterministic equivalent", "computed", "of the excess", "a = 2", "dimension 100", "3/10"):
        assert words in answer.out
    assert f"approximation: {float(read['approximation']):.{read['digits'] - 1}e}" in answer.out


def test_the_columns_are_aligned(riskcalc):
    lines = riskcalc(f"{FINITE} --steps 0,10,1e5 --noise 1").out.splitlines()
    header, rows = lines[-4], lines[-3:]
    for name in ("risk", "excess", "bias"):
        assert all(row[header.index(name)].isdigit() and row[header.index(name) - 1] == " " for row in rows)


def test_two_ways_to_give_the_exponents(riskcalc):
    theirs = FINITE.replace("--a 2 --b 17/5", "--alpha 1 --beta 0.7")
    assert riskcalc(f"{theirs} --steps 0,7 --json").json() == riskcalc(f"{FINITE} --steps 0,7 --json").json()


def test_a_problem_from_a_file(riskcalc, tmp_path):
    path = tmp_path / "measured.csv"
    eigenvalues = np.arange(1, 101) ** -2.0
    power = np.arange(1, 101) ** -3.4
    rows = [f"{one!r},{two!r}" for one, two in zip(eigenvalues.tolist(), power.tolist(), strict=True)]
    path.write_text("\n".join(["eigenvalue,signal_power", *rows]))
    flags = "--model-size 20 --step-size 0.3 --steps 0,10 --json"
    read = riskcalc("risk", "--spectrum", str(path), *flags.split()).json()
    assert float(GOLDEN[10]) == as_printed(read["excess"][1])
    assert len(read["problem"]["eigenvalues"]) == 100
    noisy = riskcalc("risk", "--spectrum", str(path), "--noise", "1/4", *flags.split()).json()
    assert noisy["irreducible"] == "0.25"


def test_steps_may_be_ranges_and_need_no_order(riskcalc):
    read = riskcalc(f"{FINITE} --steps 1e3..1e4,0,5 --json").json()
    assert read["steps"][:3] == [0, 5, 1000]
    assert read["steps"][-1] == 10_000
    assert len(read["steps"]) == 2 + 9


@pytest.mark.parametrize(
    "ending, start",
    [
        ("svg", b"<?xml"),
        pytest.param("png", b"\x89PNG", marks=pytest.mark.slow),
        pytest.param("pdf", b"%PDF", marks=pytest.mark.slow),
    ],
)
def test_a_picture_is_written_and_said_so(riskcalc, tmp_path, ending, start):
    path = tmp_path / f"risk.{ending}"
    answer = riskcalc(*f"{FINITE} --steps 0,10,100 --json --plot".split(), str(path))
    answer.json()
    assert answer.err == f"riskcalc: picture written to {path}\n"
    assert path.read_bytes().startswith(start)


def test_a_sampled_curve_has_a_picture_too(riskcalc, tmp_path):
    path = tmp_path / "sampled.png"
    answer = riskcalc(*f"{FINITE} --steps 0,20 --method montecarlo --runs 5 --plot".split(), str(path))
    assert answer.status == 0, answer.err
    assert path.stat().st_size > 10_000


def test_an_unstable_run_can_be_forced(riskcalc):
    flags = f"{FINITE} --step-size 3 --steps 0,50"
    assert "largest stable constant step size is 0.55619" in riskcalc(flags).refusal()
    read = riskcalc(f"{flags} --force --json").json()
    assert float(read["excess"][1]) > 1e6
    grown = riskcalc(f"{FINITE} --step-size 3 --steps 0,1e4 --force --method montecarlo --runs 3 --json").json()
    assert grown["excess"][1] == "inf"


def test_flags_without_effect_are_named(riskcalc):
    answer = riskcalc(f"{FINITE} --steps 0,10 --seed 3 --json")
    assert answer.err == "riskcalc: --seed has no effect with --method equivalent\n"
    answer.json()


def test_numbers_are_read_exactly(riskcalc):
    read = riskcalc(f"{FINITE} --step-size 1e-1 --noise 0.1 --steps 1 --json").json()
    assert Fraction(read["problem"]["noise"]) == Fraction(1, 10)
    assert read["problem"]["schedule"]["step_size"] == "1/10"
    assert json.dumps(read).isascii()
