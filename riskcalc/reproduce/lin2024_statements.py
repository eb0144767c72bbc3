"""Statements of Lin et al. beside exact values: allocations of theorem 4.2, and what their orders leave open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction as Q

import numpy as np
from numpy.typing import NDArray

from riskcalc.reproduce.item import compare
from riskcalc.reproduce.paper import Recomputed
from riskcalc.reproduce.rules import Identical, Ours, Settling

_LADDER = (1024, 4096, 16384)
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
class Unsketched:
    """Exact values and theirs for the full model, no sketch, after `samples` steps of their schedule.

    variance: exact, of label noise alone, without what the excess feeds back. their_bias, their_variance: Bias and Var
    as the paper defines them. excess: exact.
    """

    samples: int
    excess: float
    variance: float
    their_bias: float
    their_variance: float


def unsketched(a: str, samples: int) -> Unsketched:
    """In their setting: covariance of trace 1, isotropic prior, label noise 1, peak step size 1/10."""
    from riskcalc.dynamics import Modes, respond
    from riskcalc.presets.lin2024 import effective_samples, effective_time, lin2024
    from riskcalc.theorems import bias, variance

    run = lin2024(a=a, model_size=1, samples=samples, dimension=_DIMENSION[a])
    eigenvalues, noise = run.problem.eigenvalues(), float(run.problem.noise)

    def response(signal: NDArray[np.float64]) -> tuple[float, float]:
        modes = Modes(position=eigenvalues, signal=signal, kernel=eigenvalues**2, floor=0.0, paired=False)
        found = respond(modes, run.schedule, steps=(samples,), horizon=samples, batch_size=1, noise=noise)
        return float(found.bias[-1]), float(found.variance[-1])

    _, noisy = response(np.zeros_like(eigenvalues))
    return Unsketched(
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
    where = "no sketch, N = " + ", ".join(str(samples) for samples in _LADDER)
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
            (
                "exact variance over Bias",
                [each.variance / each.their_bias for each in found],
                "the text calls Var strictly higher order; at b = a and a fixed step size it is of the same order by "
                "their own formulas, Var/Bias ~ gamma (N_eff gamma)^((b-a)/a), and does not decay",
            ),
        )
        items += [
            compare(
                f"{what}, a = {a}, {where}",
                published="a constant",
                ours=_ladder(values),
                rule=_rule(values),
                note=note,
            )
            for what, values, note in rows
        ]
    return Recomputed(items=tuple(items))


def _ladder(values: Sequence[float]) -> Ours:
    return Ours(text=", ".join(f"{value:.4f}" for value in values), value=values[-1])


def _rule(values: Sequence[float]) -> Settling:
    return Settling(values=tuple(values), reason="equality up to constants that are not in print")
