"""Arrays from .npz and .npy files: what they would unpack to is added up before anything is unpacked."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, BinaryIO, TypeVar

import numpy as np
from numpy.lib import format as npy

from riskcalc.errors import InvalidInput
from riskcalc.files.reading import MOST_DATA, opened
from riskcalc.quantity import Array

Wanted = Callable[[tuple[str, ...]], Sequence[str]]
_Read = TypeVar("_Read")

_ENDING = ".npy"
_MOST_MEMBERS = 10_000  # arrays of an archive
_DIRECTORY_ENTRY = b"PK\x01\x02"  # opens each entry of a zip's directory


def read_archive(path: str | Path, *, wanted: Wanted, most: int = MOST_DATA) -> Mapping[str, Array]:
    """The arrays of an .npz file that `wanted` chooses from the names it holds; call it inside `naming`.

    wanted: a function from the tuple of all names to a sequence of some of them.
    Valid: the sizes in the archive's directory, those of all arrays together, are at most `most` bytes; each wanted
    array is as large as its own header says; no Python objects.
    """
    with opened(path, most=most) as file:
        return _readable(lambda: _members(file, wanted, most), "it is no .npz archive of plain numbers")


def read_array(path: str | Path, *, most: int = MOST_DATA) -> Array:
    """The array of an .npy file, under the same conditions."""
    with opened(path, most=most) as file:
        size = file.seek(0, 2)
        file.seek(0)
        return _readable(lambda: _array(file, size, most), "it is no .npy file of plain numbers")


def _readable(read: Callable[[], _Read], reason: str) -> _Read:
    try:
        return read()
    except (InvalidInput, MemoryError, OSError):
        raise
    except Exception:  # what is broken makes numpy, zipfile and zlib raise a dozen unrelated kinds
        raise InvalidInput(f"{reason}, or it is damaged") from None


def _members(file: BinaryIO, wanted: Wanted, most: int) -> Mapping[str, Array]:
    _count_members(file)
    with zipfile.ZipFile(file) as archive:
        members: dict[str, zipfile.ZipInfo] = {}
        for member in archive.infolist():
            name = member.filename.removesuffix(_ENDING)
            if name in members:
                raise InvalidInput(f"it holds two arrays called {name!r}")
            members[name] = member
        total = sum(member.file_size for member in members.values())
        if total > most:
            raise InvalidInput(
                f"unpacked it would take {total:,} bytes, at most {most:,} are read: keep fewer rows or columns"
            )
        found = {}
        for name in wanted(tuple(members)):
            with archive.open(members[name]) as member_file:
                try:
                    found[name] = _array(member_file, members[name].file_size, most)
                except InvalidInput as error:
                    raise InvalidInput(f"array {name}: {error}") from None
        return found


def _count_members(file: BinaryIO) -> None:
    """Refuse an archive whose directory alone would fill the memory."""
    count, tail = 0, b""
    while part := file.read(1 << 20):
        count += (tail + part).count(_DIRECTORY_ENTRY)
        tail = part[-3:]
        if count > _MOST_MEMBERS:
            raise InvalidInput(f"it holds more than {_MOST_MEMBERS} arrays")
    file.seek(0)


def _array(file: IO[bytes], size: int, most: int) -> Array:
    """The array of an open .npy file of `size` bytes, its header first."""
    version = npy.read_magic(file)
    readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    if version not in readers:
        raise InvalidInput(f"it is written in version {version[0]}.{version[1]} of .npy, only 1.0 and 2.0 are read")
    shape, _, dtype = readers[version](file)
    if dtype.hasobject:
        raise InvalidInput("it holds Python objects, only plain numbers and text are read")
    held, needed = size - file.tell(), math.prod(shape) * dtype.itemsize
    if min(shape, default=1) < 0 or dtype.itemsize == 0:
        raise InvalidInput(f"an array of shape {shape} and type {dtype} holds nothing")
    if needed > most:
        raise InvalidInput(f"its shape {shape} takes {needed:,} bytes, at most {most:,} are read")
    if needed > held:
        raise InvalidInput(f"its shape {shape} takes {needed:,} bytes, but only {held:,} are there: it is cut off")
    file.seek(0)
    return np.asarray(npy.read_array(file, allow_pickle=False))
