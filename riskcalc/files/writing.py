"""The one place that writes files: a file is replaced as a whole, or what stood there is left as it was.

The new content goes to a temporary file in the same folder, is brought to the disk, and takes the place of the old one
by a single `os.replace`. A process killed in between leaves the old file, and perhaps a temporary one, whose name
is `.riskcalc-` and 16 hexadecimal digits and `.tmp`; nothing reads it, and it may be deleted.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from riskcalc.errors import InvalidInput
from riskcalc.quantity import file_path

_TRIAL = b"\0" * 4096  # of a trial file: what a full disk or a read-only folder does not take


def write_bytes(path: str | Path, content: bytes, *, what: str) -> None:
    """Write a file so that at no moment, whatever happens, anything but the old or the new content stands there.

    A symbolic link stays one: what it points to is replaced. An existing file keeps its permissions and, where the
    system allows, its owner; other hard links to it keep the old content. A device or a pipe (/dev/stdout) has no
    content to lose and is written to as it is. Errors name `what` and the path.
    """
    place = file_path(path, "path")
    try:
        target = _target(place)
        old = _checked(target)
        if old is not None and not stat.S_ISREG(old.st_mode):
            with open(target, "wb") as device:
                device.write(content)
            return
        _replace(target, content, old)
    except (OSError, InvalidInput) as error:
        raise InvalidInput(f"cannot write {what} to {path}: {_reason(error)}") from None


def check_place(path: str | Path, *, what: str) -> None:
    """Refuse a file that `write_bytes` could not write, before anything is computed for it.

    A small file is written into the folder and deleted again, so full disks and quotas show as well.
    """
    place = file_path(path, "path")
    try:
        target = _target(place)
        old = _checked(target)
        if old is None or stat.S_ISREG(old.st_mode):
            os.unlink(_written(target.parent, _TRIAL))
    except (OSError, InvalidInput) as error:
        raise InvalidInput(f"cannot write {what} to {path}: {_reason(error)}") from None


def check_folder(path: str | Path, *, what: str) -> None:
    """Make a folder where there is none, and refuse one into which nothing can be written."""
    place = file_path(path, "path")
    try:
        place.mkdir(parents=True, exist_ok=True)
        os.unlink(_written(place, _TRIAL))
    except (OSError, ValueError) as error:
        raise InvalidInput(f"cannot write {what} to {path}: {_reason(error)}") from None


def _target(place: Path) -> Path:
    if "\0" in str(place):
        raise InvalidInput("its name holds a NUL")
    return Path(os.path.realpath(place))


def _checked(target: Path) -> os.stat_result | None:
    """What stands at the place, if anything; refuse what cannot be replaced."""
    try:
        old = os.stat(target)
    except FileNotFoundError:
        if not target.parent.is_dir():
            raise InvalidInput(f"there is no folder {target.parent}") from None
        return None
    if stat.S_ISDIR(old.st_mode):
        raise InvalidInput("it is a folder")
    if stat.S_ISFIFO(old.st_mode):
        raise InvalidInput("it is a named pipe, which nobody may ever read: write a file")
    if not os.access(target, os.W_OK):  # a rename would not ask
        raise InvalidInput("the file there is write-protected")
    return old


def _replace(target: Path, content: bytes, old: os.stat_result | None) -> None:
    temporary = _written(target.parent, content)
    try:
        if old is not None:
            with suppress(PermissionError, AttributeError):  # another user's file; a system without owners
                os.chown(temporary, old.st_uid, old.st_gid)
            os.chmod(temporary, stat.S_IMODE(old.st_mode))
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(target.parent)


def _written(folder: Path, content: bytes) -> Path:
    """A new file in the folder with this content, on the disk; none if that fails."""
    temporary = folder / f".riskcalc-{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)  # less what the umask takes away, as for any new file
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk too, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
