"""How a run of the command line ends when something is wrong: one line, and an exit status."""

from __future__ import annotations

import errno
import os

import click

from riskcalc.errors import RiskcalcError

RED = 1
BAD_INPUT = 2
NO_POWER = 3
INTERNAL = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130

_INTERRUPTED = "interrupted: nothing is kept but what is printed above"  # what is finished is kept by `keeping`

TRACEBACK = "RISKCALC_TRACEBACK"  # environment variable: let internal errors through with their traceback
_LONGEST = 800


def ending(error: BaseException) -> tuple[int, str]:
    """Exit status and message for what ended the command."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code, ""
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED, _INTERRUPTED
    if isinstance(error, RiskcalcError):
        return BAD_INPUT, one_line(str(error))
    if isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
        return INTERRUPTED, _INTERRUPTED  # while a module was loaded, Python or the module may call it by another name
    if isinstance(error, click.ClickException):
        return BAD_INPUT, one_line(error.format_message())
    if isinstance(error, MemoryError):
        return BAD_INPUT, one_line(f"not enough memory for this question: {str(error) or 'make it smaller'}")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EIO):
        return BAD_INPUT, one_line(f"cannot write to standard output: {error.strerror}")
    if os.environ.get(TRACEBACK):
        raise error
    what = one_line(f"{type(error).__name__}: {error}")
    if isinstance(error, ArithmeticError):
        return (
            BAD_INPUT,
            f"a number left the range of float64 ({what}): use less extreme numbers",
        )
    return INTERNAL, f"internal error ({what}); please report it with the command line and {TRACEBACK}=1 set"


def one_line(message: str) -> str:
    """The message without line breaks or control characters, shortened in the middle where it is very long.

    >>> one_line("two\\nlines")
    'two lines'
    """
    line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(message.split()))
    if len(line) <= _LONGEST:
        return line
    half = _LONGEST // 2
    return f"{line[:half]} ... {line[-half:]}"
