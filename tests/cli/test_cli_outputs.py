"""Several outputs at the command line: the flags, what the JSON carries, and what is refused."""

from __future__ import annotations

import pytest

RUN = "risk --a 2 --b 5/2 --dimension 60 --model-size 10 --noise 1/10 --step-size 0.2 --steps 10,1000"


def answer(riskcalc, flags):
    return riskcalc(f"{RUN} --json {flags}").json()


def test_normalisations(riskcalc):
    digits = "--tolerance 1e-12"  # so that small parts of a large excess are written with digits enough
    one = answer(riskcalc, digits)
    every = answer(riskcalc, f"--outputs 1000 {digits}")
    total = answer(riskcalc, f"--outputs 1000 --normalisation total {digits}")
    assert "outputs" not in one["problem"]
    assert (every["problem"]["normalisation"], total["problem"]["normalisation"]) == ("every", "total")
    assert every["problem"]["outputs"] == 1000
    assert float(every["bias"][1]) == pytest.approx(1000 * float(one["bias"][1]), rel=1e-6)
    assert float(total["bias"][1]) == pytest.approx(float(one["bias"][1]), rel=1e-6)
    assert float(total["irreducible"]) == 100


def test_table_and_simulation(riskcalc):
    flags = "--outputs 3 --signs 1 --noise-correlation 1/2 --method montecarlo --runs 20"
    assert "label noise 3/10 in total over 3 outputs" in riskcalc(f"{RUN} {flags}").out
    assert answer(riskcalc, flags)["problem"]["noise_correlation"] == "1/2"


def test_outputs_under_a_prior(riskcalc):
    flags = "--prior gaussian --outputs 3 --normalisation total"
    total = answer(riskcalc, f"{flags} --method exact")
    one = answer(riskcalc, "--prior gaussian --noise 3/10 --method exact")
    values = [[float(value) for value in found["excess"]] for found in (total, one)]
    assert values[0] == pytest.approx(values[1], rel=1e-6)
    assert [output["prior"] for output in total["problem"]["each_output"]] == ["gaussian"]
    assert "of an output, b = 5/2 (gaussian prior)" in riskcalc(f"{RUN} {flags}").out


@pytest.mark.parametrize(
    "flags, words",
    [
        ("--prior gaussian --outputs 2 --signs 1", "leave the seed of signs out"),
        ("--normalisation total", "--normalisation is for several outputs"),
        ("--signs 1", "--signs is for several outputs"),
        ("--outputs 0", "--outputs must be at least 1"),
        ("--outputs 3 --noise-correlation -0.9", "from -0.5 to 1"),
        ("--outputs 1e16", "at most 1e+15 outputs"),
    ],
)
def test_refused_in_one_line(riskcalc, flags, words):
    assert words in riskcalc(f"{RUN} {flags}").refusal()
