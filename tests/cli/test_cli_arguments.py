"""Every option of every command, given strange words: an answer or one line that refuses, never a traceback.

The options are read off click itself; a command without a valid call in the table fails.
"""

from __future__ import annotations

import importlib

import click
import pytest
from click.testing import CliRunner

from riskcalc.cli.application import COMMANDS, main

STRANGE = [
    "",
    " ",
    "nan",
    "inf",
    "-inf",
    "1/0",
    "1e400",
    "-1",
    "0x10",
    "1..",
    "..",
    "5..1",
    ",",
    "no",
    "True",
    "1.5.2",
    "é",
]
# The smallest question of each command; what takes long is refused by a last word, after every option has been read.
SIZES = "--model-size 4 --dimension 12 --step-size 1/10 --steps 0,8"
VALID = {
    "risk": f"risk --a 2 --b 3 {SIZES}",
    "exponents": "exponents --a 2 --b 3",
    "phases": "phases",
    "explore": "explore --out page.html",
    "allocate": "allocate --a 2 --b 3 --compute 1e6 --step-size 1/10 --no-local",
    "tune": "tune --a 2 --b 3 --model-size 4 --dimension 12 --steps 8",
    "schedule": "schedule --a 2 --b 3 --model-size 4 --dimension 12 --horizon 8",
    "doctor": "doctor",
    "sweep": "sweep grid.toml --out grid.nc",
    "fit": "fit curve.csv",
    "fit-curves": "fit-curves log.csv --schedule cosine --steps 100",
    "data": "data data.csv",
    "formula": "formula",
    "crosscheck": f"crosscheck --a 2 --b 3 {SIZES}",
    "reproduce": "reproduce",
}
# Where what takes long begins, once all options have been read.
WORK = {
    "riskcalc.agreement.rules": "_apply",
    "riskcalc.allocation.compute_optimal": "_optimum",
    "riskcalc.scaling.phase_diagram": "Atlas",
    "riskcalc.dataset.analyse": "data_curves",
    "riskcalc.tuning.step_size": "searched",
    "riskcalc.cli.sweep": "swept",
    "riskcalc.explorer.writing": "page",
}
# Options whose strange words are right: names of columns and classes, an infinite dimension, a negative exponent b.
RIGHT = {
    "--dimension": {"inf"},
    "--b": {"-1"},
    "--beta": {"-1"},
    "--expected": {"-1"},
    "--out": set(STRANGE),  # names of files that are written
    "--store": set(STRANGE),
}


def commands() -> dict[str, click.Command]:
    context = click.Context(main)
    return {name: main.get_command(context, name) for name in COMMANDS}


# an address is not read but tried, by a library whose threads outlive the attempt
def options() -> list[tuple[str, str]]:
    return [
        (name, option.opts[-1])
        for name, command in commands().items()
        for option in command.params
        if isinstance(option, click.Option) and not option.is_flag and option.name not in ("help", "dask")
    ]


class Computed(BaseException):
    """The work of a command has begun: all its options were read. No Exception: the command line would report that."""


def call(words: list[str]) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, words)
    if not (result.exception is None or isinstance(result.exception, SystemExit)):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def small_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    steps = [10**place for place in range(8)]
    (tmp_path / "curve.csv").write_text("steps,excess\n" + "".join(f"{step},{step**-0.5}\n" for step in steps))
    grid = "a = 2\nb = 3\ndimension = 12\nmodel_size = [2, 4]\nstep_size = 0.1\nsteps = \"0,8\"\n"
    (tmp_path / "grid.toml").write_text(grid)
    falling = "".join(f"{10 * k},{1 + (k + 1) ** -0.5},{0.1 - k / 1000}\n" for k in range(60))
    (tmp_path / "log.csv").write_text("step,loss,lr\n" + falling)
    rows = [f"{x % 7},{x % 5},{x % 3}" for x in range(30)]
    (tmp_path / "data.csv").write_text("one,two,y\n" + "\n".join(rows))


def test_every_command_has_a_valid_call():
    if set(VALID) != set(commands()):
        pytest.fail(f"a command without a valid call, or a call without a command: {set(VALID) ^ set(commands())}")


@pytest.mark.parametrize(("command", "option"), options())
def test_strange_words(command, option, monkeypatch):
    def work(*_, **__):
        raise Computed

    for module, name in WORK.items():
        monkeypatch.setattr(importlib.import_module(module), name, work)
    for word in STRANGE:
        words = [*VALID[command].split(), f"{option}={word}"]
        try:
            status, out, err = call(words)
        except Computed:
            status, out, err = 0, "", ""
        if status == 0 and word not in RIGHT.get(option, set()):
            pytest.fail(f"{words} is taken")
        if status not in (0, 1, 2) or "Traceback" in err or "internal error" in err:
            pytest.fail(f"{words}: status {status}, {err}")
        if status == 2 and (out or len(err.strip().splitlines()) != 1):
            pytest.fail(f"{words}: more than one line refuses: {out}{err}")
