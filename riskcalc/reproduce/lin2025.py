"""Lin, Wu, Bartlett 2025: improved scaling laws via data reuse (arXiv 2506.08415).

What is used of the paper is its abstract: with a > b > 1, multi-pass SGD of L steps on N samples has the excess
Theta(M^(1-b) + L^((1-b)/a)) for L up to N^(a/b), where one pass has N in place of L. Its constants were not at hand.
"""

from __future__ import annotations

from fractions import Fraction as Q
from typing import TYPE_CHECKING

from riskcalc.reproduce.item import compare, not_recomputed
from riskcalc.reproduce.paper import Exhibit, Paper, Recomputed
from riskcalc.reproduce.reused import curve_of, power_law, slope, text
from riskcalc.reproduce.rules import Identical, Within

if TYPE_CHECKING:
    from riskcalc.curve import RiskCurve
    from riskcalc.order import Order

_A, _B = Q(2), Q(3, 2)
_POINTS = ((Q(2), Q(3, 2)), (Q(3), Q(2)), (Q(5, 2), Q(6, 5)))
_LEFT = "what is left of the way to the leading term"


def _rates(quick: bool) -> Recomputed:
    """Local slopes of the deterministic equivalent, batches of one."""
    from riskcalc.order import OnePass, WithReplacement

    samples, steps = (10**4, (10**4, 10**5)) if quick else (10**5, (10**5, 10**6))
    problem = power_law(_A, _B, Q(1, 100))

    def excess(data: Order, size: int = 10**6) -> RiskCurve:
        return curve_of(problem, model_size=size, step_size=Q(1, 5), steps=steps, data=data)

    curves = [excess(data) for data in (WithReplacement(samples=samples), OnePass())]
    many, once = (slope((curve.excess[0], curve.excess[1]), steps) for curve in curves)
    sizes = (10**4, 10**5)
    floors = [excess(OnePass(), size).approximation for size in sizes]
    floor = slope((floors[0], floors[1]), sizes)
    near = Within(effect=0.01, exact=True, reason=_LEFT)
    return Recomputed(
        items=(
            compare(f"slope in L at N = {samples}, L > N", published="-0.25", ours=many, rule=near),
            compare("slope of one pass in N", published="-0.25", ours=once, rule=near),
            compare("slope of the floor in M", published="-0.5", ours=floor, rule=near),
        )
    )


def _limit(_: bool) -> Recomputed:
    """Up to how many steps: derived exponents."""
    from riskcalc.scaling import data_set, exponents

    same = Identical(reason="exponents are rationals, derived (D57)")
    items = []
    for a, b in _POINTS:
        found = exponents(a=a, b=b, noise=1, budget=data_set())
        at = f"a = {a}, b = {b}"
        steps, loss = str(found.exponents["t"].low), str(found.loss_exponent)
        what = f"exponent of the last useful L in N, {at}"
        items.append(compare(what, published=str(a / b), ours=text(steps), rule=same))
        items.append(
            compare(
                f"loss exponent there, {at}",
                published=str((b - 1) / a * a / b),
                ours=text(loss),
                rule=same,
                source="published rate at L = N^(a/b)",
            )
        )
    return Recomputed(items=tuple(items))


def _bounds(_: bool) -> Recomputed:
    why = "the constants of the bounds are not in the abstract, and the text of the paper was not at hand"
    return Recomputed(items=(not_recomputed("upper and lower bounds", published="Theta(...)", why=why),))


PAPER = Paper(
    name="lin2025",
    citation="Lin, Wu, Bartlett 2025, improved scaling laws in linear regression via data reuse (arXiv 2506.08415)",
    exhibits=(
        Exhibit(name="rates", title="test error of multi-pass and one-pass SGD", recompute=_rates),
        Exhibit(name="limit", title="up to how many steps passes pay", recompute=_limit),
        Exhibit(name="bounds", title="what needs the text of the theorems", recompute=_bounds),
    ),
)
