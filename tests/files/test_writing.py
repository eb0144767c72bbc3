"""Files are written whole or not at all, on a full disk and when the process is killed as well."""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.files import check_folder, check_place, write_bytes

ROOT = str(Path(rc.__file__).parents[1])
LITTER = re.compile(r"\.riskcalc-[0-9a-f]{16}\.tmp")


def curve(level: float, count: int = 3) -> rc.RiskCurve:
    return rc.RiskCurve(
        steps=tuple(range(count)),
        excess=np.full(count, level),
        irreducible=0.0,
        approximation=0.0,
        claim=rc.Claim.GIVEN_SKETCH,
        warrant=rc.Warrant.COMPUTED,
    )


def test_a_file_is_replaced_and_keeps_its_permissions_and_its_link(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    os.chmod(tmp_path / "real.json", 0o640)
    (tmp_path / "link.json").symlink_to("real.json")
    write_bytes(tmp_path / "link.json", b"new", what="it")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"new"
    assert stat.S_IMODE(os.stat(tmp_path / "real.json").st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["link.json", "real.json"]


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    write_bytes(tmp_path / "ours", b"", what="it")
    (tmp_path / "plain").write_bytes(b"")
    assert os.stat(tmp_path / "ours").st_mode == os.stat(tmp_path / "plain").st_mode


def test_a_dangling_link_gets_its_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("there")
    write_bytes(tmp_path / "link", b"new", what="it")
    assert (tmp_path / "there").read_bytes() == b"new"


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()], ids=repr)
def test_whatever_fails_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: Any, step: str, error: Any) -> None:
    path = tmp_path / "curve.json"
    curve(1.0).save(path)

    def fail(*_: object) -> None:
        raise error

    if step == "write":
        opened = os.fdopen

        def broken(*given: Any) -> Any:
            file = opened(*given)
            file.close()
            fail()

        monkeypatch.setattr(os, "fdopen", broken)
    else:
        monkeypatch.setattr(os, step, fail)
    with pytest.raises(InvalidInput if isinstance(error, OSError) else KeyboardInterrupt):
        curve(2.0).save(path)
    monkeypatch.undo()
    assert rc.RiskCurve.load(path) == curve(1.0)
    assert os.listdir(tmp_path) == ["curve.json"]


def test_a_full_disk_leaves_every_old_file_alone(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: writing fails in the same call, with EFBIG."""
    pytest.importorskip("matplotlib")
    kept = [tmp_path / f"old{ending}" for ending in (".json", ".png", ".svg", ".pdf")]
    for path in kept:
        path.write_bytes(b"old")
    code = (
        "import resource, signal, sys, numpy as np, riskcalc as rc\n"
        "from riskcalc.errors import InvalidInput\n"
        "curve = rc.RiskCurve(steps=tuple(range(3000)), excess=np.linspace(1, .1, 3000), irreducible=0., "
        "approximation=0., claim=rc.Claim.GIVEN_SKETCH, warrant=rc.Warrant.COMPUTED)\n"
        "figure = rc.plot_curve(curve)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "for path in sys.argv[1:]:\n"
        "    try: curve.save(path) if path.endswith('.json') else rc.save_picture(figure, path)\n"
        "    except InvalidInput as error: print(error)\n"
    )
    new = [tmp_path / "new.json", tmp_path / "new.pdf"]
    environment = {**os.environ, "PYTHONPATH": ROOT, "MPLBACKEND": "Agg"}
    command = [sys.executable, "-c", code, *map(str, kept + new)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 6
    assert all(line.startswith("cannot write the ") and "File too large" in line for line in lines)
    assert sorted(os.listdir(tmp_path)) == sorted(path.name for path in kept)
    assert all(path.read_bytes() == b"old" for path in kept)


REFUSED = [
    ("no/such/folder/file.png", "there is no folder"),
    ("x" * 300 + ".png", "name too long"),
    ("folder.png", "it is a folder"),
    ("plain/file.png", "Not a directory"),
    ("\0.png", "its name holds a NUL"),
]


@pytest.mark.parametrize("name, says", REFUSED)
def test_checked_places_are_those_that_can_be_written(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "plain").write_bytes(b"")
    place = tmp_path / name
    for refuse in (lambda: check_place(place, what="it"), lambda: write_bytes(place, b"", what="it")):
        with pytest.raises(InvalidInput, match=f"cannot write it to .*{says}"):
            refuse()
    assert sorted(os.listdir(tmp_path)) == ["folder.png", "plain"]


def test_a_check_leaves_nothing_behind(tmp_path: Path) -> None:
    check_place(tmp_path / "new.png", what="it")
    check_folder(tmp_path / "deep" / "folder", what="them")
    assert os.listdir(tmp_path) == ["deep"]
    assert os.listdir(tmp_path / "deep" / "folder") == []


def test_a_check_sees_a_full_disk(tmp_path: Path, monkeypatch: Any) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidInput, match="No space left on device"):
        check_place(tmp_path / "new.png", what="it")
    with pytest.raises(InvalidInput, match="No space left on device"):
        check_folder(tmp_path, what="them")
    assert os.listdir(tmp_path) == []


def test_what_is_write_protected_stays(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "kept.json"
    path.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # the superuser may write everywhere
    for refuse in (lambda: check_place(path, what="it"), lambda: write_bytes(path, b"new", what="it")):
        with pytest.raises(InvalidInput, match="write-protected"):
            refuse()
    assert path.read_text() == "old"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
def test_devices_are_written_to_as_they_are() -> None:
    write_bytes("/dev/null", b"content", what="it")
    assert not stat.S_ISREG(os.stat("/dev/null").st_mode)
    with pytest.raises(InvalidInput, match="No space left"):
        write_bytes("/dev/full", b"content", what="it")


@pytest.mark.slow
def test_a_process_killed_while_saving_leaves_the_old_curve_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "curve.json"
    code = (
        "import sys, numpy as np, riskcalc as rc\n"
        "def curve(level): return rc.RiskCurve(steps=tuple(range(2000)), excess=np.full(2000, level), irreducible=0., "
        "approximation=0., claim=rc.Claim.GIVEN_SKETCH, warrant=rc.Warrant.COMPUTED)\n"
        "pair = curve(1.0), curve(2.0)\n"
        "pair[0].save(sys.argv[1])\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    for one in pair: one.save(sys.argv[1])\n"
    )
    environment = {**os.environ, "PYTHONPATH": ROOT, "OPENBLAS_NUM_THREADS": "1"}
    pair, seen = (curve(1.0, 2000), curve(2.0, 2000)), set()
    for attempt in range(200):
        process = subprocess.Popen([sys.executable, "-c", code, str(path)], env=environment, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.002 * (attempt % 20))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        seen.add(pair.index(rc.RiskCurve.load(path)))
        assert all(name == "curve.json" or LITTER.fullmatch(name) for name in os.listdir(tmp_path))
    assert seen == {0, 1}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_named_pipe_is_refused_before_anybody_waits_for_a_reader(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    for write in (lambda place: write_bytes(place, b"x", what="it"), lambda place: check_place(place, what="it")):
        with pytest.raises(InvalidInput, match="named pipe"):
            write(tmp_path / "pipe.json")
