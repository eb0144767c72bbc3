"""The flags that make one problem into several outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from riskcalc.cli.problem_flags import Flags, flags_of
from riskcalc.cli.word import Word
from riskcalc.errors import InvalidInput
from riskcalc.quantity import number, whole

if TYPE_CHECKING:
    from riskcalc.problem import Problem, Regression

_OTHERS = {"normalisation": "--normalisation", "noise_correlation": "--noise-correlation", "signs": "--signs"}

outputs_flags = flags_of(
    click.option("--outputs", metavar="P", help="Number of outputs; the risk is their total.  [default: 1]"),
    click.option(
        "--normalisation",
        type=Word(["every", "total"]),
        help="Whether every output has the signal power of --b, or all share it.  [default: every]",
    ),
    click.option(
        "--noise-correlation",
        metavar="C",
        help="Correlation of the label noises of any two outputs: shows in simulations, in no "
        "expected risk.  [default: 0]",
    ),
    click.option(
        "--signs",
        metavar="S",
        help="Seed of random signs of the coefficients, one draw an output.  [default: fixed targets are equal]",
    ),
)


def with_outputs(problem: Problem, flags: Flags) -> Regression:
    """The problem with the outputs that the flags of `outputs_flags` ask for."""
    outputs = flags["outputs"]
    if outputs is None:
        given = [flag for name, flag in _OTHERS.items() if flags[name] is not None]
        if given:
            raise InvalidInput(f"{given[0]} is for several outputs: say how many by --outputs")
        return problem
    from riskcalc.problem import MultipleOutputs

    build = MultipleOutputs.total if flags["normalisation"] == "total" else MultipleOutputs.every_output
    correlation, signs = flags["noise_correlation"], flags["signs"]
    return build(
        problem,
        outputs=whole(outputs, "--outputs", least=1),
        seed=None if signs is None else whole(signs, "--signs"),
        noise_correlation=None if correlation is None else number(correlation, "--noise-correlation"),
    )


def with_normalisation(asked: dict[str, Any], flags: Flags) -> dict[str, Any]:
    """What was asked, with the normalisation named where there are several outputs."""
    return asked if flags["outputs"] is None else {**asked, "normalisation": flags["normalisation"] or "every"}
