"""Statements of Lin et al. beside exact values: allocations of theorem 4.2, and what their orders leave open."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction as Q

import numpy as np

from riskcalc.quantity import Real, held
from riskcalc.reproduce.item import Item, compare
from riskcalc.reproduce.paper import Recomputed
from riskcalc.reproduce.rules import Identical, Ours
from riskcalc.reproduce.settling import Settling

_LADDER = (2**10, 2**12, 2**14, 2**16, 2**18)
_DECADES, _LARGE = (10**3, 10**4, 10**5, 10**6, 10**7), 10**9
_DIMENSION = {"2": 2000, "3/2": 20_000}


def allocations(_: bool) -> Recomputed:
    """Theorems 4.1 and 4.2 with the compute-optimal allocations, from the term table: nothing is typed in."""
    import sympy

    from riskcalc.asymptotic.shape import geometric
    from riskcalc.plotting import plot_allocation_exponent
    from riskcalc.scaling import Choice, compute, phase_diagram

    budget = compute(step_size=Choice.FREE)
    diagram = phase_diagram(budget=budget, shape=geometric(), noise=True, paper_letters=False)
    a, b = diagram.letters
    published = {
        (Q(2), Q(3, 2)): ("1 < b < a", {"M": 1 / (a + 1), "t": a / (a + 1), "gamma": sympy.S.Zero}, (b - 1) / (a + 1)),
        (Q(2), Q(5, 2)): (
            "a < b < a + 1",
            {"M": 1 / (b + 1), "t": b / (b + 1), "gamma": (a - b) / (b + 1)},
            (b - 1) / (b + 1),
        ),
    }
    rule = Identical(reason="functions of a and b in lowest terms; ours is derived, not looked up")
    names = {"M": "model size", "t": "effective samples", "gamma": "step size"}
    items = []
    for point, (region, exponents, loss) in published.items():
        phase = diagram.phase(point)
        for letter, expected in {**exponents, "loss": loss}.items():
            found = None if phase is None else phase.loss_exponent if letter == "loss" else phase.exponents[letter]
            items.append(
                compare(
                    f"theorem 4.2, {region}: exponent of the {names.get(letter, 'risk')} in the compute",
                    published=str(sympy.cancel(expected)),
                    ours=Ours(text="no such phase" if found is None else str(sympy.cancel(found)), value=float("nan")),
                    rule=rule,
                )
            )
    return Recomputed(
        items=tuple(items), pictures={"allocation": lambda: plot_allocation_exponent(diagram, a=Q(3, 2))}
    )


@dataclass(frozen=True, kw_only=True)
class FullModel:
    """Exact values and theirs for the full model, no sketch, after `samples` steps of their schedule.

    variance: exact, of label noise alone, without what the excess feeds back. their_bias, their_variance: Bias and Var
    as the paper defines them. excess: exact.
    """

    samples: int
    excess: float
    variance: float
    their_bias: float
    their_variance: float


def unsketched(a: str, samples: int) -> FullModel:
    """In their setting: covariance of trace 1, isotropic prior, label noise 1, peak step size 1/10."""
    from riskcalc.dynamics import Modes, respond
    from riskcalc.presets.lin2024 import effective_samples, effective_time, lin2024
    from riskcalc.theorems import bias, variance

    run = lin2024(a=a, model_size=1, samples=samples, dimension=_DIMENSION[a])
    eigenvalues, noise = run.problem.eigenvalues(), float(run.problem.noise)

    def response(signal: Real) -> tuple[float, float]:
        modes = Modes(position=eigenvalues, signal=signal, kernel=eigenvalues**2, floor=0.0, paired=False)
        found = respond(modes, run.schedule, steps=(samples,), horizon=samples, batch_size=1, noise=noise)
        return float(found.bias[-1]), float(found.variance[-1])

    _, noisy = response(np.zeros_like(eigenvalues))
    return FullModel(
        samples=samples,
        excess=sum(response(eigenvalues)),
        variance=noisy,
        their_bias=bias(eigenvalues, eigenvalues, run.schedule, horizon=samples),
        their_variance=variance(
            eigenvalues, time=effective_time(samples), effective_samples=effective_samples(samples)
        ),
    )


def orders(_: bool) -> Recomputed:
    """Theorem 6.1 holds up to constants; without a sketch they can be measured."""
    items = []
    for a in _DIMENSION:
        found = [unsketched(a, samples) for samples in _LADDER]
        first = found[0]
        rows = (
            (
                "exact variance over Var",
                [each.variance / each.their_variance for each in found],
                "Var, the effective dimension over N_eff, is a definition: the variance is a fraction of it",
            ),
            (
                "exact excess over Bias + sigma2 x exact variance",
                [each.excess / (each.their_bias + each.variance) for each in found],
                f"at N = {first.samples} the excess is {first.excess:.6f}, the sum "
                f"{first.their_bias + first.variance:.6f}: the excess itself is noise to SGD, and "
                "a step multiplies a squared error by 1 - 2 gamma l + 2 gamma^2 l^2, not by (1 - gamma l)^2",
            ),
        )
        where = f"no sketch, d = {_DIMENSION[a]}"
        items += [
            _settles(f"{what}, a = {a}, {where}", _LADDER, values, source="theorem 6.1, up to constants:", note=note)
            for what, values, note in rows
        ]
        items.append(
            _settles(
                f"exact variance over bias, a = {a}, infinite dimension",
                _DECADES,
                _variance_over_bias(a),
                source="quotient of the paper's formulas, not stated there:",
                note="the text calls Var strictly higher order; at b = a and a fixed step size it is of the same order "
                "by its own formulas, Var/Bias ~ gamma (N_eff gamma)^((b-a)/a), and does not decay",
            )
        )
    return Recomputed(items=tuple(items))


def _variance_over_bias(a: str) -> list[float]:
    """By the equivalent of a model that holds all that is resolved: a finite dimension would end the bias early."""
    from riskcalc.answer import risk
    from riskcalc.presets.lin2024 import lin2024

    found = []
    for samples in _DECADES:
        curve = risk(lin2024(a=a, model_size=_LARGE, samples=samples))
        found.append(float(held(curve.variance, "the variance")[-1] / held(curve.bias, "the bias")[-1]))
    return found


def _settles(what: str, steps: tuple[int, ...], values: list[float], *, source: str, note: str) -> Item:
    rule = Settling(
        steps=steps, values=tuple(values), reason="equality up to a constant whose value is not in print"
    )
    ours = Ours(text=", ".join(f"{value:.4f}" for value in values), value=values[-1])
    return compare(what, published="a constant", ours=ours, rule=rule, source=source, note=note)
