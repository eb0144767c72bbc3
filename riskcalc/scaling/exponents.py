"""Compute-optimal exponents at one point: exact fractions, the terms that meet, and every tie named."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from sympy import Rational

from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.regime import StableSteps
from riskcalc.asymptotic.shape import Shape
from riskcalc.display import Displayed, Page
from riskcalc.errors import ConsistencyError, InvalidInput
from riskcalc.optimiser import SGD, DanaDecaying, Optimiser
from riskcalc.quantity import NumberLike, exact, number, of_type, plain
from riskcalc.scaling.approach import Approach, approach
from riskcalc.scaling.best import Best, Ends, best_allocation
from riskcalc.scaling.budget import Budget, Choice
from riskcalc.scaling.contributions import Setting
from riskcalc.scaling.face import Face
from riskcalc.scaling.labels import name_of
from riskcalc.scaling.logarithms import FaceAt, powers_of_logarithms
from riskcalc.scaling.question import OURS, Question
from riskcalc.scaling.rational_function import place
from riskcalc.scaling.ties import Surroundings
from riskcalc.scaling.tropical import minimise_maximum
from riskcalc.scaling.words import read_question
from riskcalc.schedule import Schedule

_ALWAYS = ("F_0", "F_pp")  # the floor and the plain bias are listed even where others cover them


@dataclass(frozen=True, kw_only=True)
class Range:
    """Exponents from `low` to `high` are all optimal; equal when the optimum is unique, None where there is no end."""

    low: Fraction | None
    high: Fraction | None

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return plain(self.low) if self.low == self.high else f"{plain(self.low)} to {plain(self.high)}"
        if self.low is None:
            return "any" if self.high is None else f"{plain(self.high)} or less"
        return f"{plain(self.low)} or more"


@dataclass(frozen=True, kw_only=True)
class Exponents(Displayed):
    """The optimal allocation of a growing budget, as powers of it.

    a, b: the problem. phase: its name where it has one. terms: the contributions to the loss that are the largest
    somewhere in the window (and F_0, F_pp always). loss_exponent: loss ~ budget^-loss_exponent. exponents: of M, t,
    gamma and B. balance: the terms that meet at the optimum. ties: what makes the point special: coinciding terms,
    logarithms, a range of equally good choices; empty in general position. logs: powers of log(budget) that multiply
    the loss and the letters, under "loss" and their names, where they are not zero. late: whether the optimum lies
    beyond gamma t = M^a, where the model has learnt what its features can hold and trains on against the noise.
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
    logs: dict[str, Fraction] = field(default_factory=dict)
    late: bool = False
    question: Question = field(default_factory=Question, repr=False)

    def __repr__(self) -> str:
        phase = "no name" if self.phase is None else f"phase {self.phase}"
        told = ", ".join(f"{name} budget^({value})" for name, value in self.exponents.items())
        return (
            f"Exponents(a={self.a}, b={self.b}, {self.budget}, {self.schedule}; {phase}; "
            f"loss budget^-({self.loss_exponent}), {told})"
        )

    def page(self) -> Page:
        """The terms and the optimum, for a reader."""
        from riskcalc.scaling.exponents_page import page_of

        return page_of(self)

    def to_latex(self) -> str:
        """The terms with their constants and the optimum, in an environment of its own (amsmath)."""
        from riskcalc.scaling.exponents_page import latex_of

        return f"\\begin{{gather*}}\n{latex_of(self)}\n\\end{{gather*}}"

    def approach(self, setting: Setting | None = None) -> Approach:
        """When the law begins to hold: how fast local exponents approach these, and from which budget they are near.

        setting: the numbers that budgets depend on and exponents do not; see `Setting` for what stands without one.

        >>> exponents(a="27/50", b="67/25").approach().words()[0]
        'next term F_0, smaller by budget^-(228/6461)'
        """
        if self.question.optimiser != SGD():
            raise InvalidInput(
                "when a law begins to hold hangs on constants, which are derived for SGD() alone, not "
                f"{self.question.optimiser}"
            )
        numbers = of_type(Setting() if setting is None else setting, Setting, "setting", "a Setting(...)")
        if numbers.noise is None:
            numbers = dataclasses.replace(numbers, noise=self.question.variance)
        return _approached(self.question, (self.a, self.b), numbers)

    @property
    def model_size_exponent(self) -> Fraction:
        """xi in M ~ budget^xi; where a range is optimal, its lower end."""
        low = self.exponents["M"].low
        if low is None:
            raise ConsistencyError("any smaller model is as good: this cannot be right")
        return low


@lru_cache
def _approached(question: Question, at: tuple[Fraction, Fraction], setting: Setting) -> Approach:
    """Kept, because every budget of a problem asks for the same."""
    best = best_allocation(question.programmes(OURS, slow=at[0] < 1), at)
    tied = any(_at(question, face, *at).tied for face in best.faces)
    return approach(question, best, at, tied, setting)


