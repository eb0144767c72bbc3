"""The reference of the command line, from click: what `--help` says, one section a command."""

from __future__ import annotations

import inspect
import re

import click

from riskcalc.cli.application import COMMANDS, main

_HEAD = """# Command line

Numbers are read exactly: `17/5`, `0.3` and `1e-3` are rationals. Results go to standard output, notes and errors
to standard error. Exit status: 0 done, 1 a check is red, 2 bad input or no answer, 3 a check had no power, 70 internal
error, 130 interrupted.
"""


def page() -> str:
    """Markdown: a table of the commands, then each with its options and examples."""
    context = click.Context(main, info_name="riskcalc")
    rows = (f"| [{name}](#{name}) | {text} |" for name, text in COMMANDS.items())
    table = ["| command | what it does |", "|---|---|", *rows]
    return "\n".join([_HEAD, *table, "", *(_command(name, main.get_command(context, name)) for name in COMMANDS)])


def _command(name: str, command: click.Command) -> str:
    parts = [f"## {name}", "", *map(_paragraph, inspect.cleandoc(command.help or "").split("\n\n"))]
    context = click.Context(command, info_name=f"riskcalc {name}")
    rows = [row for one in command.get_params(context) if (row := one.get_help_record(context)) is not None]
    positional = [one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)]
    parts += [f"`riskcalc {' '.join([name, *positional])} [OPTIONS]`", ""] if positional else []
    options = (f"| `{_cell(flag)}` | {_text(help_)} |" for flag, help_ in rows)
    return "\n".join([*parts, "| option | what it says |", "|---|---|", *options, ""])


def _paragraph(text: str) -> str:
    """What click keeps as it is are examples."""
    kept = text.startswith("\b\n")
    return f"```bash\n{text[2:].strip()}\n```\n" if kept else f"{_options(text.strip())}\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _text(text: str) -> str:
    return _options(_cell(" ".join(text.split()))).replace("*", "\\*").replace("<", "\\<").replace("$", "\\$")


def _options(text: str) -> str:
    """Options that a sentence names, as code."""
    return re.sub(r"(?<![\w`-])--?[a-z][\w-]*(?![^`]*`)", r"`\g<0>`", text)
