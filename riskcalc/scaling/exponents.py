"""Compute-optimal exponents at one point: exact fractions, the terms that meet, and every tie named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Rational, oo

from riskcalc.asymptotic.late_noise import late_noise
from riskcalc.asymptotic.outputs import Normalisation, read_normalisation, with_outputs
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.shape import Shape, constant
from riskcalc.asymptotic.term_table import RATIO, term_table
from riskcalc.errors import InvalidInput
from riskcalc.formula import letters as L
from riskcalc.quantity import NumberLike, exact, number, of_type, plain
from riskcalc.scaling.budget import Budget, compute
from riskcalc.scaling.labels import name_of
from riskcalc.scaling.noise import has_noise
from riskcalc.scaling.programme import Programme
from riskcalc.scaling.tropical import Optimum, minimise_maximum

_NEAR = Fraction(1, 10**6)
# four directions, none along a boundary known or likely (those have slopes 0, 1, 2 or oo)
_AROUND = tuple((x * _NEAR, y * _NEAR) for x, y in ((3, 7), (-3, -7), (7, -3), (-7, 3)))
_ALWAYS = ("F_0", "F_pp")  # the floor and the plain bias are listed even where others cover them


@dataclass(frozen=True, kw_only=True)
class Range:
    """Exponents from `low` to `high` are all optimal; equal when the optimum is unique."""

    low: Fraction
    high: Fraction

    def __str__(self) -> str:
        return plain(self.low) if self.low == self.high else f"{plain(self.low)} to {plain(self.high)}"


@dataclass(frozen=True, kw_only=True)
class Exponents:
    """The optimal allocation of a growing budget, as powers of it.

    a, b: the problem. phase: its name where it has one. terms: the contributions to the loss that are the largest
    somewhere in the window (and F_0, F_pp always). loss_exponent: loss ~ budget^-loss_exponent. exponents: of M, t,
    gamma and B. balance: the terms that meet at the optimum. ties: what makes the point special: coinciding terms,
    logarithms, a range of equally good choices; empty in general position. late: whether the optimum lies beyond
    gamma t = M^a, where the model has learnt what its features can hold and trains on against the noise.
    """

    a: Fraction
    b: Fraction
    budget: str
    schedule: str
    phase: str | None
    terms: tuple[PowerTerm, ...]
    loss_exponent: Fraction
    exponents: dict[str, Range]
    balance: tuple[str, ...]
    ties: tuple[str, ...]
    late: bool = False

    @property
    def model_size_exponent(self) -> Fraction:
        """xi in M ~ budget^xi; where a range is optimal, its lower end."""
        return self.exponents["M"].low


def exponents(
    *,
    a: NumberLike | None = None,
    b: NumberLike | None = None,
    alpha: NumberLike | None = None,
    beta: NumberLike | None = None,
    noise: NumberLike = 0,
    budget: Budget | None = None,
    shape: Shape | None = None,
    normalisation: str | None = None,
) -> Exponents:
    """Derive the compute-optimal exponents of a power-law problem.

    Formula: minimise over the exponents that the budget leaves free the largest exponent in the term table, inside
        the stable range and the window 1 <= gamma t <= M^a; with label noise also beyond it, where floor and noise
        alone are left.
    noise: variance of the label noise; only whether it is zero matters.
    normalisation: "every" or "total" (D29), where the budget says how the number of outputs grows; total loss.
    Valid: a > 0, b > 1, both exact: int, Fraction or text such as "17/5"; a float is refused.
        v = oo for a > 1, v/M fixed for a <= 1. On a boundary line the exponents are those of the
        tie, and `ties` names it.
    Source: derivations D15, D16; the published table of Paquette et al. (arXiv 2405.15074) is a special case.

    >>> found = exponents(alpha=1, beta="3/4")
    >>> found.phase, found.model_size_exponent, found.loss_exponent, found.balance
    ('II', Fraction(3, 7), Fraction(5, 7), ('F_pp', 'F_ac'))
    """
    a_read, b_read = read_exponents(a=a, b=b, alpha=alpha, beta=beta)
    shape = of_type(constant() if shape is None else shape, Shape, "shape", "a Shape such as constant()")
    budget = of_type(compute() if budget is None else budget, Budget, "budget", "a Budget such as compute() or data()")
    growth = _growth(budget, normalisation)
    question = _Question(noise=has_noise(noise), budget=budget, shape=shape, normalisation=growth)
    whole, side = question.best(a_read, b_read)
    optimum = side.solve((a_read, b_read))
    balance = _meeting(side, optimum)
    shape.check_early_noise(term.name for term in side.terms)
    everything = _meeting(whole, whole.solve((a_read, b_read)))
    ties = _ties(question, whole, optimum, (balance, everything), a_read, b_read)
    boundary = any(tie.startswith("boundary") for tie in ties)
    met = everything if boundary else balance
    return Exponents(
        a=a_read,
        b=b_read,
        budget=budget.name,
        schedule=shape.name,
        phase=None if ties else question.name(balance, a_read, b_read),
        terms=tuple(term for term in whole.terms if term in side.terms or (boundary and term.name in met)),
        loss_exponent=-optimum.value,
        exponents=_ranges(side, optimum),
        balance=met,
        ties=ties,
        late=side.late,
    )


@dataclass(frozen=True, kw_only=True)
class PhasePoint:
    """What `exponents` says at a point in general position, without its terms: ties are not looked for."""

    phase: str | None
    model_size_exponent: Fraction
    loss_exponent: Fraction
    balance: tuple[str, ...]


def phase_at(*, a: NumberLike, b: NumberLike) -> PhasePoint:
    """The phase at a point, many times faster than `exponents`; on a boundary it is that of one side, or has no name.

    >>> phase_at(a=2, b="7/2").phase
    'II'
    """
    a_read, b_read = read_exponents(a=a, b=b)
    question = _Question(noise=False, budget=compute(), shape=constant())
    _, side = question.programmes(a_read, b_read)
    optimum = side.solve((a_read, b_read))
    balance = _meeting(side, optimum)
    return PhasePoint(
        phase=question.name(balance, a_read, b_read),
        model_size_exponent=_ranges(side, optimum)["M"].low,
        loss_exponent=-optimum.value,
        balance=balance,
    )


def read_exponents(
    *,
    a: NumberLike | None = None,
    b: NumberLike | None = None,
    alpha: NumberLike | None = None,
    beta: NumberLike | None = None,
) -> tuple[Fraction, Fraction]:
    """a and b, from either pair of letters, exactly; refused outside a > 0, b > 1."""
    given = {
        name: value
        for name, value in (("a", a), ("b", b), ("alpha", alpha), ("beta", beta))
        if value is not None
    }
    if set(given) == {"a", "b"}:
        a_read, b_read = (exact(number(given[name], name), name) for name in ("a", "b"))
    elif set(given) == {"alpha", "beta"}:
        half, rest = (exact(number(given[name], name), name) for name in ("alpha", "beta"))
        a_read, b_read = 2 * half, 2 * half + 2 * rest
    else:
        raise InvalidInput(f"give a and b, or alpha and beta; given: {', '.join(given) or 'nothing'}")
    if a_read <= 0:
        raise InvalidInput(f"a must be positive, but a = {a_read}: eigenvalues j^-a have to decay")
    if b_read <= 1:
        raise InvalidInput(
            f"b = {b_read} is not above 1 (alpha + beta must exceed 1/2): the risk at step 0 grows with the "
            "dimension and follows no power law"
        )
    return a_read, b_read


@dataclass(frozen=True, kw_only=True)
class _Question:
    noise: bool
    budget: Budget
    shape: Shape
    normalisation: Normalisation | None = None

    def best(self, a: Fraction, b: Fraction) -> tuple[Programme, Programme]:
        """The programmes of whichever side of gamma t = M^a has the smaller loss; the window itself where they tie."""
        window = self.programmes(a, b)
        if not self.noise:
            return window
        late = self.programmes(a, b, late=True)
        return late if late[1].solve((a, b)).value < window[1].solve((a, b)).value else window

    def programmes(self, a: Fraction, b: Fraction, *, late: bool = False) -> tuple[Programme, Programme]:
        """With all terms, and with those that are the largest somewhere."""
        a_exact, b_exact = Rational(a.numerator, a.denominator), Rational(b.numerator, b.denominator)
        table = term_table(a_exact, b_exact, ratio=oo if a > 1 else RATIO, shape=self.shape)
        terms = [term for term in table if self.noise or term.name != "noise"]
        if late:
            terms = [*(term for term in table if term.name == "F_0"), *late_noise(a_exact, self.shape)]
        if self.normalisation is not None:
            terms = list(with_outputs(terms, self.normalisation))
        whole = _side(a, b, self.budget, terms, late=late)
        return whole, _side(a, b, self.budget, leading_terms(whole, (a, b)), late=late)

    def name(self, balance: Sequence[str], a: Fraction, b: Fraction) -> str | None:
        """The phase's name, for the question that the names were made for."""
        asked = self.shape.constant and self.budget == compute() and not self.noise
        return name_of(balance, a, b) if asked else None

    def described(self, a: Fraction, b: Fraction) -> str:
        """The optimum at a point in words: its name and its balance."""
        _, side = self.best(a, b)
        balance = _meeting(side, side.solve((a, b)))
        name = self.name(balance, a, b)
        return f"{name} ({' = '.join(balance)})" if name else " = ".join(balance)


