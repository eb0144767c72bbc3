"""What is no plain file, too large, cut off or no text is refused by every reader, before it fills the memory."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.files import naming, read_archive, read_array, read_text
from riskcalc.files.reading import MOST_DATA
from riskcalc.schedule import load_schedule

ROOT = str(Path(rc.__file__).parents[1])
READERS: list[Callable[..., Any]] = [rc.RiskCurve.load, rc.load_table, rc.load_data, rc.load_problem, load_schedule]


def limited(code: str, *, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Python code in a process that may use 1 GB more than it has when it begins."""
    start = (
        "import resource, riskcalc.schedule, riskcalc as rc\n"
        "from riskcalc.errors import InvalidInput\n"
        "rc.RiskCurve, rc.load_table, rc.load_data, rc.load_problem\n"
        "pages = int(open('/proc/self/statm').read().split()[0])\n"
        "most = pages * resource.getpagesize() + 1_000_000_000\n"
        "resource.setrlimit(resource.RLIMIT_AS, (most, most))\n"
    )
    environment = {**os.environ, "PYTHONPATH": ROOT, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", start + code]
    return subprocess.run(command, env=environment, capture_output=True, input=stdin, timeout=120, check=False)


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs /proc")
def test_no_reader_is_filled_by_a_device_or_by_an_archive_of_zeros(tmp_path: Path) -> None:
    bomb = tmp_path / "zeros.npz"
    bomb.write_bytes(archive_of_zeros(2000))
    assert bomb.stat().st_size < 4_000_000
    code = (
        f"for read, path in [(rc.RiskCurve.load, '/dev/zero'), (rc.load_table, '/dev/zero'), "
        f"(rc.load_data, '/dev/random'), (riskcalc.schedule.load_schedule, '/dev/zero'), (rc.load_data, {str(bomb)!r}),"
        f"(rc.load_problem, {str(bomb)!r})]:\n"
        "    try: read(path)\n"
        "    except InvalidInput as error: print(error)\n"
    )
    done = limited(code)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 6
    assert all("it is a device, not a file" in line for line in lines[:4])
    assert all("unpacked it would take 2,000,000,128 bytes, at most 1,000,000,000" in line for line in lines[4:])


def archive_of_zeros(megabytes: int) -> bytes:
    """An .npz whose array X holds so many megabytes of zeros, made without compressing them all."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    begin = squeeze.compress(header((megabytes * 125_000,))) + squeeze.flush(zlib.Z_FULL_FLUSH)
    one = squeeze.compress(bytes(10**6)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    packed = begin + one * megabytes + squeeze.flush()
    sizes = struct.pack("<LLL", 0, len(packed), megabytes * 10**6 + 128)  # the checksum is not looked at in vain
    local = b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", 5, 0) + b"X.npy"
    entry = b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
    entry += struct.pack("<HHHHHLL", 5, 0, 0, 0, 0, 0, 0) + b"X.npy"
    end = b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(entry), len(local) + len(packed), 0)
    return local + packed + entry + end


def header(shape: tuple[int, ...], descr: str = "<f8") -> bytes:
    written = io.BytesIO()
    np.lib.format.write_array_header_1_0(written, {"descr": descr, "fortran_order": False, "shape": shape})
    return written.getvalue()


def archive_of(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def everything(path: Path, most: int = MOST_DATA) -> Any:
    with naming("the archive", path):
        return read_archive(path, wanted=lambda names: names, most=most)


def test_sizes_are_added_up_before_anything_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive_of(tmp_path / "a.npz", one=header((500,)) + bytes(4000), two=header((500,)) + bytes(4000))
    assert set(everything(path, 9000)) == {"one", "two"}
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(InvalidInput, match=r"a\.npz: unpacked it would take 8,256 bytes, at most 8,000 are read"):
        everything(path, 8000)


@pytest.mark.parametrize(
    "member, says",
    [
        (header((10**9,)), "takes 8,000,000,000 bytes, at most 1,000,000,000 are read"),
        (header((10**18, 10**18)), "at most 1,000,000,000 are read"),
        (header((100,)) + bytes(792), "takes 800 bytes, but only 792 are there: it is cut off"),
        (header((-5,)), "holds nothing"),
        (header((10**12,), "|S0"), "holds nothing"),
        (header((3,), "|O") + b"cos\nsystem\n(S'true'\ntR.", "Python objects"),
        (b"\x93NUMPY\x03\x00" + header((3,))[8:], "version 3.0"),
        (header((3,)).replace(b"'shape'", b"'shapx'"), "no .npz archive of plain numbers, or it is damaged"),
        (b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535, "damaged"),
        (b"", "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_header_that_lies_is_refused(tmp_path: Path, member: bytes, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        everything(archive_of(tmp_path / "a.npz", one=member))
    assert says in str(refused.value)


def test_arrays_of_one_name_are_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.npz", one=header((1,)) + bytes(8))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("one.npy", header((2,)) + bytes(16))
    with pytest.raises(InvalidInput, match="two arrays called 'one'"):
        everything(path)


def test_an_archive_or_an_array_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path, cut = tmp_path / "whole", tmp_path / "cut"
    with path.open("wb") as file:
        np.savez_compressed(file, X=np.arange(20.0), y=np.arange(20))
    whole = path.read_bytes()
    assert everything(path)["y"][-1] == 19
    for length in [*range(0, len(whole), 5), len(whole) - 1]:
        cut.write_bytes(whole[:length])
        with pytest.raises(InvalidInput):
            everything(cut)
    np.save(tmp_path / "one.npy", np.arange(4.0))
    whole = (tmp_path / "one.npy").read_bytes()
    for length in range(len(whole)):
        cut.write_bytes(whole[:length])
        with pytest.raises(InvalidInput):
            read_array(cut)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__qualname__)
def test_a_folder_a_pipe_and_a_missing_file_are_refused_by_every_reader(read: Any, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name, says in (("folder", "it is a folder"), ("pipe", "it is a named pipe"), ("none", "No such file")):
        with pytest.raises(InvalidInput, match=says):
            read(tmp_path / f"{name}.csv")


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__qualname__)
@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "it is empty"),
        (b"\xff\xfea\x00b", "it begins as UTF-16 text, but is none"),
        ("a,b\n1,\0".encode("utf-32"), "line 2 holds a NUL"),
        (b"\xff\xfe", "it is empty"),
        ("steps\n1,excess".encode("utf-16-le"), "line 1 holds a NUL byte"),
        (b"a,b\n1,\xff\n", r"line 2 is not UTF-8 \(byte 0xff\)"),
        (b"a,b\n1,2\n\0\0\0", "line 3 holds a NUL byte"),
    ],
)
def test_what_is_no_text_is_refused_by_every_reader(read: Any, content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=says):
        read(path)


def test_the_size_is_known_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"x")
    os.truncate(path, 10**12)  # a hole: it takes no room on the disk
    for read in READERS:
        with pytest.raises(InvalidInput, match="it has 1,000,000 MB, at most 200 MB are read"):
            read(path)
    with pytest.raises(InvalidInput, match="more than the 10 bytes that are read at most"):
        read_text("/proc/self/status", most=10)  # which says that it has 0 bytes
    assert read_text("/proc/self/status", most=10**6)


@pytest.mark.skipif(not os.path.exists("/dev/stdin"), reason="no such name")
def test_what_a_shell_pipes_in_is_read_as_far_as_the_limit() -> None:
    table = b"steps,excess\n1,0.5\n2,0.25\n"
    assert b"[1. 2.]" in limited("print(rc.load_table('/dev/stdin').steps)", stdin=table).stdout
    code = (
        "from riskcalc.files import read_text\n"
        "try: read_text('/dev/stdin', most=10)\n"
        "except InvalidInput as error: print(error)"
    )
    assert b"more than the 10 bytes" in limited(code, stdin=table).stdout


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "marked").write_bytes(b"\xef\xbb\xbf0.3\n")
    assert read_text(tmp_path / "marked") == "0.3\n"
    assert load_schedule(tmp_path / "marked").values.tolist() == [0.3]
