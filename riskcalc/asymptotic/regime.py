"""What a method of training brings to the derivation of exponents: its terms in every range of time, its stable steps.

`SgdTerms` is that of SGD under a schedule; another method of training is one class more with the same three words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from sympy import Expr, Integer, Rational, oo

from riskcalc.asymptotic.late_noise import late_noise
from riskcalc.asymptotic.noise import label_noise
from riskcalc.asymptotic.power_term import PowerTerm, monomial
from riskcalc.asymptotic.shape import Shape
from riskcalc.asymptotic.term_table import RATIO, term_table
from riskcalc.formula import letters as L

Limits = Mapping[str, Mapping[str, Expr]]  # monomials that may not exceed 1, by name
Part = tuple[Mapping[str, Expr], float]  # a monomial and its constant
_ORDERS = 40  # of kappa in the step size


@dataclass(frozen=True, kw_only=True)
class Regime:
    """A range of training time: the contributions that make up the loss there, and the monomials that bound it.

    late: beyond the time at which a model has learnt all that its features can hold.
    """

    terms: tuple[PowerTerm, ...]
    limits: Limits
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class StableSteps:
    """limits: monomials that bound the step size. largest: the exponent of M in the largest one at fixed batch size.

    logs: powers of log M that multiply the monomials, by name, and under "largest" the largest step size.
    """

    limits: Limits
    largest: Expr
    logs: Mapping[str, int] = field(default_factory=dict)


class TermTable(Protocol):
    """The leading-order theory of one method of training."""

    @property
    def name(self) -> str:
        """The schedule, or whatever else tells its tables apart."""

    @property
    def plain(self) -> bool:
        """Whether it is SGD at constant step size, for which phases have names."""

    @property
    def outside(self) -> str:
        """What to say of exponents outside the domain, in a picture."""

    @property
    def effective_steps(self) -> bool:
        """Whether the letter t stands for n/log2(n) of n steps, and not for n."""

    def domain(self, a: Expr, b: Expr) -> tuple[Expr, ...]:
        """Polynomials in a and b that are positive where the tables are known, but for boundaries."""

    def regimes(self, a: Expr, b: Expr, *, slow: bool, noise: bool) -> tuple[Regime, ...]:
        """The ranges of time that matter, on one side of a = 1; with numbers or symbols for a and b."""

    def stable(self, a: Expr, *, slow: bool) -> StableSteps:
        """The step sizes at which training is stable; slow: a < 1, where the trace grows with the model."""

    def check_at(self, a: Fraction, b: Fraction) -> None:
        """Refuse exponents at which nothing is derived."""

    def check(self, names: Iterable[str]) -> None:
        """Refuse answers that hang on terms of these names whose order is not derived for this table."""

    def constant(self, term: PowerTerm, *, a: Fraction, b: Fraction, ratio: float | None) -> float | None:
        """The constant of a term of the symbolic tables, continued to where it does not lead; None without one."""

    def largest_step(self, a: Fraction, *, batch_size: int, ratio: float | None) -> float:
        """The constant of the largest stable step size, which is it times M^largest; ratio: v/M for a < 1."""

    def amplification(self, a: Fraction, *, step_size: float, batch_size: int) -> float:
        """How much larger feedback makes the label noise at the end of a schedule that decays; infinite dimension."""

    def feedback(
        self, a: Fraction, *, step_size: float | None, batch_size: int | None, ratio: float | None
    ) -> tuple[float, list[Part]]:
        """kappa once it has built up, where the step size is a number, and the rest of it as monomials.

        None for what is chosen.
        """


@dataclass(frozen=True)
class SgdTerms:
    """One-pass SGD under a schedule of this shape. Source: derivations D10 to D14, D17.

    What has numbers in it loads its modules when it is asked: exponents do without, and take half the time.
    """

    shape: Shape

    @property
    def name(self) -> str:
        return self.shape.name

    @property
    def plain(self) -> bool:
        return self.shape.constant

    @property
    def outside(self) -> str:
        return "no\npower law"

    @property
    def effective_steps(self) -> bool:
        return self.shape.effective_steps

    def domain(self, a: Expr, b: Expr) -> tuple[Expr, ...]:
        return (a, b - 1)

    def regimes(self, a: Expr, b: Expr, *, slow: bool, noise: bool) -> tuple[Regime, ...]:
        """The window 1 <= gamma t <= M^a; with label noise also what lies beyond, where floor and noise are left."""
        table = term_table(a, b, ratio=RATIO if slow or a == 1 else oo, shape=self.shape)
        begun, edge = monomial(gamma=-1, t=-1), monomial(gamma=1, t=1, M=-a)
        beyond = {name: -power for name, power in edge.items()}
        terms = tuple(term for term in table if noise or not term.exponent("sigma2"))
        window = Regime(terms=terms, limits={"gamma t >= 1": begun, "gamma t <= M^a": edge})
        if not noise:
            return (window,)
        floor = tuple(term for term in table if term.name == "F_0")
        late = (*floor, *late_noise(a, self.shape, RATIO if slow or a == 1 else oo))
        return window, Regime(terms=late, limits={"gamma t >= 1": begun, "gamma t >= M^a": beyond}, late=True)

    def stable(self, a: Expr, *, slow: bool) -> StableSteps:
        """gamma (1 + 1/B) z_max < 2, and kappa < 1 with the trace of order M^(1 - a) for a < 1, log M at a = 1."""
        trace = "gamma tr <= B"
        limits = {
            "gamma <= 1": monomial(gamma=1),
            "gamma <= B": monomial(gamma=1, B=-1),
            trace: monomial(gamma=1, B=-1, M=1 - a),
        }
        logs = {trace: 1, "largest": -1} if a == 1 else {}
        return StableSteps(limits=limits, largest=a - 1 if slow else Integer(0), logs=logs)

    def check_at(self, a: Fraction, b: Fraction) -> None:
        """All of them."""

    def check(self, names: Iterable[str]) -> None:
        self.shape.check_early_noise(names)

    def constant(self, term: PowerTerm, *, a: Fraction, b: Fraction, ratio: float | None) -> float | None:
        from riskcalc.asymptotic.continued import continued_constant

        return continued_constant(term, self.shape, a=a, b=b, ratio=ratio)

    def largest_step(self, a: Fraction, *, batch_size: int, ratio: float | None) -> float:
        """Where kappa = 1; for a < 1 kappa = gamma tr/(2 B) to leading order, tr = (r M)^(1 - a)/(1 - a)."""
        if ratio is None:
            from riskcalc.asymptotic.feedback import stability

            return stability(a, step_size=1e-3, batch_size=batch_size, dimension=None).largest_step_size
        return float(2 * batch_size * (1 - a) * ratio ** float(a - 1))

    def amplification(self, a: Fraction, *, step_size: float, batch_size: int) -> float:
        from riskcalc.asymptotic.noise_at_the_end import amplification

        return amplification(self.shape, a, step_size=step_size, batch_size=batch_size)

    def feedback(
        self, a: Fraction, *, step_size: float | None, batch_size: int | None, ratio: float | None
    ) -> tuple[float, list[Part]]:
        """For a > 1 the whole of kappa and, at constant step size, less what kernels older than t make of it.

        For a < 1 what kernels younger than t make, at constant step size.
        """
        whole, parts = 0.0, list[Part]()
        if ratio is None and step_size is None:
            parts = _mass_in_powers(a, batch_size)
        elif ratio is None:
            import numpy as np

            from riskcalc.asymptotic.feedback import kernel_mass

            sizes = np.array([step_size])
            whole = float(kernel_mass(a, sizes, batch_size=batch_size or 1, dimension=None)[0])
        if not self.shape.constant:
            return whole, parts
        for term in label_noise(L.a, self.shape, oo if ratio is None else RATIO):
            lasts = term.exponent("t") == 0
            constant = None if lasts else self.constant(term, a=a, b=a + 1, ratio=ratio)
            leads = ratio is None or term.holds.subs(L.a, Rational(a.numerator, a.denominator)) == True  # noqa: E712
            if constant is not None and leads:
                parts.append(({name: power for name, power in term.exponents.items() if name != "sigma2"}, constant))
        return whole, parts


def _mass_in_powers(a: Fraction, batch_size: int | None) -> list[Part]:
    """kappa = (1/(B + 1)) sum_k zeta(a k) g^k, g = gamma (1 + 1/B)/2; its first order where B is chosen."""
    from scipy.special import zeta

    if batch_size is None:
        return [(monomial(gamma=1, B=-1), float(zeta(float(a))) / 2)]
    half = (1 + 1 / batch_size) / 2
    return [
        (monomial(gamma=k), float(zeta(float(a * k))) * half**k / (batch_size + 1)) for k in range(1, _ORDERS + 1)
    ]