def _growth(budget: Budget, normalisation: str | None) -> Normalisation | None:
    """The normalisation, which is needed where there are several outputs and meaningless elsewhere."""
    if (budget.outputs is None) != (normalisation is None):
        raise InvalidInput(
            "several outputs need both: a budget that says how their number grows, such as compute(outputs='1/4'), and "
            "normalisation='every' or 'total'"
        )
    return None if normalisation is None else read_normalisation(normalisation)


def _meeting(side: Programme, optimum: Optimum) -> tuple[str, ...]:
    """Names of the terms that are largest at the optimum."""
    return tuple(
        dict.fromkeys(side.names[row] for rows in optimum.tight for row in rows if row < len(side.terms))
    )


def _side(a: Fraction, b: Fraction, budget: Budget, terms: Sequence[PowerTerm], *, late: bool) -> Programme:
    return Programme(
        letters=(L.a, L.b),
        a=Rational(a.numerator, a.denominator),
        b=Rational(b.numerator, b.denominator),
        budget=budget,
        terms=tuple(terms),
        slow=a < 1,
        late=late,
    )


def leading_terms(side: Programme, at: tuple[Fraction, Fraction]) -> list[PowerTerm]:
    """The terms that strictly exceed all others somewhere in the window, and those always listed."""
    objective, constraints = side.numbers(at)
    kept = list(range(len(side.terms)))
    for index in reversed(range(len(side.terms))):
        if side.terms[index].name in _ALWAYS:
            continue
        others = [i for i in kept if i != index]
        gaps = [tuple(x - y for x, y in zip(objective[i], objective[index], strict=True)) for i in others]
        if minimise_maximum(gaps, constraints).value >= 0:
            kept = others
    return [side.terms[index] for index in kept]


