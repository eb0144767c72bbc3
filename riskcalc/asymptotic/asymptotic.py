"""The method `Asymptotic`: the leading-order risk curve, with the constants of the derived term table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Rational, oo

from riskcalc.asymptotic.asked import power_law_exponents, shape_of
from riskcalc.asymptotic.feedback import early_bias, stability
from riskcalc.asymptotic.floor import approximation_terms
from riskcalc.asymptotic.noise import label_noise
from riskcalc.asymptotic.noise_at_the_end import noise_constant
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.shape import Shape
from riskcalc.asymptotic.term_table import RATIO
from riskcalc.asymptotic.transient import absolutely_continuous, kernel, pure_point
from riskcalc.asymptotic.values import constant_value, term_values
from riskcalc.curve import Claim, LastIterate, RiskCurve, Run, Warrant
from riskcalc.curve.sum import one_run_a_law, sum_of_curves
from riskcalc.errors import InvalidInput
from riskcalc.problem.multiple_outputs import as_one

Real = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Asymptotic:
    """Leading order of the deterministic equivalent for large M and t, constants included.

    Formula, a > 1: approximation = F_0; bias = (F_pp + F_ac)/(1 - kappa) + K S/(1 - kappa)^2; variance =
        (sigma2 + F_0) kappa/(1 - kappa). F_ac enters for b >= a + 1 and K S for b > a + 1, where they can lead.
        At the end of a decaying schedule: bias = F_pp + F_ac + K S/(1 - kappa) and the noise of derivation D17.
        a < 1: the same terms without the factors 1/(1 - kappa), which build up only at gamma t ~ M^a; the variance
        is (sigma2 + F_0) times the sum of the kernel so far.
    Valid: power laws with exact exponents; a > 1 with any dimension, or a < 1 with a finite one and a constant step;
        kappa < 1; 1 <= gamma t <= M^a, outside of which the terms are not the leading ones and the question is refused.
        Decaying schedules are answered at their last step only. Refused: a = 1 and a = 1/2 (logarithms that compete
        with powers). At b = a + 1 the terms carry their leading logarithm.
        The relative error falls like a power of M and t, and where a is close to 1 or b close to a + 1, slowly.
    Source: derivations D10 to D14, D17, D18; Paquette et al. (arXiv 2405.15074), the four terms.

    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    >>> run = Run(problem, model_size="1e6", schedule=Constant("3/10"), steps=[10**6])
    >>> f"{Asymptotic().curve(run).excess[0]:.3e}"
    '8.435e-08'
    """

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The curve of a run; an unstable one has no leading order, so `force` changes nothing."""
        if len(laws := one_run_a_law(run)) > 1:
            return sum_of_curves(run, [self.curve(law, force=force) for law in laws])
        question = _Question.of(run)
        curve = question.decaying() if question.shape.end_power != 0 else question.constant()
        approximation, bias, variance = curve
        return RiskCurve(
            steps=run.steps,
            excess=approximation + bias + variance,
            bias=bias,
            variance=variance,
            irreducible=float(run.problem.noise),
            approximation=approximation,
            claim=Claim.LEADING_ORDER,
            warrant=Warrant.SYMBOLIC,
            asked=run.describe(),
            method={"name": "asymptotic", "kappa": question.kappa, "window": list(question.window)},
        )


