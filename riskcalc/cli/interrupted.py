"""What an interrupt or an error leaves finished is printed before the command ends; progress where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from riskcalc.cli.endings import INTERRUPTED
from riskcalc.cli.writing import note
from riskcalc.errors import Interrupted, UnstableRun
from riskcalc.progress import shown_progress


@contextmanager
def keeping(write: Callable[[Any], None]) -> Iterator[None]:
    """A block whose Ctrl-C writes what is finished, where something is, and ends with status 130.

    So does a refusal that leaves something finished, with its own message and status.
    """
    try:
        yield
    except Interrupted as stop:
        write(stop.partial)
        note(str(stop))
        raise click.exceptions.Exit(INTERRUPTED) from None
    except UnstableRun as refused:
        if refused.partial is not None:
            write(refused.partial)
        raise


def _show(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        context.with_resource(shown_progress(True))


progress_flag = click.option(
    "--progress",
    is_flag=True,
    expose_value=False,
    callback=_show,
    help="Show progress even where standard error is no terminal.",
)
