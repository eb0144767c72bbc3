"""Commands that are imported when they are called: help and start-up stay fast however many there are."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click
from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A click group whose command NAME is the object `command` of the module PACKAGE.NAME.

    summaries: one line of help for each command, in the order in which they are listed.
    """

    def __init__(self, *args: Any, summaries: Mapping[str, str], package: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.summaries = dict(summaries)
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.summaries:
            return None
        module = importlib.import_module(f"{self.package}.{cmd_name.replace('-', '_')}")
        found: click.Command = module.command
        return found

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands by their summaries: a shell waits while modules are loaded."""
        begun = {name: told for name, told in self.summaries.items() if name.startswith(incomplete)}
        named = [CompletionItem(name, help=told) for name, told in begun.items()]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.summaries:
            from riskcalc.quantity.words import nearest  # numbers take a while to load

            meant = nearest(args[0], self.summaries)
            ctx.fail(f"there is no command {args[0]!r}{meant}: the commands are {', '.join(self.summaries)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries.items()))
