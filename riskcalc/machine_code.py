"""Loops in machine code, where the optional extra `fast` (numba) is installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from typing import Any


@cache
def can_compile() -> bool:
    """Whether numba is there, and does not refuse the NumPy beside it."""
    try:
        import_module("numba")
    except ImportError:
        return False
    return True


def compiled_loop(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in machine code: sums in any order, products fused with sums, infinities and nan as they are."""
    compiler: Callable[..., Any] = partial(import_module("numba").njit, fastmath={"reassoc", "contract", "nsz"})
    try:
        found: Callable[..., Any] = compiler(cache=True)(function)
    except RuntimeError:  # no folder in which machine code may be kept
        found = compiler()(function)
    return found
