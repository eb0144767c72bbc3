"""Where output goes: results on standard output, notes on standard error, pictures in files."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from riskcalc.cli.endings import one_line
from riskcalc.errors import InvalidInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BROKEN_PIPE = 141  # what a shell reports for a program that writes to a pipe nobody reads: 128 + SIGPIPE


csv_flag = click.option("--csv", "as_rows", is_flag=True, help="Print the numbers as comma-separated values.")


def check_one_form(as_json: bool, as_rows: bool) -> None:
    """Refuse --json together with --csv."""
    if as_json and as_rows:
        raise InvalidInput("--json and --csv are two forms of one answer: give one of them")


def print_json(value: dict[str, Any] | list[dict[str, Any]]) -> None:
    """One object, or a list of them, on one line."""
    print_result(json.dumps(value))


def print_result(text: str) -> None:
    """Text on standard output; quiet where its reader has gone, an error where it cannot be written."""
    if sys.stdout is None:
        raise InvalidInput("standard output is closed: nothing can be written to it")
    try:
        click.echo(_encodable(text))
    except BrokenPipeError:
        _leave_standard_output()
        raise click.exceptions.Exit(_BROKEN_PIPE) from None
    except OSError as error:
        _leave_standard_output()
        raise InvalidInput(f"cannot write to standard output: {error.strerror}") from None


def note(text: str) -> None:
    """One line on standard error."""
    click.echo(f"riskcalc: {one_line(text)}", err=True)


def check_picture(path: str) -> None:
    """Refuse a picture that cannot be drawn or written, before anything is computed for it."""
    from riskcalc.plotting.picture import check_picture as check

    check(path)


def write_picture(figure: Figure, path: str) -> None:
    """The picture as a file, and a note that says so."""
    from riskcalc.plotting import save_picture

    save_picture(figure, path)
    note(f"picture written to {path}")


def _encodable(text: str) -> str:
    """The text with escapes for what the terminal's or file's encoding lacks."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _leave_standard_output() -> None:
    """Let Python's own flush at exit go nowhere: it would fail again, with a traceback."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
