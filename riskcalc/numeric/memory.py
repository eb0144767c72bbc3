"""How much memory this process may still take, as Linux says: of the machine, and of the groups that hold it.

A group of processes (a container, a job) has a limit, and so may every group around it. What its processes hold counts
against that, but for pages of files that it would give up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_UNKNOWN = 12_000_000_000  # bytes, where the system does not say


@dataclass(frozen=True, kw_only=True)
class _Control:
    """What a version of control groups calls things. name: in /proc/self/cgroup. spare: a line of memory.stat."""

    name: str
    folder: str
    limit: str
    held: str
    spare: str


_CONTROLS = (
    _Control(name="", folder="/sys/fs/cgroup", limit="memory.max", held="memory.current", spare="inactive_file"),
    _Control(
        name="memory",
        folder="/sys/fs/cgroup/memory",
        limit="memory.limit_in_bytes",
        held="memory.usage_in_bytes",
        spare="total_inactive_file",
    ),
)


def memory_at_hand() -> int:
    """Bytes: what the machine has left, and no more than is left to any group that holds this process."""
    left = [*_left_on_the_machine(), *_left_to_groups()]
    return max(min(left, default=_UNKNOWN), 0)


def _left_on_the_machine() -> Iterator[int]:
    """Linux's own estimate, caches that it would give up included."""
    for kilobytes in _entries("/proc/meminfo", "MemAvailable:"):
        yield kilobytes * 1024


def _left_to_groups() -> Iterator[int]:
    for line in _text("/proc/self/cgroup").splitlines():
        _, names, path = line.split(":", 2)
        for control in _CONTROLS:
            if control.name in names.split(","):
                group = PurePosixPath(path)
                for each in (group, *group.parents):
                    yield from _left_to(control, f"{control.folder}/{each.relative_to('/')}")


def _left_to(control: _Control, folder: str) -> Iterator[int]:
    """Nothing where the group has no limit, or is not to be seen from inside a container."""
    limit, held = (_text(f"{folder}/{name}").strip() for name in (control.limit, control.held))
    if limit.isdecimal() and held.isdecimal():
        yield int(limit) - int(held) + sum(_entries(f"{folder}/memory.stat", control.spare))


def _entries(place: str, name: str) -> Iterator[int]:
    for line in _text(place).splitlines():
        words = line.split()
        if words[:1] == [name]:
            yield int(words[1])


def _text(place: str) -> str:
    try:
        return Path(place).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