def _ranges(side: Programme, optimum: Optimum) -> dict[str, Range]:
    found = {}
    for name, form in side.exponents.items():
        constant_part, *slopes = (_fraction(part) for part in form)
        values = [
            constant_part + sum((c * x for c, x in zip(slopes, vertex, strict=True)), Fraction(0))
            for vertex in optimum.vertices
        ]
        found[name] = Range(low=min(values), high=max(values))
    return found


def _ties(
    question: _Question,
    whole: Programme,
    optimum: Optimum,
    meeting: tuple[Sequence[str], Sequence[str]],
    a: Fraction,
    b: Fraction,
) -> tuple[str, ...]:
    """What is special at this point: a boundary between optima, logarithms of the terms that meet there."""
    found = []
    balance, everything = meeting
    logs = [term for term in whole.terms if term.logs and term.name in everything]
    if set(everything) != set(balance) or logs or a == 1:
        around = dict.fromkeys(question.described(a + x, b + y) for x, y in _AROUND if b + y > 1)
        if len(around) > 1:
            found.append(f"boundary between {' and '.join(around)}")
            found += [f"{term.name} carries {' '.join(f'log {x}' for x in term.logs)}" for term in logs]
    if a == 1:
        found.append("a = 1: the trace grows like log M, so the largest stable step is gamma ~ 1/log M")
    if len(optimum.vertices) > 1:
        found.append("a range of allocations is equally good to leading order")
    return tuple(dict.fromkeys(found))


def _fraction(value: sympy.Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))
