"""The command `riskcalc`: the table of its commands, and how every run of it ends."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import Any

import click

from riskcalc.cli.endings import ending
from riskcalc.cli.lazy_group import LazyGroup
from riskcalc.cli.writing import note

# A command is one line here and one file riskcalc/cli/NAME.py (- as _) with a click command called `command`.
COMMANDS = {
    "risk": "Expected risk of SGD at given steps, decomposed, with what it claims.",
    "exponents": "Derive the compute-optimal exponents at one point.",
    "phases": "Derive the phase diagram.",
    "sweep": "Expected risk over a grid of runs, from a file to a file.",
    "allocate": "Best model size and steps at a real budget, beside the derived exponents.",
    "tune": "The best step size of a schedule on the exact risk, and the critical batch size.",
    "schedule": "The best schedule of all at a horizon, beside the named ones.",
    "fit": "Fit exponents to a curve, or a scaling law to a loss table, with intervals.",
    "fit-curves": "Fit loss curves under learning-rate schedules, and predict others.",
    "data": "A data set's own spectrum, exponents and phase, and SGD on its rows.",
    "formula": "Print a formula of the theory.",
    "crosscheck": "Compute one run by independent roads and say whether they agree.",
    "reproduce": "Recompute a paper's figures and tables, ours beside the published values.",
    "doctor": "What is installed here, and what this machine has.",
}


class Application(LazyGroup):
    """The group behind `riskcalc`: every failure is one line on standard error and an exit status.

    Exit status: 0 done, 1 a check is red, 2 bad input or no answer, 3 a check had no power,
    70 internal error, 130 interrupted.
    """

    def main(self, args: Sequence[str] | None = None, *positional: Any, **settings: Any) -> Any:
        settings["standalone_mode"] = False  # click would answer errors with its usage text
        settings["prog_name"] = "riskcalc"
        warned: dict[str, None] = {}
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_: warned.setdefault(f"warning: {message}")
            try:
                status = super().main(args, *positional, **settings)
            except (Exception, KeyboardInterrupt) as error:
                status, message = ending(error)
                warned = {message: None} if message else {}  # an error is one line, without what led to it
        for line in warned:
            note(line)
        sys.exit(status or 0)


def _print_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        from riskcalc.files import installed_version

        click.echo(f"riskcalc {installed_version()}")
        context.exit()


@click.group(
    cls=Application,
    summaries=COMMANDS,
    package=__package__,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version.",
)
@click.pass_context
def main(context: click.Context) -> None:
    """Exact theory of the scaling laws of one-pass SGD on sketched linear regression.

    Numbers are read exactly: 17/5, 0.3 and 1e-3 are rationals. Results go to standard output, notes and
    errors to standard error; the exit status is 2 for bad input.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
