"""Every contribution to the loss in numbers, as a function of the budget and of what is chosen: leading and next."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sympy import Expr

from riskcalc.asymptotic.power_term import PowerTerm, times
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number, whole
from riskcalc.scaling.face import Face
from riskcalc.scaling.programme import Programme, numbers
from riskcalc.scaling.question import Question
from riskcalc.scaling.rational_function import Place, place

Values = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """The numbers that exponents do not need, and budgets do.

    noise: the variance of the label noise. batch_size: where it is not chosen. step_size: the constant in the step size
    times M^(1 - a) for a < 1; by default stable_fraction of the largest stable one. ratio: v/M for a < 1.
    """

    noise: Number = 1
    batch_size: int = 1
    stable_fraction: Number = Fraction(1, 2)
    step_size: Number | None = None
    ratio: Number = 4

    def __post_init__(self) -> None:
        read = {name: number(getattr(self, name), name) for name in ("noise", "stable_fraction", "ratio")}
        if self.step_size is not None:
            read["step_size"] = number(self.step_size, "step_size")
        if read["noise"] < 0:
            raise InvalidInput(f"noise is a variance and cannot be negative, but it is {self.noise}")
        if not 0 < read["stable_fraction"] < 1:
            raise InvalidInput(f"stable_fraction must lie between 0 and 1, not {self.stable_fraction}")
        if not read["ratio"] > 1:
            raise InvalidInput(f"ratio, the dimension over the model size, must be above 1, not {self.ratio}")
        if not read.get("step_size", 1) > 0:
            raise InvalidInput(f"step_size must be positive, not {self.step_size}")
        for name, value in read.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "batch_size", whole(self.batch_size, "batch_size", least=1))


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """constant * budget^fixed * prod variable^slope; known: whether the constant is derived, or 1 in its place."""

    name: str
    constant: float
    fixed: float
    slopes: tuple[float, ...]
    known: bool = True


@dataclass(frozen=True, kw_only=True)
class Loss:
    """The sum of contributions in logarithms: l of the budget, z of the variables."""

    contributions: tuple[Contribution, ...]

    @property
    def known(self) -> bool:
        """Whether every constant is derived."""
        return all(one.known for one in self.contributions)

    def shares(self, log_budget: float, z: Values) -> tuple[float, Values]:
        """log of the loss, and what share of it each contribution is; -inf where the sum is not positive."""
        sizes = self._logs + self._fixed * log_budget + self._slopes @ z
        largest = float(sizes.max())
        parts = self._signs * np.exp(sizes - largest)
        total = float(parts.sum())
        return (largest + math.log(total), parts / total) if total > 0 else (-math.inf, parts)

    def derivatives(self, shares: Values) -> tuple[Values, Values, float, Values]:
        """d log L/dz, its Hessian, d log L/dl and the mixed derivatives, from the shares."""
        gradient, slope = shares @ self._slopes, float(shares @ self._fixed)
        hessian = (self._slopes * shares[:, None]).T @ self._slopes - np.outer(gradient, gradient)
        mixed = (shares * self._fixed) @ self._slopes - slope * gradient
        return gradient, hessian, slope, mixed

    @cached_property
    def _logs(self) -> Values:
        return np.log(np.abs([one.constant for one in self.contributions]))

    @cached_property
    def _signs(self) -> Values:
        return np.sign([one.constant for one in self.contributions])

    @cached_property
    def _fixed(self) -> Values:
        return np.array([one.fixed for one in self.contributions])

    @cached_property
    def _slopes(self) -> Values:
        return np.array([one.slopes for one in self.contributions])


def loss_of(question: Question, face: Face, at: tuple[Fraction, Fraction], setting: Setting) -> tuple[Loss, float]:
    """All contributions of the regime of a face, those too that do not lead, and the constant in the step size.

    Formula: the table's terms with constants continued to where they do not lead; at constant step size each also with
        the part of the feedback 1/(1 - kappa) that has not built up yet, or has not died away.
    Source: derivation D46.
    """
    a, b = at
    table, regime = question.table, face.programme.regime
    ratio = float(setting.ratio) if a < 1 else None
    largest = table.largest_step(a, batch_size=setting.batch_size, ratio=ratio)
    scale = float(setting.stable_fraction) * largest if setting.step_size is None else float(setting.step_size)
    if scale >= largest:
        raise InvalidInput(f"step_size = {scale:.6g} is not below the largest stable one, {largest:.6g}")
    found: list[tuple[PowerTerm, float | None]] = []
    for term in face.programme.terms:
        constant = table.constant(term, a=a, b=b, ratio=ratio)
        if constant is None or (math.isfinite(constant) and constant != 0):
            found.append((term, constant))
    if not regime.late:
        whole, building = table.feedback(a, step_size=scale, batch_size=setting.batch_size, ratio=ratio)
        found = [(term, _fed(constant, whole, term.feedback)) for term, constant in found]
        found += _unfinished(found, building, whole)
    known = {"gamma": scale if "gamma" not in question.budget.variables else 1.0, "sigma2": float(setting.noise)}
    if "B" not in question.budget.variables:
        known["B"] = float(setting.batch_size)
    made = [_contribution(face.programme, term, constant, known, place(at)) for term, constant in found]
    return Loss(contributions=tuple(one for one in made if one.constant != 0)), scale


def _contribution(
    programme: Programme, term: PowerTerm, constant: float | None, known: Mapping[str, float], where: Place
) -> Contribution:
    """A term in numbers; known: letters that are not chosen."""
    fixed, *slopes = (int(part.p) / int(part.q) for part in numbers(programme.monomial(term.exponents), where))
    powers = {name: float(programme.read(power).at_place(where)) for name, power in term.exponents.items()}
    # t is what the budget leaves
    powers["B"] = powers.get("B", 0.0) - programme.budget.weights.get("B", 0) * powers.get("t", 0.0)
    factor = math.prod(value ** powers.get(name, 0.0) for name, value in known.items())
    return Contribution(
        name=term.name,
        constant=factor * (1.0 if constant is None else constant),
        fixed=fixed,
        slopes=tuple(slopes),
        known=constant is not None,
    )


def _fed(constant: float | None, whole: float, feedback: int) -> float | None:
    return constant if constant is None else constant / (1 - whole) ** feedback


def _unfinished(
    found: Sequence[tuple[PowerTerm, float | None]], building: Sequence[tuple[Mapping[str, Expr], float]], whole: float
) -> list[tuple[PowerTerm, float | None]]:
    """Each term times what the feedback lacks, to first order in it."""
    made: list[tuple[PowerTerm, float | None]] = []
    for term, constant in found:
        for exponents, part in building if term.feedback and constant is not None else ():
            product = times(term.exponents, exponents)
            fed = None if constant is None else term.feedback * constant * part / (1 - whole)
            made.append((PowerTerm(name=term.name, meaning="", exponents=product, constant=None, source="D46"), fed))
    return made
