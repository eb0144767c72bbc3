"""`riskcalc exponents`: the compute-optimal exponents at one point, derived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from riskcalc.cli.problem_flags import exponent_flags, read_letters
from riskcalc.cli.scaling_flags import (
    as_flag,
    growing_optimiser_flag,
    growing_outputs_flags,
    read_words,
    scaling_flags,
)
from riskcalc.cli.writing import print_json, print_result
from riskcalc.errors import InvalidInput

if TYPE_CHECKING:
    from riskcalc.asymptotic.power_term import PowerTerm
    from riskcalc.scaling import Approach, Exponents


@click.command("exponents")
@exponent_flags
@scaling_flags
@growing_outputs_flags
@growing_optimiser_flag
@click.option("--approach", "with_approach", is_flag=True, help="Also from which budget on the law holds.")
@click.option(
    "--finite-size", is_flag=True, help="Also the floor's shift over sketches and spread of one (infinite dimension)."
)
@click.option("--latex", "as_latex", is_flag=True, help="Print the terms and the optimum as LaTeX.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; exponents are rationals as strings.")
def command(with_approach: bool, finite_size: bool, as_latex: bool, as_json: bool, **flags: Any) -> None:
    """Derive how model size, steps and loss scale with a growing budget.

    Every exponent is an exact rational; on a boundary between phases the tie is named.

    \b
    riskcalc exponents --alpha 1 --beta 3/4
    riskcalc exponents --a 27/50 --b 67/25 --approach
    riskcalc exponents --a 2 --b 5/2 --noise 1 --schedule geometric --step-size free
    riskcalc exponents --a 2 --b 5/2 --noise 1 --schedule geometric --outputs 1/4 --normalisation total
    """
    if as_latex and as_json:
        raise InvalidInput("--json carries the constants as LaTeX already: leave --latex out")
    letters = read_letters(flags)
    from riskcalc.display import text_table
    from riskcalc.scaling.exponents import answer, read_exponents
    from riskcalc.scaling.exponents_page import latex_of, monomial, paid_for
    from riskcalc.scaling.words import read_question

    question = read_question(**read_words(flags), call=as_flag)
    found = answer(question, *read_exponents(**letters))
    began = found.approach() if with_approach else None
    beside = _of_one_sketch(found) if finite_size else ()
    if as_json:
        of_outputs = {"outputs": flags["outputs"], "normalisation": flags["normalisation"], "paid": paid_for(question)}
        growing = of_outputs if question.budget.outputs is not None else {}
        if question.budget.compute is not None:
            growing = {"compute": str(question.budget.compute), "paid": paid_for(question)}
        near = {} if began is None else {"approach": approach_of(began)}
        scatter = {"finite_size": [_term(term) for term in beside]} if finite_size else {}
        print_json({**json_of(found), **near, **growing, **scatter})
        return
    lines = [] if began is None else [f"approach: {line}" for line in began.words()]
    if as_latex:
        scattering = [rf"{_latex_words(term.name)} \sim {term.latex()}" for term in beside]
        print_result("\n".join([" \\\\\n".join([latex_of(found), *scattering]), *(f"% {line}" for line in lines)]))
    else:
        rows = [[term.name, str(monomial(term)), term.meaning] for term in beside]
        scattering = ["", *text_table(["of one sketch", "scales as", "meaning"], rows)] if beside else []
        print_result("\n".join([str(found), *lines, *scattering]))


def _of_one_sketch(found: Exponents) -> tuple[PowerTerm, ...]:
    """Shift and spread of the floor; refused where they are not derived."""
    if found.question.surrogate:
        raise InvalidInput(
            "the quadratic parameterisation has the first M features and no sketch: its floor neither shifts nor "
            "scatters; leave --finite-size out"
        )
    import sympy

    from riskcalc.asymptotic import finite_size_terms

    a, b = (sympy.Rational(str(value)) for value in (found.a, found.b))
    terms = finite_size_terms(a, b) if a > 1 and b > 1 and b != a + 1 else ()
    if not terms:
        raise InvalidInput(
            "shift and spread of the floor are derived for infinite dimension, a > 1, b > 1 and b other than a + 1, "
            f"not for a = {a}, b = {b}: leave --finite-size out"
        )
    return terms


def json_of(found: Exponents) -> dict[str, object]:
    """One object; equally good exponents are written "low to high" or "low or more" under `exponents`."""
    from riskcalc.scaling.exponents_page import EFFECTIVE

    return {
        "a": str(found.a),
        "b": str(found.b),
        "alpha": str(found.a / 2),
        "beta": str((found.b - found.a) / 2),
        "budget": found.budget,
        "schedule": found.schedule,
        **found.question.caveats((found.a + found.b) / 2),
        **({"t": EFFECTIVE} if found.question.table.effective_steps else {}),
        "phase": found.phase,
        "terms": [_term(term) for term in found.terms],
        "model_size_exponent": str(found.model_size_exponent),
        "loss_exponent": str(found.loss_exponent),
        "exponents": {name: str(value) for name, value in found.exponents.items()},
        "balance": list(found.balance),
        "ties": list(found.ties),
        "logs": {name: str(power) for name, power in found.logs.items()},
        "late": found.late,
    }


def approach_of(began: Approach) -> dict[str, object]:
    """Decimal logarithms of budgets, by the share of the exponent that is allowed."""
    decades = {"loss": began.loss, "model_size": began.model_size}
    return {
        "rate": str(began.rate),
        "next": began.next,
        **{what: {str(share): value for share, value in found.items()} for what, found in decades.items()},
        "orders": began.orders,
        "setting": {name: str(value) for name, value in vars(began.setting).items() if value is not None},
    }


def _term(term: PowerTerm) -> dict[str, object]:
    from riskcalc.formula.letters import as_latex

    read: dict[str, object] = {
        "name": term.name,
        "exponents": {name: str(value) for name, value in term.exponents.items()},
        "constant": None if term.constant is None else as_latex(term.constant),  # None: its order alone is derived
        "meaning": term.meaning,
        "source": term.source,
    }
    return {**read, "logs": dict(term.logs)} if term.logs else read


def _latex_words(name: str) -> str:
    """A term's name and a word after it."""
    from riskcalc.scaling.exponents_page import latex_name

    term, _, word = name.partition(" ")
    return rf"{latex_name(term)}^{{\mathrm{{{word}}}}}"
