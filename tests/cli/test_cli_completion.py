"""What a shell is offered: commands, options, names of schedules, optimisers and kernels, files."""

from __future__ import annotations

import sys

import pytest
from click.shell_completion import ShellComplete

from riskcalc.cli.application import main


def offered(*words):
    *before, incomplete = words
    found = ShellComplete(main, {}, "riskcalc", "_RISKCALC_COMPLETE").get_completions(list(before), incomplete)
    return [(item.type, item.value) for item in found]


@pytest.mark.parametrize(
    ("words", "one", "other"),
    [
        (("sw",), "sweep", "risk"),
        (("risk", "--sched"), "--schedule", "--steps"),
        (("risk", "--schedule", "co"), "constant", "geometric"),
        (("risk", "--schedule", "cosine,ws"), "cosine,wsd", "wsd"),
        (("risk", "--optimiser", "h"), "heavy-ball", "sgd"),
        (("exponents", "--schedule", "g"), "geometric", "cosine"),
        (("data", "set.csv", "--kernel", ""), "rbf", "cosine"),
        (("risk", "--method", "ex"), "exact", "equivalent"),
        (("formula", "floor"), "floor-equation", "risk"),
    ],
)
def test_names_are_offered(words, one, other):
    values = [value for _, value in offered(*words)]
    assert one in values
    assert other not in values


@pytest.mark.parametrize("words", [("risk", "--schedule", "sizes.t"), ("fit", "cur"), ("risk", "--spectrum", "m")])
def test_files_are_left_to_the_shell(words):
    assert offered(*words) == [("file", words[-1])]


def test_commands_are_offered_without_loading_them():
    code = "import sys; from click.shell_completion import ShellComplete; from riskcalc.cli.application import main; "
    code += "print(len(ShellComplete(main, {}, 'riskcalc', '_X').get_completions([], '')), 'numpy' in sys.modules)"
    import subprocess

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert int(found[0]) > 10
    assert found[1] == "False"
