"""What depends on time without label noise: F_pp, F_ac and K_pp at leading order."""

from __future__ import annotations

import dataclasses

import sympy
from sympy import Expr, Lambda, exp, oo

from riskcalc.asymptotic.expansion import Expansion, Term, expand
from riskcalc.asymptotic.floor import bulk_moments, floor_constant
from riskcalc.asymptotic.inverse_laplace import inverse_laplace, product, slope_of_u_times
from riskcalc.asymptotic.power_term import PowerTerm, left_of_the_window, monomial, times
from riskcalc.asymptotic.raised import raised
from riskcalc.asymptotic.shape import Shape
from riskcalc.formula import SpectralSum, resolvent_sum
from riskcalc.formula.letters import u

_X = sympy.Symbol("x", positive=True)
_TAU = sympy.Symbol("tau", positive=True)


def pure_point(a: Expr, b: Expr, shape: Shape) -> tuple[PowerTerm, ...]:
    """F_pp = sum_j j^-b exp(-tau j^-a), tau = 2 gamma t clock. Source: derivation D11."""
    total = SpectralSum(Lambda(_X, exp(-_X)), b, -a, _TAU)
    expansion = expand(total, towards="oo", terms=1)
    return tuple(_in_time("F_pp", "bias of the modes already resolved", expansion, shape, "D11", feedback=1))


def absolutely_continuous(a: Expr, b: Expr, shape: Shape, ratio: Expr = oo) -> tuple[PowerTerm, ...]:
    """F_ac, the first order in 1/M of the transient: distortion of the modes by the sketch.

    Formula: (1/M) (1/2 pi i) int (u signal_sum(u))' d1(u) e^(tau u) du around the spectrum, expanded at
    small u.
    Source: derivation D12; Paquette et al. (arXiv 2405.15074), F_ac.
    """
    finite = ratio != oo
    signal = expand(resolvent_sum(b, 1, a, u), towards="0", terms=1, regularized=finite)
    degrees = expand(resolvent_sum(a, 1, a, u), towards="0", terms=1, regularized=finite)
    front = next(term for term in degrees.terms if "zeta" in term.origin)
    found: list[PowerTerm] = []
    for term in signal.terms:
        moved = inverse_laplace(product(slope_of_u_times(term), front))
        if moved.constants[-1] != 0:
            holds = sympy.And(signal.leads(term), sympy.Gt(a, 1))
            made = _term("F_ac", "bias from modes distorted by the sketch", moved, shape, "D12", 1, holds)
            found.append(_reflected(made, a, times(made.exponents, monomial(M=-1))))
    if finite:
        (mass, mass_logs), _ = bulk_moments(a, ratio)
        constant = sympy.zeta(b - a) * (mass - floor_constant(a, ratio))
        found.append(
            PowerTerm(
                name="F_ac",
                meaning="bias of the modes beyond the model, until t ~ M^a/gamma",
                exponents=monomial(M=-a),
                logs={left_of_the_window(a): mass_logs} if mass_logs else {},
                constant=constant if not mass_logs else sympy.zeta(b - a),
                holds=sympy.And(sympy.Gt(b, a + 1), sympy.Le(a, 1)),
                source="D13",
            )
        )
    if (a, b) == (1, 2):  # both factors of the integrand carry logarithms: log(1/u) of the signal, log(v u) of degrees
        found.append(
            PowerTerm(
                name="F_ac",
                meaning="bias from modes distorted by the sketch",
                exponents=monomial(M=-1),
                logs={"t": 1, left_of_the_window(a): 1},
                constant=sympy.S.One,
                source="D45",
            )
        )
    return tuple(term for term in found if term.holds != sympy.false)


