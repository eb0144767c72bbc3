"""The command line: `riskcalc` and its commands."""

from riskcalc.cli.application import main

__all__ = ["main"]
