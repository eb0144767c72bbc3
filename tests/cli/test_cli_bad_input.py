"""Bad input: one clear line on standard error, exit status 2, nothing on standard output."""

from __future__ import annotations

import shlex

import numpy as np
import pytest

RUN = "risk --a 2 --b 17/5 --model-size 100 --step-size 0.3 --steps 0,10"


def without(flag: str) -> str:
    """RUN without one flag and its value."""
    words = RUN.split()
    place = words.index(flag)
    return " ".join(words[:place] + words[place + 2 :])


@pytest.mark.parametrize(
    "arguments, says",
    [
        # the problem
        (f"{RUN} --a 0", "a must be positive, not 0"),
        (f"{RUN} --a -1/2", "a must be positive"),
        (f"{RUN} --a 1", "infinite trace"),
        (f"{RUN} --b 1", "b=1 with infinite dimension"),
        (f"{RUN} --b two", "--b must be a number such as 2, 17/5 or 1e-3, not 'two'"),
        (f"{RUN} --a nan", "--a must be a number"),
        (f"{RUN} --a 1e999999999", "--a"),
        (f"{RUN} --a 1/0", "--a must be a number"),
        (f"{RUN} --noise -1", "noise is a variance and cannot be negative"),
        (f"{RUN} --noise inf", "--noise must be a number"),
        (f"{RUN} --dimension 0", "--dimension must be at least 1"),
        (f"{RUN} --dimension 100.5", "--dimension must be a whole number"),
        (f"{RUN} --dimension 50", "model_size 100 exceeds the dimension 50"),
        (f"{RUN} --alpha 1", "--a and --alpha belong to two ways"),
        (f"{RUN} --beta 1", "--a and --beta belong to two ways"),
        (without("--a"), "--a is missing beside --b"),
        (without("--b"), "--b is missing beside --a"),
        ("risk --model-size 1 --step-size 0.1 --steps 1", "no problem is given"),
        ("risk --alpha 1 --model-size 1 --step-size 0.1 --steps 1", "--beta is missing beside --alpha"),
        ("risk --alpha 0 --beta 1 --model-size 1 --step-size 0.1 --steps 1", "alpha must be positive"),
        # the run
        (without("--model-size"), "--model-size"),
        (without("--steps"), "--steps"),
        (without("--step-size"), "--step-size is missing: the constant schedule needs it"),
        (f"{RUN} --model-size 0", "model_size must be at least 1"),
        (f"{RUN} --batch-size 0", "--batch-size must be at least 1"),
        (f"{RUN} --step-size 0", "step_size must be positive"),
        (f"{RUN} --step-size 3", "unstable: at step size 3"),
        (f"{RUN} --schedule geometric --step-size 3", "unstable: at peak step size 3"),
        (f"{RUN} --steps 1.5", "--steps must be a whole number, not 1.5"),
        (f"{RUN} --steps=-1", "--steps must be at least 0, not -1"),
        (f"{RUN} --steps ''", "--steps is empty"),
        (f"{RUN} --steps 1,,2", "--steps must be a number"),
        (f"{RUN} --steps 10..1", "runs backwards"),
        (f"{RUN} --steps 0..1e30", "--steps go up to 1e18, but 1e30 was asked"),
        (f"{RUN} --steps 1e30", "--steps go up to 1e18, but 1e30 was asked"),
        (f"{RUN} --steps 1e30 --schedule cosine", "--steps go up to 1e18, but 1e30 was asked"),
        (f"{RUN} --horizon 5", "horizon 5 is shorter than the last recorded step 10"),
        # the schedule
        (f"{RUN} --schedule linear", "polynomial:P (power P), wsd:F (decay over the last fraction F)"),
        (f"{RUN} --schedule no/such/file.txt", "neither a file nor one of"),
        (f"{RUN} --schedule polynomial", "--schedule polynomial needs the power P"),
        (f"{RUN} --schedule wsd:", "--schedule wsd needs the decay fraction F"),
        (f"{RUN} --schedule wsd:2", "the decay fraction must lie in (0, 1], not 2"),
        (f"{RUN} --schedule polynomial:x", "the power of --schedule polynomial must be a number"),
        (f"{RUN} --schedule cosine:1", "--schedule cosine takes no parameter"),
        (f"{RUN} --schedule .", "cannot read the schedule file"),
        # the road
        (f"{RUN} --method guess", "'guess' is not one of"),
        (f"{RUN} --method exact", "infinite-dimensional"),
        (f"{RUN} --method montecarlo", "infinite-dimensional"),
        (f"{RUN} --dimension 200 --method exact --model-size 3/2", "model_size must be a whole number"),
        (f"{RUN} --method exact --seed -1", "--seed must be at least 0"),
        (f"{RUN} --method exact --sketches 1e9", "--sketches goes up to 100000"),
        (f"{RUN} --method montecarlo --runs 0", "--runs must be at least 1"),
        (f"{RUN} --method montecarlo --dimension 200 --runs 1e12", "ask for fewer runs"),
        (f"{RUN} --method montecarlo --covariates student:4", "degrees_of_freedom must exceed 4"),
        (f"{RUN} --method montecarlo --covariates cauchy", "gaussian, rademacher, student:DF"),
        (
            f"{RUN} --method montecarlo --covariates rademacher --simulator reduced",
            "--simulator reduced knows Gaussian covariates only",
        ),
        (f"{RUN} --covariates rademacher", "--covariates has no meaning with --method equivalent"),
        (f"{RUN} --runs 5", "--runs has no meaning with --method equivalent: it belongs to montecarlo"),
        (f"{RUN} --method exact --simulator ambient", "it belongs to montecarlo"),
        (f"{RUN} --tolerance 0", "--tolerance must be positive"),
        (f"{RUN} --tolerance 1e-301", "tolerance is out of range"),
        # the output
        (f"{RUN} --plot no/such/directory/risk.png", "there is no folder"),
        (f"{RUN} --plot risk.gif", "the file must end in .png, .svg or .pdf"),
        # the command line itself
        (f"{RUN} --model_size 3", "--model_size"),
        (f"{RUN} extra", "extra"),
        ("guess", "there is no command 'guess': the commands are risk, exponents"),
        ("--guess", "--guess"),
        ("crosscheck --a 2 --b 3", "--model-size"),
        ("crosscheck" + RUN.removeprefix("risk") + " --dimension 200 --level 2", "level is a probability"),
    ],
)
def test_one_clear_line(riskcalc, arguments, says):
    line = riskcalc(arguments).refusal()
    assert says in line
    assert len(line) < 400


