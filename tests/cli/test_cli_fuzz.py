"""Whatever the arguments: an answer, a refusal in one line, never a traceback."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings, strategies as st

from riskcalc.cli.application import main

STRANGE = [
    "",
    " ",
    "nan",
    "-inf",
    "1/0",
    "1e400",
    "1e-400",
    "0x10",
    "1_0",
    "--",
    "-1",
    "é",
    "\x00",
    "a,b",
    "1e18",
]
NUMBERS = st.one_of(
    st.fractions(min_value="1/50", max_value=6, max_denominator=50).map(str),
    st.floats(allow_nan=True).map(repr),
    st.integers().map(str),
    st.decimals(allow_nan=True).map(str),
    st.text(max_size=8),
    st.sampled_from(STRANGE),
)
SMALL = st.one_of(st.integers(-1, 60).map(str), st.sampled_from(STRANGE))
STEPS = st.one_of(st.lists(SMALL, max_size=3).map(",".join), st.sampled_from(["0..1e3", "1e18", "5..", "..", "1e30"]))
SCHEDULES = st.one_of(
    st.sampled_from(["constant", "geometric", "cosine", "polynomial:1", "wsd:1/5", "/", "constant:1"]),
    NUMBERS.map("polynomial:{}".format),
    NUMBERS.map("wsd:{}".format),
    NUMBERS.map("wsd:1/5,floor={}".format),
    NUMBERS.map("inverse-sqrt:{}".format),
    st.tuples(NUMBERS, NUMBERS).map(",".join).map("multistep:{}".format),
    st.text(max_size=6),
)
FLAGS = {
    "--a": NUMBERS,
    "--b": NUMBERS,
    "--alpha": NUMBERS,
    "--beta": NUMBERS,
    "--noise": NUMBERS,
    "--model-size": SMALL,
    "--batch-size": SMALL,
    "--dimension": SMALL,
    "--step-size": NUMBERS,
    "--steps": STEPS,
    "--horizon": SMALL,
    "--schedule": SCHEDULES,
    "--warmup": NUMBERS,
    "--method": st.sampled_from(["equivalent", "exact", "asymptotic", "montecarlo", "guess"]),
    "--seed": NUMBERS,
    "--runs": SMALL,
    "--sketches": st.integers(-1, 5).map(str),
    "--covariates": st.one_of(st.sampled_from(["gaussian", "rademacher"]), NUMBERS.map("student:{}".format)),
    "--digits": SMALL,
    "--tolerance": NUMBERS,
    "--spectrum": st.text(max_size=5),
    "--plot": st.text(alphabet="\x00/é. ", max_size=5),  # never a name that could be written
    "--json": st.none(),
    "--force": st.none(),
}
GOOD = {
    "--a": "2",
    "--b": "3",
    "--model-size": "5",
    "--dimension": "30",
    "--step-size": "1/10",
    "--steps": "0,10",
}


COMMANDS = st.sampled_from(["risk", "risk", "risk", "crosscheck"])
DROPPED = st.sets(st.sampled_from(list(GOOD)), max_size=1)
ODD = st.lists(st.one_of([st.tuples(st.just(flag), values) for flag, values in FLAGS.items()]), max_size=3)


@pytest.mark.filterwarnings("default:overflow:RuntimeWarning")  # shown as a note; the answer is checked
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["risk", "risk", "risk", "crosscheck"]),
    st.sets(st.sampled_from(list(GOOD)), max_size=1),
    ODD,
)
def test_exit_status_is_0_1_or_2_and_refusals_are_one_line(command, dropped, odd):
    flags = {flag: value for flag, value in GOOD.items() if flag not in dropped} | dict(odd)
    if command == "crosscheck":
        flags["--steps"] = "0"  # refused after all flags are read: a whole cross-check takes seconds
    words = [command]
    for flag, value in flags.items():
        words += [flag] if value is None else [f"{flag}={value}"]
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exception)
    assert result.exit_code in (0, 1, 2), (words, result.stderr)
    assert "Traceback" not in result.stderr
    if result.exit_code == 2:
        last = result.stderr.splitlines()[-1]
        assert last.startswith("riskcalc: "), (words, result.stderr)
        assert result.stdout == ""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.text(max_size=8), st.sampled_from([*FLAGS, "risk", "crosscheck", "--help", "-h"])),
        max_size=6,
    )
)
def test_any_words_at_all(words):
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exception)
    assert result.exit_code in (0, 2), (words, result.stderr)
