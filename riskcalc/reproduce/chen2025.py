"""Chen, Guo, Li, Liang, Shi, Song 2025: several outputs and kernels (arXiv 2503.01314).

What is used of the paper is its abstract: sketched linear regression by one pass of SGD as in Lin et al. (arXiv
2406.08466), for several outputs and for kernels, with the risk split into irreducible, approximation, bias and
variance. For one output the exponents are in print there; their dependence on the number of outputs P is derived here
(D29, D30) and confirmed by the roads that know no exponents. What needs the text of the theorems is listed as such.
"""

from __future__ import annotations

from fractions import Fraction as Q
from typing import TYPE_CHECKING, Any

from riskcalc.quantity import held
from riskcalc.reproduce.item import compare, not_recomputed
from riskcalc.reproduce.paper import Exhibit, Paper, Recomputed
from riskcalc.reproduce.rules import ByConstruction, ByZ, Identical, Ours, Rule, Within

if TYPE_CHECKING:
    from riskcalc.asymptotic.power_term import PowerTerm
    from riskcalc.problem import MultipleOutputs, Problem

_ONE_OUTPUT = "in print for one output (Lin et al., theorem 4.2)"
_DERIVED = "derived"
_NORMALISATIONS = {"every": "every_output", "total": "total"}
_CORRELATION = ((1, 0.8, -0.5), (0.8, 1, 0), (-0.5, 0, 1))


def _terms(_: bool) -> Recomputed:
    """The exponents of every part for one output, in symbols, from the term table."""
    import sympy

    from riskcalc.asymptotic import term_table
    from riskcalc.asymptotic.late_noise import late_noise
    from riskcalc.asymptotic.shape import geometric
    from riskcalc.formula import letters as L

    a, b, shape = L.a, L.b, geometric()
    table = {term.name: term for term in reversed(term_table(shape=shape))}  # of two floors that of 1 < b < a + 1
    (late,) = late_noise(a, shape)
    in_print: dict[str, tuple[PowerTerm, dict[str, Any]]] = {
        "approximation": (table["F_0"], {"M": 1 - b}),
        "bias": (table["F_pp"], {"t": (1 - b) / a, "gamma": (1 - b) / a}),
        "variance, (N_eff gamma)^(1/a) < M": (table["noise"], {"t": 1 / a - 1, "gamma": 1 / a, "sigma2": 1}),
        "variance, (N_eff gamma)^(1/a) > M": (late, {"t": -1, "M": 1, "sigma2": 1}),
    }
    rule = Identical(reason="functions of a and b in lowest terms; ours is derived from the spectral sums")
    items = []
    for part, (term, exponents) in in_print.items():
        for letter, expected in exponents.items():
            items.append(
                compare(
                    f"{part}: exponent of {_word(letter)}",
                    published=str(sympy.cancel(expected)),
                    ours=Ours(text=str(sympy.cancel(term.exponent(letter))), value=float("nan")),
                    rule=rule,
                    source=_ONE_OUTPUT,
                )
            )
    return Recomputed(items=tuple(items))


def _outputs(_: bool) -> Recomputed:
    """The exponents of P in both normalisations, derived, against slopes of the deterministic equivalent."""
    import sympy

    from riskcalc.asymptotic import term_table, with_outputs
    from riskcalc.asymptotic.shape import geometric

    few, many = 10**4, 10**8  # enough for label noise to be all of the variance but for 1/P
    measured = Within(effect=1e-3, exact=True, reason="feedback of bias into variance falls like 1/P")
    table = term_table(sympy.Integer(2), sympy.Rational(5, 2), shape=geometric())
    items = []
    for name in _NORMALISATIONS:
        derived = {term.name: term.exponent("P") for term in with_outputs(table, name)}
        low, high = (_parts(_scalar(b="5/2"), name, outputs=count, steps=10**6) for count in (few, many))
        expected = {
            "irreducible": sympy.Integer(1),  # P sigma2 by definition
            "approximation": derived["F_0"],
            "bias": derived["F_pp"],
            "variance": derived["noise"],
        }
        for part, power in expected.items():
            items.append(
                compare(
                    f"{part}: exponent of P, signal power for {_meaning(name)}",
                    published=str(power),
                    ours=_slope(low[part], high[part], many / few),
                    rule=_by_construction(name, part, measured),
                    source=_DERIVED,
                )
            )
    return Recomputed(items=tuple(items))


def _by_construction(normalisation: str, part: str, measured: Within) -> Rule:
    """Only the variance of outputs that share one signal power is not linear in P from the start.

    It is driven by label noise, which grows with P, and by the error, which does not.
    """
    if normalisation == "every":
        return ByConstruction(rule=measured, reason="P equal outputs have P times the risk of one, part by part")
    if part == "variance":
        return measured
    put_in = "the noises are added up" if part == "irreducible" else "the signal power is divided by P and added up"
    return ByConstruction(rule=measured, reason=put_in)


