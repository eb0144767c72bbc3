"""Compute, width over time and ensembles of Bordelon et al. 2024, as others' notes on the paper have them."""

from __future__ import annotations

import math
from fractions import Fraction as Q
from typing import TYPE_CHECKING

from riskcalc.reproduce.item import Item, compare
from riskcalc.reproduce.paper import Recomputed
from riskcalc.reproduce.reused import power_law, slope, text
from riskcalc.reproduce.rules import Corrected, Identical, Ours, Rule, Within

if TYPE_CHECKING:
    from riskcalc.problem import Problem

_STEP = Q(1, 10)
_ENDLESS = 10**15
_NOTES = "third-party notes on the paper"
_SHAPES = ((1, 240), (2, 120), (4, 60), (12, 20))  # members times features


def _flow(problem: Problem, size: float, time: float) -> float:
    """Excess of descent on the population after gamma t = time: batches without noise, and at least 300 steps."""
    from riskcalc.curve import Run
    from riskcalc.equivalent import Equivalent
    from riskcalc.schedule import Constant

    steps = max(300, round(time / float(_STEP)))
    run = Run(problem, model_size=size, schedule=Constant(time / steps), steps=[steps], batch_size=_ENDLESS)
    return float(Equivalent().curve(run).excess[0])


def compute_budgets(quick: bool) -> Recomputed:
    """The least loss at M gamma t = C, minimised over M, and the M that has it: local exponents in C."""
    from scipy.optimize import minimize_scalar

    items: list[Item] = []
    budgets = (1e8, 1e9) if quick else (1e10, 1e11)
    near = Within(effect=5e-3, exact=True, reason="what is left of the way to the leading term")
    for b, quoted, quoted_size in ((Q(2), "0.4", "0.4"), (Q(16, 5), "0.88", "0.4")):
        a, problem = Q(3, 2), power_law(Q(3, 2), b)
        easy = b > a + 1
        # F_pp meets F_0 at M ~ t^(1/a), or F_ac at M ~ t^((b - a)/a)
        loss, width = ((b - 1) / b, (b - a) / b) if easy else ((b - 1) / (a + 1), 1 / (a + 1))
        found = []
        for budget in budgets:

            def level(log_size: float, problem: Problem = problem, budget: float = budget) -> float:
                return math.log(_flow(problem, math.exp(log_size), budget / math.exp(log_size)))

            middle = float(width) * math.log(budget)
            bounds = (middle - 1.5, middle + 2.5)
            best = minimize_scalar(level, bounds=bounds, method="bounded", options={"xatol": 3e-3})
            found.append((math.exp(best.fun), math.exp(best.x)))
        losses, sizes = (slope((one, two), budgets) for one, two in zip(*found, strict=True))
        for what, ours, published, right in (
            ("loss exponent in compute", losses, f"-{quoted}", -loss),
            ("exponent of the model size", sizes, quoted_size, width),
        ):
            rule: Rule = near if what.startswith("loss") else Within(effect=0.01, exact=True, reason=near.reason)
            if easy:
                rule = Corrected(value=f"{float(right)}", rule=rule, reason=f"{right}, F_pp against F_ac (D12, D15)")
            items.append(compare(f"{what}, a = {a}, b = {b}", published=published, ours=ours, rule=rule, source=_NOTES))
    return Recomputed(items=tuple(items))


def width_over_time(_: bool) -> Recomputed:
    """Early a finite width costs c/M, late it is the floor: the coefficient itself, and local exponents in M."""
    from riskcalc.equivalent import width_correction

    items = []
    problem, sizes = power_law(Q(3, 2), Q(2)), (500, 1000)
    for time in (1, 10, 100):
        c = float(width_correction(problem, times=time)[0])
        half, whole = (size * _missed(problem, size, time) for size in sizes)
        ours = 2 * whole - half  # without the next order of the ladder
        items.append(
            compare(
                f"M (R - R_oo) at gamma t = {time}, a = 3/2, b = 2",
                published=f"{c:.4f}",
                ours=Ours(text=f"{ours:.4f}", value=ours),
                rule=Within(effect=0.02, relative=True, exact=True, reason="steps of 1/10, and what is left in 1/M"),
                source="of order 1/M early; the constant is derived, c(2 gamma t) of D72:",
            )
        )
    late, sizes = power_law(Q(3, 2), Q(3, 2)), (40, 80)
    for time, published, effect in ((1, "-1", 0.03), (10**5, "-0.5", 0.04)):
        missed = (_missed(late, sizes[0], time), _missed(late, sizes[1], time))
        items.append(
            compare(
                f"exponent of what widths of {sizes[0]} to {sizes[1]} miss at gamma t = {time}, a = b = 3/2",
                published=published,
                ours=slope(missed, sizes),
                rule=Within(effect=effect, exact=True, reason="what is left of the way to the leading term"),
                source="1/N early, N^-(a - 1) late, in their letters:",
            )
        )
    return Recomputed(items=tuple(items))


def _missed(problem: Problem, size: int, time: float) -> float:
    return _flow(problem, size, time) - _flow(problem, _ENDLESS, time)


def ensembles(quick: bool) -> Recomputed:
    """240 features in one model or in several whose predictions are averaged."""
    from riskcalc.problem import PowerLaw, PowerLawSignal, Problem

    spectrum, signal = PowerLaw(Q(3, 2), dimension=2000), PowerLawSignal(2)
    clean, noisy = (Problem(spectrum=spectrum, signal=signal, noise=noise) for noise in (0, Q(1, 10)))
    shapes = _SHAPES[::3] if quick else _SHAPES
    few = tuple(sorted({round(10 ** (power / 8)) for power in range(8, 42)}))
    endless = [_of_members(clean, *shape, samples=_ENDLESS, steps=(3000,))[0] for shape in shapes]
    late = [_of_members(noisy, *shape, samples=100, steps=(30_000,))[0] for shape in shapes]
    best = [min(_of_members(noisy, *shape, samples=100, steps=few)) for shape in shapes]
    widest, reverse = "the widest model", "the largest ensemble"
    same = Identical(reason="the least of " + ", ".join(f"{members} x {size}" for members, size in shapes))

    def winner(levels: list[float]) -> Ours:
        place = levels.index(min(levels))
        names = {0: widest, len(shapes) - 1: reverse}
        return text(names.get(place, f"{shapes[place][0]} members"))

    def item(what: str, levels: list[float], rule: Rule) -> Item:
        shown = ", ".join(f"{level:.4f}" for level in levels)
        source = "abstract and notes: ensembling is worse than width; best is"
        return compare(what, published=widest, ours=winner(levels), rule=rule, note=f"excess {shown}", source=source)

    turned = Corrected(value=reverse, rule=same, reason="few samples and noise: averaging sketches takes noise out")
    return Recomputed(
        items=(
            item("data without end, gamma t = 300", endless, same),
            item("100 samples, noise 1/10, gamma t = 3000", late, turned),
            item("100 samples, noise 1/10, each stopped when best", best, same),
        )
    )


def _of_members(problem: Problem, members: int, size: int, *, samples: int, steps: tuple[int, ...]) -> list[float]:
    from riskcalc.curve import Run
    from riskcalc.equivalent import ensemble_risk
    from riskcalc.order import FullBatch
    from riskcalc.schedule import Constant

    run = Run(
        problem, model_size=size, schedule=Constant(_STEP), steps=list(steps), data=FullBatch(samples=samples)
    )
    found: list[float] = ensemble_risk(run, members=members).excess.tolist()
    return found
