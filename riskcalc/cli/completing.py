"""What a shell may offer after an option: names of schedules, optimisers, kernels, or files."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def offering(names: Callable[[], Iterable[str]], *, files: bool = False, several: bool = False) -> Complete:
    """Complete one of the names, or the last of several behind commas; where none fits, a file.

    names: called when a shell asks, so that start-up does not look them up.
    """

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        before, comma, last = incomplete.rpartition(",") if several else ("", "", incomplete)
        found = [CompletionItem(f"{before}{comma}{name}") for name in names() if name.startswith(last.casefold())]
        return found or ([CompletionItem(incomplete, type="file")] if files else [])

    return complete


def schedules() -> Iterable[str]:
    from riskcalc.schedule import SPELLINGS

    return SPELLINGS


def optimisers() -> Iterable[str]:
    from riskcalc.optimiser.spelling import SPELLINGS

    return SPELLINGS


a_file = offering(lambda: (), files=True)
