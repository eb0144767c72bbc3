"""The one place that opens files for reading: what is no plain file, or too large, is refused before it is read."""

from __future__ import annotations

import codecs
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from riskcalc.errors import InvalidInput
from riskcalc.quantity import file_path

MOST_TEXT = 200_000_000  # bytes of a curve, a schedule or a table; in memory it takes some ten times as much
MOST_DATA = 1_000_000_000  # bytes of arrays: of their file, and of what it unpacks to

_CHUNK = 1 << 20
_PIPES = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")  # where a shell puts what it pipes into a program
_KINDS = {
    stat.S_IFDIR: "it is a folder",
    stat.S_IFCHR: "it is a device, not a file",
    stat.S_IFBLK: "it is a device, not a file",
    stat.S_IFIFO: "it is a named pipe, not a file",
    stat.S_IFSOCK: "it is a socket, not a file",
}
_MARKS = (  # the longer mark first: that of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_PACKED = (  # how files begin that are read by programs of their own, and what becomes of them
    (b"\x1f\x8b", "a gzip file: unpack it first"),
    (b"BZh", "a bzip2 file: unpack it first"),
    (b"\xfd7zXZ", "an xz file: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd file: unpack it first"),
    (b"PK\x03\x04", "a zip file, as spreadsheets (.xlsx) are too: unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet (.xls): save the sheet as CSV"),
    (b"PAR1", "a Parquet file: write it as CSV"),
    (b"\x89HDF", "an HDF5 file: write the table as CSV"),
    (b"\x93NUMPY", "an array of NumPy (.npy): write it as CSV with the names of its columns"),
)


@contextmanager
def naming(what: str, path: object) -> Iterator[None]:
    """What fails in the block becomes one error that begins with `cannot read {what} {path}`."""
    place = file_path(path, "path")
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(f"cannot read {what} {place}: {error}") from None
    except OSError as error:
        raise InvalidInput(f"cannot read {what} {place}: {error.strerror or error}") from None


def read_text(path: str | Path, *, most: int = MOST_TEXT) -> str:
    """The text of a file: UTF-8, or what a byte order mark says; call it inside `naming`.

    Refused, with the reason: what is empty, too large, in another encoding, or no text (it holds a NUL).
    """
    return read_encoded(path, most=most)[0]


def read_encoded(path: str | Path, *, most: int = MOST_TEXT) -> tuple[str, str]:
    """The same, and the name of the encoding."""
    with opened(path, most=most) as file:
        return _decoded(_contents(file, most))


def read_stream(stream: BinaryIO, *, most: int = MOST_TEXT) -> tuple[str, str]:
    """The same of what a stream holds, such as standard input, which is read to its end."""
    return _decoded(_contents(stream, most))


@contextmanager
def opened(path: str | Path, *, most: int) -> Iterator[BinaryIO]:
    """A file that can be read and sought in, of at most `most` bytes.

    Valid: regular files, and what a shell pipes in (/dev/stdin, /dev/fd/N), which is read into memory first. Folders,
    devices and named pipes are refused: reading them may never end.
    """
    with _plain_file(file_path(path, "path")) as file:
        yield _bounded(file, most)


def _plain_file(place: Path) -> BinaryIO:
    if "\0" in str(place):
        raise InvalidInput("its name holds a NUL")
    _check_kind(os.stat(place), place)  # before it is opened: opening alone makes some devices act
    # not blocking: a named pipe put there meanwhile would be waited for
    descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _check_kind(os.fstat(descriptor), place)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check_kind(found: os.stat_result, place: Path) -> None:
    piped = stat.S_ISFIFO(found.st_mode) and str(place).startswith(_PIPES)
    if not piped and not stat.S_ISREG(found.st_mode):
        raise InvalidInput(_KINDS.get(stat.S_IFMT(found.st_mode), "it is no plain file"))


def _bounded(file: BinaryIO, most: int) -> BinaryIO:
    found = os.fstat(file.fileno())
    if stat.S_ISREG(found.st_mode):
        if found.st_size > most:
            raise InvalidInput(f"it has {_size(found.st_size)}, at most {_size(most)} are read")
        return file
    os.set_blocking(file.fileno(), True)
    return io.BytesIO(_contents(file, most))


def _contents(file: BinaryIO, most: int) -> bytes:
    """Everything, but never much more than may be read: a file can grow, and /proc states no sizes."""
    parts, size = [], 0
    while part := file.read(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > most:
            raise InvalidInput(f"it has more than the {_size(most)} that are read at most")
    return b"".join(parts)


def _decoded(raw: bytes) -> tuple[str, str]:
    if not raw:
        raise InvalidInput("it is empty")
    name = next((name for mark, name in _MARKS if raw.startswith(mark)), "UTF-8")
    if name != "UTF-8":
        return _marked(raw, name), name
    nul = raw.find(b"\0")
    if nul >= 0:
        _check_packed(raw)
        raise InvalidInput(f"line {_line(raw, nul)} holds a NUL byte: it is no text, or UTF-16; save it as UTF-8")
    try:
        return raw.decode("utf-8-sig"), name
    except UnicodeDecodeError as error:
        _check_packed(raw)
        raise InvalidInput(
            f"line {_line(raw, error.start)} is not UTF-8 (byte 0x{raw[error.start]:02x}): save it as UTF-8"
        ) from None


def _check_packed(raw: bytes) -> None:
    """Name the kind of what is no text."""
    packed = next((words for mark, words in _PACKED if raw.startswith(mark)), None)
    if packed is not None:
        raise InvalidInput(f"it is {packed}")


def _marked(raw: bytes, name: str) -> str:
    """Text whose byte order mark says how it is encoded."""
    try:
        text = raw.decode(name)
    except UnicodeDecodeError as error:
        raise InvalidInput(f"it begins as {name} text, but is none ({error.reason}): save it as UTF-8") from None
    if not text:
        raise InvalidInput("it is empty")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InvalidInput(f"line {line} holds a NUL: it is no text; save it as UTF-8")
    return text


def _line(raw: bytes, place: int) -> int:
    return raw.count(b"\n", 0, place) + 1


def _size(count: int) -> str:
    return f"{count / 10**6:,.0f} MB" if count >= 10**7 else f"{count:,} bytes"