def _crossover(quick: bool) -> Recomputed:
    """The number of outputs from which on the variance exceeds the bias, one signal power being shared."""
    import sympy

    from riskcalc.asymptotic import critical_outputs
    from riskcalc.asymptotic.shape import geometric
    from riskcalc.formula import letters as L

    (symbolic,) = critical_outputs(shape=geometric())
    bounds = {"t": 1 - L.b / L.a, "gamma": -L.b / L.a, "sigma2": sympy.Integer(-1)}
    items = [
        compare(
            f"P* = bias/variance: exponent of {_word(letter)}",
            published=str(sympy.cancel(expected)),
            ours=Ours(text=str(sympy.cancel(symbolic.exponent(letter))), value=float("nan")),
            rule=Identical(reason="P* ~ N_eff (N_eff gamma)^(-b/a)/sigma2, the quotient of the two bounds"),
            source="quotient of the bounds for one output",
        )
        for letter, expected in bounds.items()
    ]
    rule = Within(
        effect=0.002,
        exact=True,
        reason="the ratio is still on its way to its constant: 1 % over these three decades would be 0.0015",
    )
    for b in ("2",) if quick else ("3/2", "2"):
        (critical,) = critical_outputs(sympy.Integer(2), sympy.Rational(b), shape=geometric())
        ratios, numbers = [], []
        for steps in (10**7, 10**10):
            size = float(critical.expression().subs({L.t: _effective(steps), L.gamma: 0.05, L.B: 1, L.sigma2: 1}))
            parts = _parts(_scalar(b=b), "total", outputs=round(1e6 * size), steps=steps)
            ratios.append(parts["variance"] / parts["bias"] / 1e6)
            numbers.append(f"{size:.3g}")
        items.append(
            compare(
                f"slope in N_eff of variance/bias at P = P*, a = 2, b = {b}",
                published="0",
                ours=_slope(ratios[0], ratios[1], _effective(10**10) / _effective(10**7)),
                rule=rule,
                source=_DERIVED,
                note=f"deterministic equivalent, gamma = 1/20, from N = 1e7 to 1e10: P* goes from {numbers[0]} to "
                f"{numbers[1]}, variance/bias from {ratios[0]:.3f} to {ratios[1]:.3f}",
            )
        )
    return Recomputed(items=tuple(items))


def _additivity(quick: bool) -> Recomputed:
    """SGD on the whole P x M matrix against the sum of scalar exact risks."""
    from riskcalc.answer import risk
    from riskcalc.curve import Run
    from riskcalc.exact import Exact
    from riskcalc.problem import GaussianPrior, MultipleOutputs, PowerLaw, PowerLawSignal, Problem
    from riskcalc.schedule import Geometric
    from riskcalc.simulation import MonteCarlo

    law = PowerLaw(a=2, dimension=40)
    signals = [PowerLawSignal(b=Q(b), signs=seed) for seed, b in enumerate(("2", "3", "5/2"))]
    prior = Problem(spectrum=law, signal=GaussianPrior(), noise=Q("1/2"))

    def fixed(correlation: Any) -> MultipleOutputs:
        return MultipleOutputs(
            spectrum=law, signals=signals, noises=[Q("1/2"), Q("1/4"), 1], noise_correlation=correlation
        )

    cases = {
        "independent label noises": fixed(None),
        "correlated label noises": fixed(_CORRELATION),
        "the same label noise up to scale": fixed(1),
        "isotropic prior for every output": MultipleOutputs.every_output(prior, outputs=3),
        "isotropic prior in total, the same label noise": MultipleOutputs.total(prior, outputs=3, noise_correlation=1),
    }
    settings: dict[str, Any] = {"model_size": 6, "schedule": Geometric(Q("1/5")), "steps": [150]}
    items = []
    for name, problem in cases.items():
        each = [risk(Run(one, **settings), method=Exact(seed=3)).risk[0] for one in problem.written_out()]
        road = MonteCarlo(runs=1000 if quick else 8000, seed=5, sketch_seed=3)
        sampled = risk(Run(problem, **settings), method=road)
        spread = held(sampled.standard_error, "the standard error")  # of many runs
        value, error = float(sampled.risk[0]), float(spread[0])
        exact = float(sum(each))
        items.append(
            compare(
                f"total risk of three outputs, {name}",
                published=f"{exact:.6f}",
                ours=Ours(text=f"{value:.4f}", value=value, standard_error=error),
                rule=ByZ(bound=3.7, power=0.02 * exact, reason="family-wise level 1e-3 over five values"),
                source="sum of the scalar exact risks",
                note=f"{road.runs} runs of SGD on one sketch, M = 6, dimension 40, N = 150, halving schedule",
            )
        )
    return Recomputed(items=tuple(items))


