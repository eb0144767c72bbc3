"""Atanasov, Zavatone-Veth, Pehlevan 2024: scaling and renormalisation in regression (arXiv 2405.00592).

What is used: the abstract, and the authors' tutorial notebook for plain ridge regression. Their alpha is a, and
2 alpha r is b - 1; their S-transforms of data and features are 1/(1 - d1/N) and 1/(1 - d1/M).
"""

from __future__ import annotations

import math
from fractions import Fraction as Q

from riskcalc.quantity import held
from riskcalc.reproduce.item import compare, not_recomputed
from riskcalc.reproduce.paper import Exhibit, Paper, Recomputed
from riskcalc.reproduce.reused import power_law, slope
from riskcalc.reproduce.rules import Corrected, Ours, Rule, Within

_NEAR = Within(effect=0.03, exact=True, reason="what is left of the way to the leading term")


def _features(quick: bool) -> Recomputed:
    """Without a ridge, N = P^q features on P samples: the variance of the features limits until q is large."""
    from riskcalc.least_squares import ridge_risk

    ends = (10**5, 10**6)
    items = []
    for a, b in ((Q(3, 2), Q(5)),) if quick else ((Q(3, 2), Q(5)), (Q(2), Q(5)), (Q(3, 2), Q(16, 5))):
        source, width = min(b - 1, 2 * a), min(b - 1, a)
        for q in (1.2, 1.5, 2.0, 3.0):
            published = min(float(source), float(width) - 1 + q)
            if abs(float(source) - (float(width) - 1 + q)) < 0.3:
                continue  # both count there, and neither is the law yet
            found = tuple(
                ridge_risk(power_law(a, b), model_size=float(count) ** q, samples=count).excess for count in ends
            )
            measured = slope((found[0], found[1]), ends)
            items.append(
                compare(
                    f"exponent in P for N = P^{q}, a = {a}, b = {b}",
                    published=f"{-published:.4g}",
                    ours=measured,
                    rule=_NEAR,
                    source="abstract: a regime of feature variance; exponents of its follow-ups",
                )
            )
    return Recomputed(items=tuple(items))


def _gap(quick: bool) -> Recomputed:
    """Test over training error of fits that were made, beside the square of the S-transform."""
    from riskcalc.least_squares import LeastSquares, LeastSquaresEquivalent, LeastSquaresSimulation
    from riskcalc.problem import PowerLaw, PowerLawSignal, Problem

    problem = Problem(spectrum=PowerLaw(Q(3, 2), dimension=150), signal=PowerLawSignal(2), noise=Q(1, 10))
    items = []
    for size, samples in ((20, 40), (80, 40)):
        asked = LeastSquares(problem=problem, model_size=size, samples=samples, ridge=Q(1, 100))
        made = LeastSquaresSimulation(runs=1000 if quick else 5000, seed=1).risk(asked)
        theory = LeastSquaresEquivalent().risk(asked)
        loss, expected = (held(one.training, "the training loss") for one in (made, theory))
        found = made.risk / loss
        shares = (made.standard_error or 0.0) / made.risk, (made.training_error or 0.0) / loss
        items.append(
            compare(
                f"E_g/E_train, N = {size} features, P = {samples} samples",
                published=f"{theory.risk / expected:.4f}",
                ours=Ours(text=f"{found:.4f}", value=found, standard_error=found * math.hypot(*shares)),
                rule=Within(effect=1.5 / samples, relative=True, reason="finite samples, of relative order 1/P"),
                source="S^2, S = 1/(1 - df1/P)",
            )
        )
    return Recomputed(items=tuple(items))


def _notebook(_: bool) -> Recomputed:
    """SGD of the tutorial: alpha = 3/2, r = 4/5, D = 1e4, batches of 32, gamma = 1; and batches without noise."""
    from riskcalc.curve import Run
    from riskcalc.exact import Unsketched
    from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
    from riskcalc.schedule import Constant

    problem = Problem(spectrum=PowerLaw(Q(3, 2), dimension=10**4), signal=PowerLawSignal(Q(17, 5)))
    steps = (100, 1000, 3000)
    items = []
    for batch_size, what in ((32, "batches of 32"), (10**12, "batches without end")):
        run = Run(problem, model_size=10**4, schedule=Constant(1), steps=list(steps), batch_size=batch_size)
        excess = Unsketched().curve(run).excess
        found = slope((excess[1], excess[2]), steps[1:])
        near = Within(effect=0.02, exact=True, reason="it moves from 1.51 to 1.55 between t = 10 and 5000")
        noisy = Corrected(
            value="-1.53", rule=near, reason="by the exact recursion; noise of exponent 2 - 1/a is part of the loss"
        )
        rule: Rule = noisy if batch_size == 32 else _NEAR
        items.append(
            compare(f"slope of the loss, {what}", published="-1.6", ours=found, rule=rule, source="t^-2r, notebook")
        )
    return Recomputed(items=tuple(items))


def _rest(_: bool) -> Recomputed:
    return Recomputed(
        items=(
            not_recomputed(
                "tables of exponents", published="tables", why="the text of the paper was not at hand"
            ),
            not_recomputed(
                "weights structured along the features",
                published="figures",
                why="not derived here (D72 is along the data)",
            ),
        )
    )


PAPER = Paper(
    name="atanasov2024",
    citation="Atanasov, Zavatone-Veth, Pehlevan 2024, scaling and renormalisation in regression (arXiv 2405.00592)",
    exhibits=(
        Exhibit(name="features", title="more features than samples, without a ridge", recompute=_features),
        Exhibit(name="gap", title="test and training error", recompute=_gap),
        Exhibit(name="notebook", title="SGD in the authors' tutorial", recompute=_notebook),
        Exhibit(name="rest", title="what is not recomputed", recompute=_rest),
    ),
)