def test_line_breaks_and_control_characters_do_not_break_the_line(riskcalc):
    for strange in ("1\n2", "\x1b[31mred", "\ud800", "x" * 5000):
        assert len(riskcalc(*shlex.split(RUN), "--a", strange).refusal()) < 1000


def test_broken_data(riskcalc, tmp_path):
    flags = ["--model-size", "2", "--step-size", "0.1", "--steps", "1"]
    broken = tmp_path / "broken.npz"
    np.savez(broken, eigenvalues=[1.0, np.nan, 0.5], target=[1.0, 1.0, 1.0])
    assert (
        "eigenvalues must be finite, but entry 1 is nan"
        in riskcalc("risk", "--spectrum", str(broken), *flags).refusal()
    )
    broken.write_bytes(b"PK\x03\x04 no archive")
    assert "cannot read a problem" in riskcalc("risk", "--spectrum", str(broken), *flags).refusal()
    assert "cannot read" in riskcalc("risk", "--spectrum", str(tmp_path / "none.csv"), *flags).refusal()
    assert "must end in" in riskcalc("risk", "--spectrum", str(tmp_path), *flags).refusal()


def test_a_file_already_defines_the_problem(riskcalc):
    assert "leave --a out" in riskcalc(f"{RUN} --spectrum data.csv").refusal()


def test_broken_schedules(riskcalc, tmp_path):
    path = tmp_path / "sizes.txt"
    words = without("--step-size").split()
    for content, says in (
        ("0.3\nfast\n", "line 2: 'fast' is not a step size"),
        ("nan\n" * 10, "line 1: 'nan' is not a step size"),
        ("0.3\n" * 9, "the custom schedule has 9 step sizes, but the run has 10 steps"),
        ("", "it is empty"),
    ):
        path.write_text(content)
        assert says in riskcalc(*words, "--schedule", str(path)).refusal()


def test_pictures_that_cannot_be_written_are_refused_before_the_work(riskcalc, tmp_path, monkeypatch):
    monkeypatch.setattr("riskcalc.cli.risk.answer", lambda *_, **__: pytest.fail("computed in vain"))
    (tmp_path / "folder.png").mkdir()
    assert "cannot write" in riskcalc(*RUN.split(), "--plot", str(tmp_path / "folder.png")).refusal()
