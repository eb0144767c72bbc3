"""`riskcalc exponents`, `phases`, `allocate`, `formula`: fixed keys, exact exponents, refusals."""

from __future__ import annotations

from fractions import Fraction

import pytest


def test_exponents_json_has_the_fixed_keys(riskcalc):
    found = riskcalc("exponents --alpha 1 --beta 3/4 --json").json()
    assert (found["phase"], found["model_size_exponent"], found["loss_exponent"]) == ("II", "3/7", "5/7")
    assert found["balance"] == ["F_pp", "F_ac"]
    floor = found["terms"][0]
    assert (floor["name"], floor["exponents"]) == ("F_0", {"M": "-2"})
    assert r"\zeta" in floor["constant"]
    for term in found["terms"]:
        assert all(Fraction(value) for value in term["exponents"].values())


def test_when_the_law_begins_is_said_on_request(riskcalc):
    asked = "exponents --a 27/50 --b 67/25"
    assert "approach" not in riskcalc(asked).out + riskcalc(f"{asked} --json").out
    assert "approach: next term F_0, smaller by budget^-(228/6461)" in riskcalc(f"{asked} --approach").out
    assert "% approach: next term F_0" in riskcalc(f"{asked} --approach --latex").out
    found = riskcalc(f"{asked} --approach --noise 1/100 --json").json()["approach"]
    assert found["setting"]["noise"] == "1/100"
    assert set(found["loss"]) == {"1/20", "1/100"}


def test_both_pairs_of_letters_ask_the_same(riskcalc):
    ours = riskcalc("exponents --a 2 --b 7/2 --json").json()
    assert riskcalc("exponents --alpha 1 --beta 0.75 --json").json() == ours


def test_a_boundary_names_its_tie_and_no_side(riskcalc):
    found = riskcalc("exponents --alpha 1 --beta 1/2 --json").json()
    assert found["phase"] is None
    assert any("boundary between" in tie for tie in found["ties"])
    assert any("log" in tie for tie in found["ties"])
    assert set(found["balance"]) <= {term["name"] for term in found["terms"]}
    assert "tie:      boundary between" in riskcalc("exponents --alpha 1 --beta 1/2").out


def test_schedules_and_noise(riskcalc):
    flags = "--a 2 --b 5/2 --noise 1 --schedule geometric --step-size free --json"
    found = riskcalc(f"exponents {flags}").json()
    assert found["exponents"] == {"M": "2/7", "gamma": "-1/7 to 0", "B": "0", "t": "5/7"}  # M ~ C^(1/(b+1)), b > a
    assert "noise" in found["balance"]
    assert found["logs"] == {"loss": "3/7", "M": "-2/7", "t": "-5/7"}
    assert found["t"] == "t = n/log2(n) of n steps"
    late = "exponents --a 4/5 --b 3/2 --noise 1 --schedule cosine"  # of what a finite dimension leaves, the order
    assert riskcalc(f"{late} --json").json()["terms"][-1]["constant"] is None
    assert r"\Theta" in riskcalc(f"{late} --latex").out


def test_outputs_that_grow(riskcalc):
    flags = "--a 2 --b 5/2 --noise 1 --schedule geometric --outputs 1/4 --normalisation total"
    found = riskcalc(f"exponents {flags} --outputs-free --json").json()
    assert (found["loss_exponent"], found["exponents"]["M"], found["exponents"]["P"]) == ("9/28", "3/14", "1/4")
    assert (found["outputs"], found["normalisation"]) == ("1/4", "total")
    assert found["paid"] == "C = M n B, t = n/log2(n) of n steps"
    assert (found["late"], found["terms"][-1]["exponents"]["P"]) == (True, "1")
    assert "C = M P n B" in riskcalc(f"exponents {flags}").out
    assert "C = M P t B" not in riskcalc("exponents --a 2 --b 5/2").out
    assert "outputs" not in riskcalc("exponents --a 2 --b 5/2 --json").json()
    spent = riskcalc(f"exponents {flags} --budget data --latex").out
    assert r"P \sim N^{1/4}" in spent


