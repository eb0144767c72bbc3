"""Jeon, Van Roy 2022: an information-theoretic analysis of compute-optimal scaling laws (arXiv 2212.01365).

Their data come from a network, and their statement is an upper bound whose text was not at hand: it cannot be
recomputed. What is recomputed in its place is the linear Gaussian analogue, where the least error of any algorithm and
the information are known exactly (D68).
"""

from __future__ import annotations

from fractions import Fraction as Q

from riskcalc.reproduce.item import compare, not_recomputed
from riskcalc.reproduce.paper import Exhibit, Paper, Recomputed
from riskcalc.reproduce.reused import power_law, slope
from riskcalc.reproduce.rules import Identical, Ours, Within

_ANALOGUE = "derived for the linear Gaussian analogue (D68)"


def _floor(_: bool) -> Recomputed:
    """The least error over the prior, the chain rule of the information, and what a bound by it loses."""
    from riskcalc.least_squares import bayes_risk

    items = []
    for b in (Q(2), Q(5, 2)):
        problem = power_law(Q(3, 2), b, Q(1, 2))
        ends = (10**6, 10**7)
        found = [bayes_risk(problem, samples=n) for n in ends]
        decay = slope((found[0].excess, found[1].excess), ends)
        more, less = (bayes_risk(problem, samples=ends[0] * factor).information for factor in (1.001, 0.999))
        told = (more - less) / (0.002 * ends[0]) / found[0].instant
        loose = found[1].information / ends[1] / found[1].instant
        items += [
            compare(
                f"exponent of the least error in samples, b = {b}",
                published=f"{float(1 / b - 1)}",
                ours=decay,
                rule=Within(effect=5e-3, exact=True, reason="what is left of the way to the leading term"),
                source=_ANALOGUE,
            ),
            compare(
                f"information of one sample more over log(risk/noise)/2, b = {b}",
                published="1",
                ours=Ours(text=f"{told:.7f}", value=told),
                rule=Within(effect=1e-5, exact=True, reason="a difference quotient"),
                source="the chain rule of their argument",
            ),
            compare(
                f"(information/samples) over that, b = {b}",
                published=str(float(b)),
                ours=Ours(text=f"{loose:.4f}", value=loose),
                rule=Within(effect=0.02, exact=True, reason="what is left of the way to the limit, at 1e7 samples"),
                source=_ANALOGUE,
                note="by so much a bound of the error by the information is loose",
            ),
        ]
    return Recomputed(items=tuple(items))


def _allocation(_: bool) -> Recomputed:
    """Parameters in proportion to data: which part of the linear model's phases has it."""
    from riskcalc.scaling.exponents import phase_at

    items = []
    for a, b, phase in ((Q(9, 10), Q(39, 25), "Ib"), (Q(7, 5), Q(19, 5), "III"), (Q(4, 5), Q(14, 5), "IVa")):
        found = phase_at(a=a, b=b)
        items.append(
            compare(
                f"exponent of the model size in compute at a = {a}, b = {b}, phase {phase}",
                published="1/2",
                ours=Ours(text=str(found.model_size_exponent), value=float(found.model_size_exponent)),
                rule=Identical(reason="exponents are rationals"),
                source="abstract: linear up to logarithms, of their bound",
                note="by SGD here; in phases Ia, II and IVb it is another one",
            )
        )
    return Recomputed(items=tuple(items))


def _bounds(_: bool) -> Recomputed:
    return Recomputed(
        items=(
            not_recomputed(
                "the bound of the error in model size and data size",
                published="an upper bound",
                why="its text was not to be found, and the data come from a ReLU network; if it is A/p + B/T, then "
                "p ~ T ~ sqrt(C), and no more",
            ),
            not_recomputed(
                "larger latent complexity shifts compute to the model",
                published="a statement on the bound",
                why="it needs the bound's constants",
            ),
        )
    )


PAPER = Paper(
    name="jeon2022",
    citation="Jeon, Van Roy 2022, an information-theoretic analysis of compute-optimal scaling laws (arXiv 2212.01365)",
    exhibits=(
        Exhibit(name="floor", title="the least error of any algorithm, in the linear analogue", recompute=_floor),
        Exhibit(name="allocation", title="parameters in proportion to data", recompute=_allocation),
        Exhibit(name="bounds", title="what cannot be recomputed", recompute=_bounds),
    ),
)
