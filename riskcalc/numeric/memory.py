"""How much memory this process may still take, as the system says: of the machine, and of its container."""

from __future__ import annotations

from pathlib import Path

_CONTAINER = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_UNKNOWN = 12_000_000_000  # bytes, where the system does not say


def memory_at_hand() -> int:
    """Bytes: what the machine has left, and no more than its container may hold."""
    limits = [left for left in (_left_on_the_machine(), *map(_number, _CONTAINER)) if left is not None]
    return min(limits, default=_UNKNOWN)


def _left_on_the_machine() -> int | None:
    """Linux's own estimate, caches that it would give up included."""
    for line in _text("/proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _number(place: str) -> int | None:
    """A limit in bytes; None where there is none."""
    text = _text(place).strip()
    return int(text) if text.isdecimal() else None


def _text(place: str) -> str:
    try:
        return Path(place).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