def test_latex(riskcalc):
    out = riskcalc("exponents --alpha 1 --beta 3/4 --latex").out
    assert r"M \sim C^{3/7}" in out
    assert r"\zeta" in out


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["exponents", "--alpha", "1"], "--beta is missing"),
        (["exponents", "--a", "2", "--b", "1/2"], "not above 1"),
        (["exponents", "--a", "__import__('os')", "--b", "3"], "must be a number"),
        (["exponents", "--a", "sqrt(2)", "--b", "3"], "must be a number"),
        (["exponents", "--a", "2", "--b", "3", "--schedule", "zigzag"], "'zigzag' is not known"),
        (["exponents", "--a", "2", "--b", "3", "--schedule", "linear"], "it is polynomial:1"),
        (["exponents", "--a", "2", "--b", "3", "--latex", "--json"], "leave --latex out"),
        (
            ["exponents", "--a", "2", "--b", "3", "--noise", "1", "--free-batch", "--step-size", "largest"],
            "with --free-batch the step size is free too: leave --step-size out",
        ),
        (["exponents", "--a", "2", "--b", "3", "--schedule", "polynomial:-1"], "at least 0"),
        (["exponents", "--a", "2", "--b", "3", "--schedule", "wsd:2"], "(0, 1]"),
        (["exponents", "--a", "2", "--b", "3", "--noise", "-1"], "cannot be negative"),
        (["exponents", "--a", "2", "--b", "3", "--free-batch", "--step-size", "largest"], "is free too"),
        (["exponents", "--a=2", "--b=3", "--normalisation=total"], "--normalisation is for several outputs"),
        (["exponents", "--a=2", "--b=3", "--outputs-free"], "--outputs-free is for several outputs"),
        (["exponents", "--a=2", "--b=3", "--outputs=2", "--normalisation=total"], "from 0 to below 1"),
        (
            ["exponents", "--a=2", "--b=3", "--outputs=0", "--normalisation=total", "--budget=data", "--outputs-free"],
            "outputs cost no data",
        ),
        (["formula", "no-such"], "no formula named"),
        (["allocate", "--a", "2", "--b", "3", "--compute", "much"], "must be a number"),
        (["allocate", "--a", "4/5", "--b", "3", "--compute", "1e9"], "infinite trace"),
        (["allocate", "--a=2", "--b=3", "--compute=9", "--dimension=9", "--ratio=2"], "leave --dimension"),
        (["allocate", "--a", "2", "--b", "3", "--compute", "1e9", "--step-size", "2"], "unstable"),
        (["phases", "--plot", "picture.txt"], "must end in"),
        (["phases", "--budget", "data-set", "--free-batch"], "--free-batch is for fresh samples"),
        (["phases", "--compute", "2"], "it needs --budget data-set"),
        (["allocate", "--a=2", "--b=3", "--compute=1e9", "--samples=9"], "give step_size or stable_fraction"),
        *(
            ([*command, "--optimiser", optimiser, *more], says)
            for command in (["phases"], ["exponents", "--a=2", "--b=3"])
            for optimiser, more, says in (
                ("adam", [], "second moments do not close"),
                ("schedule-free:9/10", [], "are not derived"),
                ("dana:delta=1/10,decay=1,memory=40", [], "decay 1 is not below 1"),
                ("dana:delta=1/10,decay=1/2,memory=40", ["--noise=1"], "without label noise"),
                ("dana-decaying:delta=1/10", [], "needs memory=..."),
                ("dana-decaying:delta=1/10,memory=40", ["--schedule=cosine"], "constant step size"),
            )
        ),
        *(
            (["exponents", "--a=2", "--b=3", "--approach", "--optimiser", optimiser], "derived for SGD() alone")
            for optimiser in ("heavy-ball:9/10", "dana:delta=1/10,decay=1/2,memory=40")
        ),
    ],
)
def test_refusals(riskcalc, arguments, says):
    assert says in riskcalc(*arguments).refusal()


def test_phases(riskcalc, tmp_path, phases, monkeypatch):
    """The diagram is derived anew in the test below."""
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(
        "riskcalc.scaling.phase_diagram", lambda *, paper_letters, **_: phases if paper_letters else None
    )
    picture = tmp_path / "phases.svg"
    found = riskcalc("phases", "--json", "--plot", str(picture)).json()
    by_name = {phase["name"]: phase for phase in found["phases"]}
    assert list(by_name) == ["Ia", "Ib", "Ic", "II", "III", "IVa", "IVb"]
    assert by_name["II"]["model_size_exponent"] == "beta/(alpha + beta)"
    assert any("sqrt(2)" in border["expression"] for border in found["boundaries"])
    assert picture.read_bytes().startswith(b"<?xml")


def test_phases_as_text_in_our_letters(riskcalc):
    out = riskcalc("phases --letters a-b").out
    assert "b = a + 1" in out
    assert "a = 2 - sqrt(2)" in out


