"""Which riskcalc this is, as files and reports say it."""

from __future__ import annotations

from importlib import metadata


def installed_version() -> str:
    """Version of the installed package; "unknown" when run from a source tree that was never installed."""
    try:
        return metadata.version("riskcalc-sgd")
    except metadata.PackageNotFoundError:
        return "unknown"
