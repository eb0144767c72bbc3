"""A compute-optimal allocation for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskcalc.curve import Question
from riskcalc.display import Block, Cell, Facts, Formula, Grid, Page
from riskcalc.quantity import held
from riskcalc.scaling.exponents_page import balance_of

if TYPE_CHECKING:
    from riskcalc.allocation.compute_optimal import ComputeOptimal
    from riskcalc.scaling import Exponents


def page_of(found: ComputeOptimal) -> Page:
    """The optimum at this budget, then its exponents, derived and local."""
    asked = Question.of(found.asked)
    power_law = f"a = {asked.a}, b = {asked.b}" if asked.a is not None and asked.b is not None else "measured"
    if asked.log_a is not None:
        power_law = f"logarithmic spectrum, a = {asked.log_a}" + ("" if asked.b is None else f", b = {asked.b}")
    facts = {
        "problem": f"{power_law}; dimension {asked.dimension}; label noise {asked.noise}",
        "budget": _paid(found),
        "model size": f"{found.model_size:.6g}",
        "steps": f"{found.steps:.6g}" + (" (whole)" if found.steps < 10**6 else ""),
        "step size": f"{found.step_size:.6g} ({found.step_size_rule})",
        "excess": f"{found.excess:.9e}  (deterministic equivalent; known to {found.error:.1e})",
    }
    if found.spread is not None:
        facts["one model"] = f"scatters by {found.spread:.3e}, {found.spread / found.excess:.2%} of it (one sketch)"
    blocks: list[Block] = [Facts(tuple(facts.items()))]
    told: list[tuple[str, Cell]] = []
    if found.asymptotic is not None:
        blocks.append(_comparison(found))
        phase, balance = found.asymptotic.phase, balance_of(found.asymptotic)
        named = Formula(text=f"{balance} (phase {phase})", latex=rf"{balance.latex} \text{{ (phase {phase})}}")
        told.append(("balance", named if phase else balance))
    if found.approach is not None:
        told += [("approach", line) for line in found.approach.words()]
    told += [("note", note) for note in found.notes]
    return Page("compute-optimal allocation", (*blocks, Facts(tuple(told))) if told else tuple(blocks))


def _paid(found: ComputeOptimal) -> str:
    if found.samples is not None:
        return f"M t N = {float(found.compute):.6g}, full batches of the same N = {found.samples} samples"
    return f"M t B = {float(found.compute):.6g}, batch size {found.batch_size}"


def _comparison(found: ComputeOptimal) -> Grid:
    derived, local = held(found.asymptotic, "the asymptotic answer"), found.local
    rows = [("model size", str(derived.exponents["M"]) + _logarithms(derived, "M"))]
    rows += [("loss", str(derived.loss_exponent) + _logarithms(derived, "loss"))]
    titles = ("exponent of", "derived")
    if local is None:
        return Grid(titles, tuple(rows))
    measured = (f"{local.model_size_exponent:.4f}", f"{local.loss_exponent:.4f}")
    between = f"between {local.budgets[0]:.3g} and {local.budgets[1]:.3g}"
    return Grid((*titles, between), tuple((*row, value) for row, value in zip(rows, measured, strict=True)))


def _logarithms(derived: Exponents, name: str) -> str:
    """The power of log(budget) beside a power of the budget, in the loss or in M."""
    power = derived.logs.get(name, 0)
    return f", (log budget)^({power})" if power else ""
