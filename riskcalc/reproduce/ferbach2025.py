"""Ferbach, Everett, Gidel, Paquette, Paquette 2025: dimension-adapted momentum (arXiv 2505.16098).

What is used of the paper is its abstract, a figure's caption and the authors' code: the update, its schedules, and
which method outscales which. Its theorems and their tables were not at hand; the exponents are derived here (D42).
"""

from __future__ import annotations

from fractions import Fraction as Q

from riskcalc.reproduce.item import compare, not_recomputed
from riskcalc.reproduce.paper import Exhibit, Paper, Recomputed
from riskcalc.reproduce.rules import Identical, Ours, Within

_POINTS = ((Q(2), Q(12, 5)), (Q(2), Q(7, 2)), (Q(2), Q(5)), (Q(3, 2), Q(19, 10)), (Q(3), Q(11, 2)))
_MEMORY = 40


def _scaling(_: bool) -> Recomputed:
    """Which method outscales which, from exponents derived here."""
    from riskcalc.optimiser import Dana, HeavyBall
    from riskcalc.scaling import exponents

    same = Identical(reason="exponents are rationals, derived")
    order = Identical(reason="an order of rationals")
    items = []
    for a, b in _POINTS:
        sgd = exponents(a=a, b=b)
        ball = exponents(a=a, b=b, optimiser=HeavyBall(Q(9, 10)))
        constant, decaying = (
            exponents(a=a, b=b, optimiser=Dana(delta=Q(1, 10), decay=decay, memory=_MEMORY)).loss_exponent
            for decay in (Q(0), 1 / a)
        )
        at = f"a = {a}, b = {b}"
        items.append(
            compare(
                f"loss exponent of SGD with momentum, {at}",
                published=str(sgd.loss_exponent),
                ours=_text(str(ball.loss_exponent)),
                rule=same,
                source="abstract: that of SGD",
            )
        )
        words = "at least as steep as DANA-constant, and that as SGD"
        items.append(
            compare(
                f"DANA-decaying, {at}",
                published=words,
                ours=_text(words if decaying >= constant >= sgd.loss_exponent else f"{decaying}, {constant}"),
                rule=order,
                source="caption: it outscales DANA-constant, and this SGD",
            )
        )
    return Recomputed(items=tuple(items))


def _schedules(_: bool) -> Recomputed:
    """The exponents in the authors' code, and the conditions they have here."""
    import sympy

    alpha, beta = sympy.symbols("alpha beta", positive=True)
    a, b = 2 * alpha, 2 * alpha + 2 * beta
    rule = Identical(reason="functions of alpha and beta in lowest terms")
    ours = {
        "decay of the step along the memory": (1 / (2 * alpha), 1 / a),
        "memory, by the bias (without the 1 that the code adds)": (2 + (2 * beta - 1) / alpha, 2 * (b - 1) / a),
        "memory, by the sketch": (2 - 1 / alpha, 2 * (1 - 1 / a)),
    }
    return Recomputed(
        items=tuple(
            compare(
                what,
                published=str(sympy.factor(sympy.together(printed))),
                ours=_text(str(sympy.factor(sympy.together(derived)))),
                rule=rule,
                source="the authors' code",
            )
            for what, (printed, derived) in ours.items()
        )
    )


def _slope(quick: bool) -> Recomputed:
    """The slope of the exact equivalent on the way to the derived one, and what constant momentum has."""
    import numpy as np

    from riskcalc.curve import Run
    from riskcalc.equivalent import Equivalent
    from riskcalc.optimiser import HeavyBall
    from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
    from riskcalc.schedule import Constant

    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=Q(12, 5)))
    steps = [10**8, 10**9] if quick else [10**10, 10**11]
    run = Run(problem, model_size=10**12, schedule=Constant(Q(3, 100)), steps=steps, optimiser=HeavyBall(Q(9, 10)))
    excess = Equivalent().curve(run).excess
    slope = float(np.log10(excess[1] / excess[0]))
    item = compare(
        "slope of heavy ball, a = 2, b = 12/5, M = 1e12",
        published="-0.7",
        ours=Ours(text=f"{slope:.6f}", value=slope),
        rule=Within(effect=1e-3, exact=True, reason="corrections to the leading term"),
        source="derived (D42), as SGD's",
    )
    return Recomputed(items=(item,))


def _theorems(_: bool) -> Recomputed:
    why = "the text of the paper was not at hand"
    return Recomputed(
        items=(
            not_recomputed("the table of loss exponents of DANA", published="not known", why=why),
            not_recomputed("the four shapes of loss curves", published="not known", why=why),
        )
    )


def _text(text: str) -> Ours:
    return Ours(text=text, value=float("nan"))


PAPER = Paper(
    name="ferbach2025",
    citation="Ferbach, Everett, Gidel, Paquette, Paquette 2025, dimension-adapted momentum outscales SGD "
    "(arXiv 2505.16098)",
    exhibits=(
        Exhibit(name="scaling", title="which method outscales which", recompute=_scaling),
        Exhibit(name="schedules", title="exponents of the schedules", recompute=_schedules),
        Exhibit(name="slope", title="momentum at constant coefficients", recompute=_slope),
        Exhibit(name="theorems", title="what needs the text of the theorems", recompute=_theorems),
    ),
)
