"""Exponents for a reader, and as LaTeX."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from riskcalc.display import Cell, Facts, Formula, Grid, Page

if TYPE_CHECKING:
    from riskcalc.asymptotic.power_term import PowerTerm
    from riskcalc.scaling.exponents import Exponents
    from riskcalc.scaling.question import Question

EFFECTIVE = "t = n/log2(n) of n steps"
_LETTERS = {"M": "M", "t": "t", "gamma": r"\gamma", "B": "B", "P": "P", "N": "N", "sigma2": r"\sigma^2"}


def page_of(found: Exponents) -> Page:
    """The problem, the terms, the optimum; and what makes the point special."""
    rows = tuple((_name(term), monomial(term), term.meaning) for term in found.terms)
    letter = "C" if found.budget == "compute" else "N"
    alpha, beta = found.a / 2, (found.b - found.a) / 2
    problem = Formula(
        text=f"eigenvalues j^-a, a = {found.a}; signal power j^-b, b = {found.b}  (alpha = {alpha}, beta = {beta})",
        latex=rf"\lambda_j = j^{{-{found.a}}}, \quad \lambda_j w_j^2 = j^{{-{found.b}}} \quad "
        rf"(\alpha = {alpha}, \beta = {beta})",
    )
    asked: list[tuple[str, Cell]] = [
        ("problem", problem),
        ("budget", f"{found.budget}, {paid_for(found.question)}; {found.schedule} schedule"),
        *_outputs(found.question),
        ("phase", found.phase or "no name"),
        *found.question.caveats((found.a + found.b) / 2).items(),
    ]
    balance = balance_of(found)
    loss = f"-({found.loss_exponent})" if found.loss_exponent else "(0)"
    optimum = [("balance", balance), ("loss", _power(found, "loss", loss, letter))]
    optimum += [(name, _power(found, name, f"({value})", letter)) for name, value in found.exponents.items()]
    told: list[tuple[str, str]] = []
    if found.late:
        edge = "M^a'" if found.question.surrogate else "M^a"
        told.append(("late", f"the optimum lies beyond gamma t = {edge}"))
    if found.loss_exponent == 0:
        told.append(("note", _degenerate(found)))
    told += [("tie", tie) for tie in found.ties]
    grid = Grid(("term", "scales as", "meaning"), rows)
    return Page("compute-optimal exponents", (Facts(tuple(asked)), grid, Facts((*optimum, *told))))


def balance_of(found: Exponents) -> Formula:
    """The terms that meet at the optimum."""
    return Formula(text=" = ".join(found.balance), latex=r" \sim ".join(map(latex_name, found.balance)))


def _outputs(question: Question) -> list[tuple[str, str]]:
    """How many outputs there are, and what of them stays fixed."""
    if question.normalisation is None:
        return []
    fixed = {"every": "each as hard as the problem", "total": "the signal power shared by all"}
    return [("outputs", f"P = budget^({question.budget.outputs}), {fixed[question.normalisation.value]}")]


def paid_for(question: Question) -> str:
    """What is paid for, as a product of letters; n steps, where t stands for fewer."""
    budget, effective = question.budget, question.table.effective_steps
    if budget.reused:
        used = "as many steps as are best" if budget.compute is None else f"C = M t N = N^({budget.compute})"
        return f"N samples seen many times, {used}"
    letters = [name for name in ("M", "P", "t", "B") if name in budget.weights]
    paid = " ".join("n" if name == "t" and effective else name for name in letters)
    return f"{'C' if budget.name == 'compute' else 'N'} = {paid}{f', {EFFECTIVE}' if effective else ''}"


def latex_of(found: Exponents) -> str:
    """Terms with their constants, then the optimum: lines that stand below each other."""
    lines = [f"{latex_name(term.name)} {_latex_size(term)}" for term in found.terms]
    lines += _definitions(found)
    letter = "C" if found.budget == "compute" else "N"
    for name, value in found.exponents.items():
        if value.low == value.high:
            lines.append(f"{_LETTERS[name]} \\sim {letter}^{{{value}}}{_latex_logarithm(found, name, letter)}")
    lines.append(f"E \\sim {letter}^{{{-found.loss_exponent}}}{_latex_logarithm(found, 'loss', letter)}")
    return " \\\\\n".join(lines)


def _definitions(found: Exponents) -> list[str]:
    """What stands for something else in the terms: the floor's constant, and steps that are not all."""
    import sympy

    from riskcalc.asymptotic.floor import floor_definition
    from riskcalc.asymptotic.term_table import RATIO
    from riskcalc.formula import letters as L

    lines = [r"t = n/\log_2 n \text{ of } n \text{ steps}"] if found.question.table.effective_steps else []
    met = set().union(*(sympy.sympify(term.constant or 0, strict=True).free_symbols for term in found.terms))
    if L.rho in met:
        a = sympy.Rational(found.a.numerator, found.a.denominator)
        lines.append(L.as_latex(floor_definition(a, RATIO)))
    return [*lines, "r = v/M"] if met & {RATIO, L.rho} else lines


def latex_name(name: str) -> str:
    """A term's name with what stands below it."""
    head, _, tail = name.partition("_")
    return f"{head}_{{{tail}}}" if tail else rf"\mathrm{{{head}}}"


def _degenerate(found: Exponents) -> str:
    """Why the loss does not fall, and what to ask instead."""
    if found.question.noise:
        return (
            "label noise leaves a floor at the largest stable step size, which no budget lowers: let the step size be "
            "free, or its schedule decay"
        )
    return "no budget lowers the loss at this allocation: let the step size be free"


def _name(term: PowerTerm) -> Formula:
    return Formula(text=term.name, latex=latex_name(term.name))


def monomial(term: PowerTerm) -> Formula:
    """How a term scales."""
    powers = [name if value == 1 else f"{name}^({value})" for name, value in term.exponents.items()]
    logs = [f"log {name}" if power == 1 else f"(log {name})^{power}" for name, power in term.logs.items()]
    return Formula(text=" ".join([*powers, *logs]) or "1", latex=_latex_order(term))


def _latex_order(term: PowerTerm) -> str:
    """Powers behind each other, as people write them; with logarithms as SymPy does."""
    if term.logs:
        return _order(term).latex()
    named = ((_LETTERS[name], value) for name, value in term.exponents.items())
    return " ".join(letter if value == 1 else f"{letter}^{{{value}}}" for letter, value in named) or "1"


def _power(found: Exponents, name: str, exponent: str, letter: str) -> Formula:
    power = found.logs.get(name, 0)
    text = f"budget^{exponent}" + (f" (log budget)^({power})" if power else "")
    written = exponent.replace("(", "").replace(")", "")
    if not written.lstrip("-").replace("/", "").isdigit():  # a range, in words
        return Formula(text=text, latex=rf"{letter}^{{\text{{{written}}}}}")
    return Formula(text=text, latex=f"{letter}^{{{written}}}{_latex_logarithm(found, name, letter)}")


def _latex_logarithm(found: Exponents, name: str, letter: str) -> str:
    power = found.logs.get(name, 0)
    return rf" \log^{{{power}}} {letter}" if power else ""


def _latex_size(term: PowerTerm) -> str:
    """The leading contribution, or its order where no constant is derived."""
    if term.constant is not None:
        return rf"\sim {term.latex()}"
    return rf"= \Theta\left({_order(term).latex()}\right)"


def _order(term: PowerTerm) -> PowerTerm:
    """The term without its constant."""
    import sympy

    return dataclasses.replace(term, constant=sympy.Integer(1))
