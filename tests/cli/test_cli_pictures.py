"""Every command that writes pictures refuses what it cannot write before it computes anything."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from riskcalc.cli.endings import INTERNAL
from riskcalc.errors import InvalidInput

RUN = "--a 2 --b 3 --dimension 30 --model-size 3 --step-size 0.3 --steps 1,10"
COMMANDS = {
    "risk": f"risk {RUN}",
    "crosscheck": f"crosscheck {RUN}",
    "phases": "phases",
    "allocate": "allocate --a 2 --b 5/2 --compute 1e6 --step-size 0.3",
    "fit": "fit none.csv",
    "data": "data sklearn:diabetes",
    "reproduce": "reproduce paquette2024",
}
COMPUTE = [  # what each of them calls when it begins to work
    "riskcalc.cli.risk.answer",
    "riskcalc.agreement.crosscheck",
    "riskcalc.scaling.words.read_question",
    "riskcalc.allocation.compute_optimal",
    "riskcalc.files.read_encoded",
    "riskcalc.dataset.load_data",
    "riskcalc.reproduce.recompute",
]


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work of any kind fails the test."""

    def work(*_: object, **__: object) -> None:
        raise AssertionError("computed in vain")

    for place in COMPUTE:
        monkeypatch.setattr(place, work)


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("command", COMMANDS)
def test_the_place_is_looked_at_first(riskcalc: Any, command: str, tmp_path: Path) -> None:
    words = [*COMMANDS[command].split(), "--pictures" if command == "reproduce" else "--plot"]
    (tmp_path / "plain").write_bytes(b"")
    assert "Not a directory" in riskcalc(*words, str(tmp_path / "plain" / "picture.png")).refusal()
    assert "name too long" in riskcalc(*words, str(tmp_path / ("x" * 300 + ".png"))).refusal()
    if command != "reproduce":
        assert "must end in .png, .svg or .pdf" in riskcalc(*words, str(tmp_path / "picture.gif")).refusal()
        assert "there is no folder" in riskcalc(*words, str(tmp_path / "none" / "picture.png")).refusal()
    assert os.listdir(tmp_path) == ["plain"]


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("command", COMMANDS)
def test_matplotlib_is_missed_first(
    riskcalc: Any, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"] or ["matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    flag = "--pictures" if command == "reproduce" else "--plot"
    said = riskcalc(*COMMANDS[command].split(), flag, str(tmp_path / "picture.png")).refusal()
    assert said.startswith("pictures need matplotlib: pip install")
    assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_place_that_is_good_lets_the_work_begin(riskcalc: Any, command: str, tmp_path: Path) -> None:
    """Else the tests above would pass for commands that refuse everything."""
    flag = "--pictures" if command == "reproduce" else "--plot"
    answer = riskcalc(*COMMANDS[command].split(), flag, str(tmp_path / "picture.png"))
    assert answer.status == INTERNAL
    assert "computed in vain" in answer.err


def test_a_picture_that_cannot_be_written_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from riskcalc.plotting import save_picture
    from riskcalc.plotting.canvas import axes_or_new

    def broken(*_: object, **__: object) -> None:
        raise ValueError("image size too large")

    figure = axes_or_new(None).figure
    monkeypatch.setattr(figure, "savefig", broken)
    with pytest.raises(InvalidInput, match="cannot draw the picture"):
        save_picture(figure, tmp_path / "picture.png")  # type: ignore[arg-type]
    assert os.listdir(tmp_path) == []
