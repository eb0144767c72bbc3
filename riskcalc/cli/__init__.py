"""The command line: `riskcalc` and its commands.

Importing this module loads nothing else, so that an interrupt while the program starts finds `main` at work.
"""

import sys

TYPE_CHECKING = False  # as in `typing`, which would have to be loaded
if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main"]


def main() -> "NoReturn":
    """What the program `riskcalc` does: one command, then the end of the process with its exit status.

    Interrupted at any moment, while modules are loaded or when the interpreter shuts down as well, it ends with one
    line and status 130. Within Python, `riskcalc.cli.application.main` is the command itself.
    """
    if not hasattr(sys, "ps1"):  # an interactive interpreter goes on after an interrupt
        _say_so_when_interrupted()
    from riskcalc.cli.application import main as command

    command()
    sys.exit()


def _say_so_when_interrupted() -> None:
    """What Python would print of an interrupt that nobody can catch any more is a traceback; end without one."""
    uncaught, ignored = sys.excepthook, sys.unraisablehook

    def end(kind: type[BaseException], error: BaseException, trace: object) -> None:
        if issubclass(kind, KeyboardInterrupt):
            _end_interrupted()
        uncaught(kind, error, trace)  # type: ignore[arg-type]

    def end_unraised(what: object) -> None:  # in a destructor or a callback, from where it cannot go up
        if issubclass(what.exc_type, KeyboardInterrupt):  # type: ignore[attr-defined]
            _end_interrupted()
        ignored(what)  # type: ignore[arg-type]

    sys.excepthook, sys.unraisablehook = end, end_unraised


def _end_interrupted() -> None:
    import os

    os.write(2, b"riskcalc: interrupted\n")
    os._exit(130)