def _kernels(_: bool) -> Recomputed:
    """Kernel regression: the same terms with a and b of a kernel and a target, on the kernel's own spectrum."""
    from riskcalc.asymptotic import term_table
    from riskcalc.asymptotic.shape import geometric
    from riskcalc.kernel import Brownian, PeriodicSobolev, PiecewisePolynomial

    cases = {
        "Brownian kernel, target 1 for x < 1/3": (Brownian(), PiecewisePolynomial.step("1/3")),
        "periodic Sobolev kernel of order 1, target x": (PeriodicSobolev(order=1), PiecewisePolynomial.monomial(1)),
    }
    rule = Within(
        effect=0.015,
        exact=True,
        reason="the cut at 4000 eigenvalues tilts the slope at M = 40 by 40/4000 = 0.01; and the next orders",
    )
    items = []
    for name, (kernel, target) in cases.items():
        decay = kernel.decay(target)
        table = {term.name: term for term in term_table(*map(_exact, (decay.a, decay.b)), shape=geometric())}
        problem = kernel.problem(target, dimension=4000)
        sizes, steps, wide = (20, 80), (10**3, 10**5), 2000
        step = Q(1, 4) / Q(float(problem.eigenvalues().sum()))
        floors = [_parts(problem, None, model_size=size, steps=1, step_size=step)["approximation"] for size in sizes]
        biases = [_parts(problem, None, model_size=wide, steps=count, step_size=step)["bias"] for count in steps]
        ratio = _effective(steps[1]) / _effective(steps[0])
        setting = f"{name}: a = {decay.a}, b = {decay.b}"
        for part, letter, derived, slope in (
            ("approximation", "M", table["F_0"].exponent("M"), _slope(floors[0], floors[1], sizes[1] / sizes[0])),
            ("bias", "t", table["F_pp"].exponent("t"), _slope(biases[0], biases[1], ratio)),
        ):
            items.append(
                compare(
                    f"{setting}; {part}: exponent of {_word(letter)}",
                    published=str(float(derived)),
                    ours=slope,
                    rule=rule,
                    source=_DERIVED,
                )
            )
    return Recomputed(items=tuple(items))


def _theorems(_: bool) -> Recomputed:
    """What only the full text could give."""
    why = "only the abstract was at hand, not the text of the theorems"
    items = (
        not_recomputed(
            "the theorems on several outputs as stated: conditions, constants, normalisation of the signals",
            published="theorems",
            why=f"{why}; which of the two normalisations is theirs is not known, so both are given above",
        ),
        not_recomputed("upper and lower bounds on the approximation error", published="bounds", why=why),
        not_recomputed("upper and lower bounds on the bias", published="bounds", why=why),
        not_recomputed(
            "the theorems on kernel regression as stated",
            published="theorems",
            why=f"{why}. For Gaussian features they concern the problem of the exhibit 'kernels'; how far real "
            "features of a kernel are from it is measured in docs/kernels.md",
        ),
        not_recomputed(
            "figures and tables", published="none known", why="the abstract announces a theoretical analysis only"
        ),
    )
    return Recomputed(items=items)


def _scalar(*, b: str) -> Problem:
    from riskcalc.problem import PowerLaw, PowerLawSignal, Problem

    return Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=Q(b)), noise=1)


def _parts(
    problem: Problem,
    normalisation: str | None,
    *,
    steps: int,
    outputs: int = 1,
    model_size: int = 10**9,
    step_size: Q = Q(1, 20),
) -> dict[str, float]:
    """The parts of the total risk at the end of a halving schedule, by the deterministic equivalent."""
    from riskcalc.answer import risk
    from riskcalc.curve import Run
    from riskcalc.problem import MultipleOutputs, Regression
    from riskcalc.schedule import Geometric

    asked: Regression = problem
    if normalisation is not None:
        asked = getattr(MultipleOutputs, _NORMALISATIONS[normalisation])(problem, outputs=outputs)
    curve = risk(Run(asked, model_size=model_size, schedule=Geometric(step_size), steps=[steps]))
    bias, variance = held(curve.bias, "the bias"), held(curve.variance, "the variance")
    single = {"irreducible": curve.irreducible, "approximation": curve.approximation}
    return {**single, "bias": float(bias[0]), "variance": float(variance[0])}


def _effective(steps: int) -> float:
    from math import log2

    return steps / log2(steps)


def _slope(low: float, high: float, ratio: float) -> Ours:
    from math import log

    value = log(high / low) / log(ratio)
    return Ours(text=f"{value:.4f}", value=value)


def _exact(value: Q) -> Any:
    import sympy

    return sympy.Rational(value.numerator, value.denominator)


def _word(letter: str) -> str:
    return {"t": "N_eff", "sigma2": "the noise"}.get(letter, letter)


def _meaning(normalisation: str) -> str:
    return "every output" if normalisation == "every" else "all outputs in total"


PAPER = Paper(
    name="chen2025",
    citation="Chen, Guo, Li, Liang, Shi, Song 2025, sketched linear regression with several outputs and kernels "
    "(arXiv 2503.01314)",
    exhibits=(
        Exhibit(name="terms", title="every part of the risk of one output", recompute=_terms),
        Exhibit(name="outputs", title="how the parts grow with the number of outputs P", recompute=_outputs),
        Exhibit(name="crossover", title="from how many outputs on variance exceeds bias", recompute=_crossover),
        Exhibit(name="additivity", title="SGD on all outputs at once, and their sum", recompute=_additivity),
        Exhibit(name="kernels", title="kernel regression, Gaussian features", recompute=_kernels),
        Exhibit(name="theorems", title="what needs the text of the theorems", recompute=_theorems),
    ),
)
