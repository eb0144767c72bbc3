"""Which problems the default suite examines."""

from __future__ import annotations

SEED = 10
SUITE: tuple[int, ...] = ()
NAMED: dict[str, tuple[int, int]] = {}
WAITING: frozenset[tuple[int, int]] = frozenset()