def exponents(
    *,
    a: NumberLike | None = None,
    b: NumberLike | None = None,
    alpha: NumberLike | None = None,
    beta: NumberLike | None = None,
    noise: NumberLike = 0,
    budget: Budget | str | None = None,
    schedule: Schedule | str | None = None,
    warmup: NumberLike | None = None,
    shape: Shape | None = None,
    step_size: str | Choice | None = None,
    free_batch: bool = False,
    outputs: NumberLike | None = None,
    normalisation: str | None = None,
    outputs_free: bool = False,
    compute: NumberLike | None = None,
    optimiser: Optimiser | DanaDecaying | str | None = None,
    parameterisation: str = "linear",
) -> Exponents:
    """Derive the compute-optimal exponents of a power-law problem.

    Parameters
    ----------
    a : number or None, default None
        Decay of the spectrum, with b; in place of alpha and beta.
    b : number or None, default None
        Decay of the signal power.
    alpha : number or None, default None
        a/2, the letter of Paquette et al., with beta.
    beta : number or None, default None
        (b - a)/2.
    noise : number, default 0
        Variance of the label noise; only whether it is zero matters.
    budget : Budget or str or None, default None
        What grows, "compute" for C = M t B, "data" for N = t B, "data-set" for N samples seen many times in full-batch
        steps; or a Budget, which says step size, batch size and outputs as well.
    schedule : Schedule or str or None, default None
        A schedule or its name, such as "cosine"; only its shape matters.
    warmup : number or None, default None
        A fraction of the run, before the schedule.
    shape : Shape or None, default None
        The shape itself, in place of schedule and warmup.
    step_size : str or Choice or None, default None
        "largest", the largest stable one, or "free", optimised; by default "largest" for compute and "free" for
        data.
    free_batch : bool, default False
        Whether the batch size is optimised too; the step size is free then.
    outputs : number or None, default None
        x, where P = budget^x outputs are trained, whose total loss counts.
    normalisation : str or None, default None
        Of their signal power, "every" or "total" (D29).
    outputs_free : bool, default False
        No compute is paid for outputs.
    compute : number or None, default None
        c, where a data set of N may cost C = M t N = N^c; without it steps are free (D57).
    optimiser : Optimiser or DanaDecaying or str or None, default None
        What a step does, or its name. At constant coefficients a memory changes no exponent; DANA has another
        clock, for compute at one batch size and step size, a > 1, without label noise (D42); DanaDecaying(...) is
        DANA with decay 1/a.
    parameterisation : str, default "linear"
        "quadratic" for f = <x, v*v> on the first M features: rates of a surrogate, the linear model at a' = (a + b)/2,
        up to logarithms of the initialisation (D71); SGD, one output, a' > 1.

    Returns
    -------
    Exponents
        Fractions: `loss_exponent`, `exponents` of M, t, gamma and B, the terms that meet, and every tie named.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: minimise over the exponents that the budget leaves free the largest exponent in the term table, inside
    the stable range and the window 1 <= gamma t <= M^a; with label noise also beyond it, where floor and noise
    alone are left.

    Valid: a > 0, b > 1, both exact: int, Fraction or text such as "17/5"; a float is refused. v = oo for a > 1, v/M
    fixed for a <= 1. On a boundary line the exponents are those of the tie, `ties` names it, and `logs` has the
    powers of log(budget).

    Source: derivations D15, D16, D45; the published table of Paquette et al. (arXiv 2405.15074) is a special case.

    Examples
    --------
    >>> found = exponents(alpha=1, beta="3/4")
    >>> found.phase, found.model_size_exponent, found.loss_exponent, found.balance
    ('II', Fraction(3, 7), Fraction(5, 7), ('F_pp', 'F_ac'))
    >>> exponents(a=2, b="5/2", noise=1, schedule="geometric", step_size="free").loss_exponent
    Fraction(3, 7)
    """
    at = read_exponents(a=a, b=b, alpha=alpha, beta=beta)
    question = read_question(
        noise=noise,
        budget=budget,
        schedule=schedule,
        warmup=warmup,
        shape=shape,
        step_size=step_size,
        free_batch=free_batch,
        outputs=outputs,
        normalisation=normalisation,
        outputs_free=outputs_free,
        compute=compute,
        optimiser=optimiser,
        parameterisation=parameterisation,
    )
    return answer(question, *at)