@dataclass(frozen=True, kw_only=True)
class _Question:
    """A run in units in which both scales are 1: the step size takes up the one, the bias the other."""

    a: Fraction
    b: Fraction
    model_size: float
    dimension: int | None
    step_size: float
    batch_size: int
    noise: float
    signal_scale: float
    steps: Real
    shape: Shape
    kappa: float
    window: tuple[float, float]

    @classmethod
    def of(cls, run: Run) -> _Question:
        if not isinstance(run.averaging, LastIterate):
            raise InvalidInput(
                "the leading terms are derived for the last iterate, not for averages of iterates: use LastIterate(), "
                "or the equivalent road, which is exact for averages too"
            )
        problem = as_one(run.problem)
        a, b = power_law_exponents(problem)
        shape = shape_of(run.schedule)
        if b <= 1:
            raise InvalidInput(f"b = {b} is not above 1: the risk follows no power law of the model size")
        if a in (1, Fraction(1, 2)):
            raise InvalidInput(
                f"a = {a} is a boundary where logarithms compete with powers: no leading order with constants is "
                "derived there; move a a little, or use the equivalent road"
            )
        described = problem.describe()
        scale = float(Fraction(described["spectrum_scale"]))
        step_size = run.schedule.peak(horizon=run.horizon) * scale
        dimension = run.problem.dimension
        if shape.end_power != 0:
            _check_decaying(run, shape, a, b)
        found = stability(a, step_size=step_size, batch_size=run.batch_size, dimension=dimension)
        found.require(peak=shape.end_power != 0)
        size = float(run.model_size)
        window = _window(run, size ** float(a), step_size * float(shape.clock))
        return cls(
            a=a,
            b=b,
            model_size=size,
            dimension=dimension,
            step_size=step_size,
            batch_size=run.batch_size,
            noise=float(run.problem.noise),
            signal_scale=float(Fraction(described["signal_scale"])),
            steps=np.array(run.steps, dtype=np.float64),
            shape=shape,
            kappa=found.kappa,
            window=window,
        )

    @property
    def exponents(self) -> tuple[Expr, Expr]:
        a, b = self.a, self.b
        return Rational(a.numerator, a.denominator), Rational(b.numerator, b.denominator)

    @property
    def ratio(self) -> Expr:
        return oo if self.dimension is None else RATIO

    def constant(self) -> tuple[float, Real, Real]:
        """Approximation, bias and variance at constant step size."""
        floor, transient, early, factor = *self._pieces(), 1 / (1 - self.kappa)
        drive = self.noise + floor
        if self.a > 1:
            return floor, factor * transient + factor**2 * early, np.full_like(transient, drive * self.kappa * factor)
        return floor, transient + early, drive * self._total(self._noise_terms())

    def decaying(self) -> tuple[float, Real, Real]:
        """The same at the end of a decaying schedule, whose last steps feed nothing back."""
        floor, transient, early = self._pieces()
        (term,) = self._noise_terms()
        constant = None
        if self.a < self.shape.end_power + 1:
            constant = noise_constant(
                self.shape,
                self.a,
                step_size=self.step_size,
                batch_size=self.batch_size,
                dimension=self.dimension,
            )
        variance = (self.noise + floor) * self._value(term, constant)
        return floor, transient + early / (1 - self.kappa), variance

    def _pieces(self) -> tuple[float, Real, Real]:
        """F_0, F_pp + F_ac and K S, without feedback."""
        a, b = self.exponents
        floor = self.signal_scale * float(self._total(approximation_terms(a, b, self.ratio))[0])
        transient = self._total(pure_point(a, b, self.shape))
        if self.b >= self.a + 1:
            transient = transient + self._total(absolutely_continuous(a, b, self.shape, self.ratio))
        early = np.zeros_like(transient)
        if self.b > self.a + 1:
            total = early_bias(
                self.a,
                self.b,
                step_size=self.step_size,
                batch_size=self.batch_size,
                dimension=self.dimension,
            )
            early = total * self._total(kernel(a, self.shape, self.ratio))
        return floor, self.signal_scale * transient, self.signal_scale * early

    def _noise_terms(self) -> tuple[PowerTerm, ...]:
        return label_noise(self.exponents[0], self.shape, self.ratio)

    def _total(self, terms: Iterable[PowerTerm]) -> Real:
        """Terms added up, at noise variance 1."""
        return sum((self._value(term) for term in terms), start=np.zeros_like(self.steps))

    def _value(self, term: PowerTerm, constant: float | None = None) -> Real:
        """A term at each step; constant: instead of its own."""
        if constant is None:
            ratio = None if self.dimension is None else self.dimension / self.model_size
            constant = constant_value(term, a=float(self.a), ratio=ratio)
        letters = {"M": self.model_size, "gamma": self.step_size, "B": float(self.batch_size), "sigma2": 1.0}
        return term_values(term, constant, letters, self.steps)


def _window(run: Run, slowest: float, rate: float) -> tuple[float, float]:
    """First and last step of the window 1 <= gamma t <= M^a, all recorded steps being inside."""
    first, last = 1 / rate, slowest / rate
    outside = [step for step in run.steps if not first <= step <= last]
    if outside:
        raise InvalidInput(
            f"step {outside[0]} lies outside the window 1 <= gamma t <= M^a of the leading terms: "
            f"ask for steps from {first:.6g} to {last:.6g}, or use the equivalent road"
        )
    return first, last


def _check_decaying(run: Run, shape: Shape, a: Fraction, b: Fraction) -> None:
    """Refuse what has no derived constants."""
    if shape.profile is None:
        raise InvalidInput(
            f"the {shape.name} schedule has derived exponents but no constants: use riskcalc.scaling for the "
            "exponents, or the equivalent road for numbers"
        )
    if a < 1:
        raise InvalidInput(f"for a = {a} < 1 the constants are derived at constant step size only")
    if run.steps != (run.horizon,):
        raise InvalidInput(
            f"the leading terms of a decaying schedule are those at its end: ask for steps=[{run.horizon}] alone"
        )
    if b > a + 1 and run.schedule.describe().get("warmup", "0") != "0":
        raise InvalidInput(
            f"after a warmup the noise from the early bias has no derived constant, and at b = {b} > a + 1 = {a + 1} "
            "it can lead: use a schedule without warmup"
        )
