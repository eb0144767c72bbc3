"""Bordelon, Atanasov, Pehlevan 2024: a dynamical model of neural scaling laws (arXiv 2402.01092).

Their gradient flow on a random projection and a data set is full-batch descent with small steps here. Their letters are
swapped: a of theirs is b here, and b of theirs is a; N of theirs is the model size M, and P the samples N. Bottlenecks
as published: t^-(b-1)/a, samples^-min(b-1, 2a), model size^-min(b-1, 2a). The last is not what the model has for
b > a + 1, where it is min(b-1, a) (D10), as in the authors' later work (arXiv 2409.17858).
"""

from __future__ import annotations

from fractions import Fraction as Q

from riskcalc.reproduce.bordelon2024_budgets import compute_budgets, ensembles, width_over_time
from riskcalc.reproduce.item import compare, not_recomputed
from riskcalc.reproduce.paper import Exhibit, Paper, Recomputed
from riskcalc.reproduce.reused import curve_of, power_law, slope, text
from riskcalc.reproduce.rules import Corrected, Identical, Within

_POINTS = ((Q(2), Q(3, 2)), (Q(2), Q(13, 5)), (Q(3, 2), Q(16, 5)))
_NEAR = Within(effect=0.02, exact=True, relative=True, reason="what is left of the way to the leading term")
_PLENTY = 10**15  # also for what scatters between features, of order n^(1 - a)/M beside n^-(b - 1)


def _bottlenecks(quick: bool) -> Recomputed:
    """Slopes where one of time, samples and model size is short, without label noise."""
    from riskcalc.least_squares import ridge_risk
    from riskcalc.order import FullBatch

    few, many = (10**3, 10**4) if quick else (10**4, 10**5)
    items = []
    for a, b in _POINTS:
        problem, at = power_law(a, b), f"a = {a}, b = {b}"
        steps = (few, many)
        curve = curve_of(
            problem, model_size=_PLENTY, step_size=Q(1, 5), steps=steps, data=FullBatch(samples=_PLENTY)
        )
        in_time = slope((curve.excess[0], curve.excess[1]), steps)
        of_samples = (ridge_risk(problem, model_size=_PLENTY, samples=n).excess for n in (few, many))
        in_samples = slope(tuple(of_samples), (few, many))  # type: ignore[arg-type]
        # without end in steps and samples the floor of the sketch is left
        floors = [
            curve_of(problem, model_size=size, step_size=Q(1, 5), steps=(0,), data=FullBatch(samples=1)).approximation
            for size in (few, many)
        ]
        in_size = slope((floors[0], floors[1]), (few, many))
        items += [
            compare(f"time, {at}", published=f"{float(-(b - 1) / a)}", ours=in_time, rule=_NEAR),
            compare(f"samples, {at}", published=f"{float(-min(b - 1, 2 * a))}", ours=in_samples, rule=_NEAR),
        ]
        what, published = f"model size, {at}", f"{float(-min(b - 1, 2 * a))}"
        beyond = Corrected(value=f"{float(-a)}", rule=_NEAR, reason="min(b-1, a): D10, and arXiv 2409.17858")
        items.append(compare(what, published=published, ours=in_size, rule=_NEAR if b <= a + 1 else beyond))
    return Recomputed(items=tuple(items))


def _gap(_: bool) -> Recomputed:
    """Test loss less training loss along a run."""
    import numpy as np

    from riskcalc.order import FullBatch

    steps = tuple(int(10 ** (power / 4)) for power in range(1, 21))
    recorded, data = tuple(sorted(set(steps))), FullBatch(samples=300)
    curve = curve_of(power_law(Q(2), Q(3, 2)), model_size=1000, step_size=Q(1, 5), steps=recorded, data=data)
    gap = curve.risk - np.asarray(curve.training)
    words = "builds up"
    grows = bool((gap > 0).all() and (np.diff(gap) > 0).all())
    item = compare(
        "the gap between training and test loss, over time",
        published=words,
        ours=text(words if grows else f"not monotone: {gap}"),
        rule=Identical(reason="its sign and that it grows"),
        source="abstract",
    )
    return Recomputed(items=(item,))


def _early(_: bool) -> Recomputed:
    """Early in training a finite width or data set is missed by its inverse."""
    from riskcalc.order import FullBatch

    problem, steps, sizes = power_law(Q(2), Q(3, 2)), (10,), (10**3, 10**4)
    rule = Within(effect=0.02, exact=True, reason="the next order")

    def excess(model_size: int, samples: int) -> float:
        data = FullBatch(samples=samples)
        return float(curve_of(problem, model_size=model_size, step_size=Q(1, 5), steps=steps, data=data).excess[0])

    limit = excess(10**15, 10**15)
    widths, sets = ([abs(excess(*pair) - limit) for pair in pairs] for pairs in (
        [(size, 10**15) for size in sizes],
        [(10**15, size) for size in sizes],
    ))
    return Recomputed(
        items=(
            compare(
                "slope of the missed part in width",
                published="-1",
                ours=slope((widths[0], widths[1]), sizes),
                rule=rule,
            ),
            compare(
                "the same in samples",
                published="-1",
                ours=slope((sets[0], sets[1]), sizes),
                rule=rule,
                source="derived: the map is the same in both",
            ),
        )
    )


def _networks(_: bool) -> Recomputed:
    why = "trained networks are no random features"
    return Recomputed(
        items=(
            not_recomputed("curves of CIFAR-5M and Wikitext-103", published="figures", why=why),
        )
    )


PAPER = Paper(
    name="bordelon2024",
    citation="Bordelon, Atanasov, Pehlevan 2024, a dynamical model of neural scaling laws (arXiv 2402.01092)",
    exhibits=(
        Exhibit(name="bottlenecks", title="exponents where time, data or width is short", recompute=_bottlenecks),
        Exhibit(name="gap", title="training and test loss part", recompute=_gap),
        Exhibit(name="early", title="early corrections of width and data", recompute=_early),
        Exhibit(name="width", title="what a finite width misses, early and late", recompute=width_over_time),
        Exhibit(name="compute", title="the best model size at a compute budget", recompute=compute_budgets),
        Exhibit(name="ensembles", title="one wide model or several narrow ones", recompute=ensembles),
        Exhibit(name="networks", title="what is not this model", recompute=_networks),
    ),
)