def kernel(a: Expr, shape: Shape, ratio: Expr = oo) -> tuple[PowerTerm, ...]:
    """K_pp = (gamma^2/B) sum_j j^-2a exp(-tau j^-a), and the far end of the spectrum. Source: D11, D13."""
    finite = ratio != oo
    total = SpectralSum(Lambda(_X, exp(-_X)), 2 * a, -a, _TAU)
    expansion = expand(total, towards="oo", terms=1, regularized=finite)
    meaning = "noise kernel: response to a unit of noise"
    step = monomial(gamma=2, B=-1)
    made = _in_time("K_pp", meaning, expansion, shape, "D11", feedback=0)
    holds = sympy.Ge(2 * a, 1)
    found = [
        _with(term, exponents=times(term.exponents, step), holds=sympy.And(term.holds, holds))
        for term in made
    ]
    if finite:
        (mass, _), (second, logs) = bulk_moments(a, ratio)
        far = PowerTerm(
            name="K_pp",
            meaning="noise kernel of the far end of the spectrum, until t ~ M^a/gamma",
            exponents=times(step, monomial(M=1 - 2 * a)),
            constant=second + mass**2,
            holds=sympy.Le(2 * a, 1),
            source="D13",
        )
        # at a = 1/2 both ends of the sum count alike, and log M - log(tau)/a is left
        found = [_with(far, logs={left_of_the_window(a): logs}, constant=1 / a)] if logs else [*found, far]
    return tuple(term for term in found if term.holds != sympy.false)


def accumulated(a: Expr, b: Expr, shape: Shape) -> tuple[PowerTerm, ...]:
    """S(t), the sum of F_pp over the first t steps: (1/(2 gamma)) sum_j j^(a-b) (1 - exp(-tau j^-a)).

    Source: derivation D14.
    """
    total = SpectralSum(Lambda(_X, 1 - exp(-_X)), b - a, -a, _TAU)
    expansion = expand(total, towards="oo", terms=1)
    made = _in_time("S", "bias accumulated over time", expansion, shape, "D14", feedback=0)
    return tuple(
        _with(term, exponents=times(term.exponents, monomial(gamma=-1)), constant=term.constant / 2)
        for term in made
    )


def noise_from_bias(a: Expr, b: Expr, shape: Shape, ratio: Expr = oo) -> tuple[PowerTerm, ...]:
    """K_pp(t) S(t): the noise that the early bias injected, as it is felt t steps later.

    Source: derivation D14; Paquette et al. (arXiv 2405.15074), K_pp/(gamma B).
    """
    found = []
    for response in kernel(a, shape, ratio):
        for source in accumulated(a, b, shape):
            names = {**response.logs, **source.logs}
            logs = {name: response.logs.get(name, 0) + source.logs.get(name, 0) for name in names}
            found.append(
                PowerTerm(
                    name="K_pp",
                    meaning="SGD noise excited by the early bias",
                    exponents=times(response.exponents, source.exponents),
                    constant=response.constant * source.constant,
                    logs={name: power for name, power in logs.items() if power},
                    holds=sympy.And(response.holds, source.holds),
                    feedback=2,
                    source="D14",
                )
            )
    return tuple(term for term in found if term.holds != sympy.false)


def _in_time(
    name: str, meaning: str, expansion: Expansion, shape: Shape, source: str, *, feedback: int
) -> list[PowerTerm]:
    terms = [
        _term(name, meaning, term, shape, source, feedback, expansion.leads(term)) for term in expansion.terms
    ]
    return [term for term in terms if term.holds != sympy.false]


def _term(
    name: str, meaning: str, term: Term, shape: Shape, source: str, feedback: int, holds: sympy.Basic
) -> PowerTerm:
    """A power of tau = 2 clock gamma t as a monomial in gamma and t."""
    return PowerTerm(
        name=name,
        meaning=meaning,
        exponents=monomial(gamma=term.power, t=term.power),
        constant=term.constants[-1] * raised(2 * shape.clock, term.power),
        logs={"t": term.log_power} if term.log_power else {},
        holds=holds,
        feedback=feedback,
        source=source,
    )


def _reflected(term: PowerTerm, a: Expr, exponents: dict[str, Expr]) -> PowerTerm:
    """pi/(sin(pi/a) Gamma(1/a)) written as Gamma(1 - 1/a)."""
    constant = term.constant.subs(sympy.gamma(1 + 1 / a), sympy.gamma(1 / a) / a)
    constant = constant.subs(
        sympy.sin(sympy.pi / a), sympy.pi / (sympy.gamma(1 / a) * sympy.gamma(1 - 1 / a))
    )
    return _with(term, constant=constant, exponents=exponents)


def _with(term: PowerTerm, **changes: object) -> PowerTerm:
    return dataclasses.replace(term, **changes)  # type: ignore[arg-type]