def test_phases_of_another_clock(riskcalc):
    asked = "phases --optimiser dana-decaying:delta=1/10,memory=40 --letters a-b"
    assert "a = sqrt(5)/2 + 3/2" in riskcalc(asked).out
    found = riskcalc(f"{asked} --json").json()
    assert (found["budget"], found["schedule"]) == ("compute", "constant")
    assert {phase["balance"][0] for phase in found["phases"]} == {"F_0", "F_pp", "F_ac"}
    plain, ball = (riskcalc(f"phases {more}--json").json() for more in ("", "--optimiser heavy-ball:9/10 "))
    assert plain == ball


def test_a_data_set_as_in_python(riskcalc):
    found = riskcalc("exponents --a 2 --b 3/2 --noise 1 --budget data-set --json").json()
    assert (found["budget"], found["loss_exponent"], found["exponents"]["t"]) == ("data set", "1/3", "4/3 or more")
    asked = "exponents --a 2 --b 3/2 --noise 1 --budget data-set --compute 2"
    bounded = riskcalc(f"{asked} --json").json()
    assert (bounded["model_size_exponent"], bounded["loss_exponent"], bounded["compute"]) == ("1/3", "1/6", "2")
    assert "C = M t N = N^(2)" in riskcalc(asked).out
    assert r"N \sim N^{1}" in riskcalc(f"{asked} --latex").out
    out = riskcalc("phases --budget data-set --letters a-b").out
    assert "b = 2*a + 1" in out


@pytest.mark.slow
def test_allocate_on_a_data_set(riskcalc):
    asked = "allocate --a 2 --b 3/2 --dimension 200 --noise 1/10 --compute 1e5 --step-size 0.2 --samples 100 --no-local"
    found = riskcalc(f"{asked} --json").json()
    assert found["model_size"] * found["steps"] * found["samples"] == pytest.approx(1e5, rel=1e-12)
    assert found["spread"] is None
    assert "full batches of the same N = 100 samples" in riskcalc(asked).out


def test_allocate_json_has_the_fixed_keys(riskcalc):
    found = riskcalc("allocate --alpha 1 --beta 3/4 --compute 1e21 --step-size 0.3 --no-local --json").json()
    assert found["model_size"] == pytest.approx(1.2099e9, rel=1e-4)
    assert found["model_size"] * found["steps"] == pytest.approx(1e21, rel=1e-12)
    assert found["excess"] == pytest.approx(5.558474648e-15, rel=1e-8)
    derived = found["asymptotic"]
    assert (derived["model_size_exponent"], derived["loss_exponent"]) == ("3/7", "5/7")
    assert derived["balance"] == ["F_pp", "F_ac"]


def test_allocate_for_a_reader(riskcalc):
    out = riskcalc("allocate --a 2 --b 7/2 --compute 1e6 --step-size 0.3").out
    assert "model size:" in out
    assert "between 1e+06 and 1e+07" in out


@pytest.mark.slow
def test_allocate_as_a_picture(riskcalc, tmp_path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "frontier.png"
    riskcalc(f"allocate --a 2 --b 7/2 --compute 1e6 --step-size 0.3 --plot {picture}")
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_allocate_at_a_ratio_of_dimension_and_model(riskcalc):
    ratio = riskcalc("allocate --alpha 2/5 --beta 1 --ratio 4 --stable-fraction 1/2 --compute 1e6 --no-local").out
    assert "dimension 4 M" in ratio


def test_formula(riskcalc):
    assert riskcalc("formula dispersion --latex").out == "z(u) = - u m(u)\n"
    assert "floor-equation" in riskcalc("formula").out
    assert riskcalc("formula kernel-mass --json").json()["source"] == "D02"
    assert len(riskcalc("formula --json").json()["formulas"]) > 30


def test_what_stands_for_the_quadratic_parameterisation_is_said(riskcalc):
    point, plane = "exponents --a 3 --b 2", "phases --letters a-b"
    for asked in (point, plane):
        found = riskcalc(f"{asked} --parameterisation quadratic --json").json()
        assert "linear model at a' = (a + b)/2" in found["surrogate"]
        assert found["claim"].startswith("rates alone")
        assert "surrogate" not in riskcalc(f"{asked} --json").json()
    refused = riskcalc(f"{point} --parameterisation quadratic --finite-size").refusal()
    assert "no sketch: its floor neither shifts nor scatters" in refused
    assert riskcalc(f"{point} --finite-size").out
