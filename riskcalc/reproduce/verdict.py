"""What became of a published value."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """Only PASSED counts as reproduced.

    CORRECTED: what is published is not what its own model has, and ours is the value that is derived for it.
    IDENTITY: ours equals the published value by construction, so that agreement shows nothing of it. NOT_DETERMINED:
    what is in print, or what was computed, leaves too much open to tell. NOT_RECOMPUTED: listed with the reason.
    """

    PASSED = "passed"
    FAILED = "FAILED"
    CORRECTED = "corrected"
    IDENTITY = "identity"
    NOT_DETERMINED = "not determined"
    NOT_RECOMPUTED = "not recomputed"
