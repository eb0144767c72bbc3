"""A wrong word at the command line is told the nearest known one; capitals do not matter."""

from __future__ import annotations

import pytest

RUN = "risk --a 2 --b 3 --model-size 10 --step-size 0.1 --steps 10"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("exponent", "did you mean 'exponents'"),
        ("risk --method exct", "did you mean 'exact'"),
        ("exponents --a 2 --b 3 --step-size fre", "did you mean 'free'"),
        ("formula kerne", "did you mean 'kernel'"),
        ("reproduce lin", "did you mean 'lin202"),
        ("data table.csv --kernel rb", "did you mean 'rbf'"),
        (f"{RUN} --order fullbatch --samples 8", "'full-batch'"),
        (f"{RUN} --order full-batch", "--order full-batch needs --s"),
        (f"{RUN} --samples 8", "--samples 8 needs --order"),
    ],
)
def test_the_command_line_says_what_was_meant(riskcalc, arguments, says):
    assert says in riskcalc(arguments).refusal()


def test_words_may_be_written_large(riskcalc):
    flags = "risk --a 2 --b 3 --dimension 20 --model-size 5 --step-size 0.1 --steps 10 --json"
    assert riskcalc(f"{flags} --method EXACT").json() == riskcalc(f"{flags} --method exact").json()