def answer(question: Question, a: Fraction, b: Fraction) -> Exponents:
    """The exponents at a point, for any method of training."""
    question.table.check_at(a, b)
    best = best_allocation(question.programmes(OURS, slow=a < 1), (a, b))
    around = Surroundings.of(question, best, (a, b))
    faces = [_at(question, face, a, b) for face in best.faces]
    balance = around.balance
    terms = _listed(faces[0], balance if around.boundary else ())
    terms += tuple(term for at in faces[1:] for term in _carrying(at, balance) if term not in terms)
    question.table.check(term.name for term in terms)
    logs = powers_of_logarithms(faces, best.key)
    ties = [*around.words(), *_logarithms(faces, balance), *_general(question, a, best)]
    ranges = {name: _range(ends, a, b) for name, ends in best.key.exponents}
    return Exponents(
        a=a,
        b=b,
        budget=question.budget.name,
        schedule=question.table.name,
        phase=None if ties or not question.named else name_of(balance, a, b),
        terms=terms,
        loss_exponent=-best.faces[0].at.value,
        exponents=ranges,
        balance=balance,
        ties=tuple(dict.fromkeys(ties)),
        logs=logs,
        late=best.faces[0].programme.regime.late,
        question=question,
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
    at = read_exponents(a=a, b=b)
    key = best_allocation(Question().programmes(OURS, slow=at[0] < 1), at).key
    low, _ = dict(key.exponents)["M"]
    if low is None:
        raise ConsistencyError(f"any smaller model is as good at {at}: this cannot be right")
    return PhasePoint(
        phase=name_of(key.balance, *at),
        model_size_exponent=low.at(at),
        loss_exponent=key.loss_exponent.at(at),
        balance=key.balance,
    )


def read_exponents(
    *,
    a: NumberLike | None = None,
    b: NumberLike | None = None,
    alpha: NumberLike | None = None,
    beta: NumberLike | None = None,
) -> tuple[Fraction, Fraction]:
    """a and b, from either pair of letters, exactly; refused outside a > 0, b > 1."""
    given = {name: value for name, value in (("a", a), ("b", b), ("alpha", alpha), ("beta", beta)) if value is not None}
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


def _at(question: Question, face: Face, a: Fraction, b: Fraction) -> FaceAt:
    """A face with the table's terms at this very point, constants and logarithms included."""
    at = Rational(a.numerator, a.denominator), Rational(b.numerator, b.denominator)
    slow = a < 1
    own = face.programme.regime.limits.keys()
    (regime,) = (one for one in question.regimes(*at, slow=slow) if one.limits.keys() == own)
    stable: StableSteps = question.stable(at[0], slow=slow)
    terms = tuple(term for term in regime.terms if term.holds == True)  # noqa: E712  # SymPy's truth
    return FaceAt(
        face=face, where=place((a, b)), terms=terms, logs=stable.logs, effective_steps=question.table.effective_steps
    )


def _listed(at: FaceAt, met: Sequence[str]) -> tuple[PowerTerm, ...]:
    """The terms that are the largest somewhere, or among those that meet."""
    largest = [term for index in leading(at) for term in at.of_row(index)]
    return tuple(term for term in at.terms if term.name in met or term in largest)


def leading(at: FaceAt) -> tuple[int, ...]:
    """The terms that strictly exceed all others somewhere in the regime, and those always listed."""
    programme, holding = at.face.programme, at.face.holding
    objective, constraints = programme.numbers(at.where, holding)
    kept = list(range(len(holding)))
    for index in reversed(range(len(holding))):
        if programme.terms[holding[index]].name in _ALWAYS:
            continue
        others = [i for i in kept if i != index]
        gaps = [tuple(x - y for x, y in zip(objective[i], objective[index], strict=True)) for i in others]
        if minimise_maximum(gaps, constraints).value >= 0:
            kept = others
    return tuple(holding[index] for index in kept)


def _logarithms(faces: Sequence[FaceAt], balance: Sequence[str]) -> list[str]:
    """The terms that carry logarithms of something that grows at the optimum."""
    return [
        f"{term.name} carries {' '.join(_power(name, power) for name, power in term.logs.items())}"
        for at in faces
        for term in _carrying(at, balance)
    ]


def _carrying(at: FaceAt, balance: Sequence[str]) -> Iterator[PowerTerm]:
    """Those of one face, each with its logarithms."""
    rows = (term for index in at.face.meeting for term in at.of_row(index))
    return (term for term in rows if term.name in balance and at.power(term))


def _power(name: str, power: int) -> str:
    return f"log {name}" if power == 1 else f"(log {name})^{power}"


def _general(question: Question, a: Fraction, best: Best) -> list[str]:
    found = []
    if question.stable(Rational(a.numerator, a.denominator), slow=a < 1).logs:
        found.append("a = 1: the trace grows like log M, so the largest stable step is gamma ~ 1/log M")
    if any(low is None or low != high for _, (low, high) in best.key.exponents):
        found.append("a range of allocations is equally good to leading order")
    return found


def _range(ends: Ends, a: Fraction, b: Fraction) -> Range:
    low, high = (None if end is None else end.at((a, b)) for end in ends)
    return Range(low=low, high=high)
