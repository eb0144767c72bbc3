"""Yan, Wen, Li, Luo, Chen, Lyu 2025: larger datasets can be repeated more (arXiv 2511.13421).

What is used of the paper is its abstract: the effective reuse rate E(K, N) is about K for few epochs, then ends at a
value that grows with N. They tune the step size of every run; here it is one.
"""

from __future__ import annotations

import itertools
from fractions import Fraction as Q

from riskcalc.reproduce.item import compare, not_recomputed
from riskcalc.reproduce.paper import Exhibit, Paper, Recomputed
from riskcalc.reproduce.reused import power_law, text
from riskcalc.reproduce.rules import Identical, Ours, Within

_MANY = 256
_SIZES = (10**2, 10**3, 10**4)


def _reuse(quick: bool) -> Recomputed:
    """a = 2, b = 3/2, label noise 1/10, M = 1e5, step size 1/5, batches of one, drawn with replacement."""
    from riskcalc.tuning import reuse_rate

    sizes = _SIZES[::2] if quick else _SIZES
    rates = [
        reuse_rate(
            power_law(Q(2), Q(3, 2), Q(1, 10)), model_size=10**5, samples=size, passes=[2, _MANY], step_size=Q(1, 5)
        ).rate
        for size in sizes
    ]
    few, words = rates[-1][0], "grows with N"
    late = [rate[1] for rate in rates]
    grows = all(after > before for before, after in itertools.pairwise(late))
    shown = ", ".join(f"{rate:.1f}" for rate in late)
    return Recomputed(
        items=(
            compare(
                f"E(2, {sizes[-1]})",
                published="2",
                ours=_number(few),
                rule=Within(effect=0.03, exact=True, relative=True, reason="samples drawn twice are missed"),
                source="abstract: about K",
            ),
            compare(
                f"E({_MANY}, N) at N = {', '.join(map(str, sizes))}",
                published=words,
                ours=text(words if grows else shown),
                rule=Identical(reason="an order"),
                note=shown,
                source="abstract",
            ),
        )
    )


def _number(value: float) -> Ours:
    return Ours(text=f"{value:.4f}", value=value)


def _theorems(_: bool) -> Recomputed:
    return Recomputed(
        items=(
            not_recomputed(
                "Theta(log N) where the problem is strongly convex",
                published="Theta(log N)",
                why="that needs a step size tuned for every run, and a spectrum that ends",
            ),
            not_recomputed("language models", published="figures", why="they are no random features"),
        )
    )


PAPER = Paper(
    name="yan2025",
    citation="Yan et al. 2025, larger datasets can be repeated more (arXiv 2511.13421)",
    exhibits=(
        Exhibit(name="reuse", title="the effective reuse rate", recompute=_reuse),
        Exhibit(name="theorems", title="what is not recomputed", recompute=_theorems),
    ),
)
