"""A run, put to the leading terms: which of them enter, with which factors, at which steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr, Integer, Rational, oo

from riskcalc.asymptotic.arithmetic import Arithmetic
from riskcalc.asymptotic.asked import power_law_exponents, shape_of
from riskcalc.asymptotic.feedback import stability
from riskcalc.asymptotic.floor import approximation_terms
from riskcalc.asymptotic.noise import label_noise
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.shape import Shape
from riskcalc.asymptotic.term_table import RATIO
from riskcalc.asymptotic.transient import absolutely_continuous, kernel, pure_point
from riskcalc.curve import LastIterate, Run, plain_descent
from riskcalc.curve.steps import read_steps
from riskcalc.errors import InvalidInput
from riskcalc.problem import PowerLaw
from riskcalc.problem.multiple_outputs import as_one
from riskcalc.quantity import Array, held, of_type
from riskcalc.schedule import corners
from riskcalc.spectral.of_problem import sums_of

_LEAST_SPAN = 2


@dataclass(frozen=True, kw_only=True)
class LeadingTerms:
    """A run in units in which both scales are 1: the step size takes up the one, the bias the other.

    steps: those of the run that lie in the window; left_out: those that do not, of a run that asked for the curve up to
    its last step. model_size, step_size, noise, signal_scale, kappa: numbers of the arithmetic, steps an array of them.
    last_kappa: of the last step size, 0 where the schedule ends at zero.
    """

    a: Fraction
    b: Fraction
    model_size: Any
    dimension: int | None
    step_size: Any
    batch_size: int
    noise: Any
    signal_scale: Any
    recorded: tuple[int, ...]
    left_out: tuple[int, ...]
    shape: Shape
    kappa: Any
    last_kappa: Any
    window: tuple[float, float]
    arithmetic: Arithmetic

    def described(self) -> dict[str, Any]:
        """What the road says of itself: kappa, the window, and what of the curve lies outside of it."""
        known: dict[str, Any] = {"name": "asymptotic", "kappa": float(self.kappa), "window": list(self.window)}
        return known | ({"left_out": list(self.left_out)} if self.left_out else {})

    @classmethod
    def of(cls, run: Run, arithmetic: Arithmetic) -> LeadingTerms:
        if not isinstance(run.averaging, LastIterate):
            raise InvalidInput(
                "the leading terms are derived for the last iterate, not for averages of iterates: use LastIterate(), "
                "or the equivalent road, which is exact for averages too"
            )
        plain_descent(run, method="Asymptotic()")
        problem = as_one(run.problem)
        a, b = power_law_exponents(problem)
        shape = shape_of(run.schedule, horizon=run.horizon)
        if b <= 1:
            raise InvalidInput(f"b = {b} is not above 1: the risk follows no power law of the model size")
        if a in (1, Fraction(1, 2)):
            raise InvalidInput(
                f"a = {a} is a boundary where logarithms compete with powers: no leading order with constants is "
                "derived there; move a a little, or use the equivalent road"
            )
        spectrum = of_type(problem.spectrum, PowerLaw, "spectrum", "PowerLaw(a=...)")
        signal = held(problem.power_law_signal, "the power law of the signal")
        _check_apart(float(run.model_size), b)
        scale, height = Fraction(spectrum.scale), Fraction(signal.scale)
        step_size = run.schedule.peak(horizon=run.horizon) * float(scale)
        dimension = run.problem.dimension
        recorded = run.steps
        if not shape.constant:
            recorded = _check_moving(run, shape, a, b)
        found = stability(a, step_size=step_size, batch_size=run.batch_size, dimension=dimension)
        found.require(peak=not shape.constant)
        window = _window(float(run.model_size) ** float(a), step_size * float(shape.clock))
        whole_curve = _is_whole_curve(run)
        recorded = _inside(recorded, window, whole_curve=whole_curve)
        exact_size = _exact_peak(run) * scale
        ends = shape.end_scale if shape.end_power == 0 else Integer(0)
        last_size = arithmetic.number(exact_size) * arithmetic.expression(ends)
        terms = cls(
            a=a,
            b=b,
            model_size=arithmetic.number(Fraction(run.model_size)),
            dimension=dimension,
            step_size=arithmetic.number(exact_size),
            batch_size=run.batch_size,
            noise=arithmetic.number(Fraction(problem.noise)),
            signal_scale=arithmetic.number(height),
            recorded=recorded,
            left_out=tuple(step for step in run.steps if step not in recorded),
            shape=shape,
            kappa=arithmetic.kernel_mass(a, exact_size, batch_size=run.batch_size, dimension=dimension),
            last_kappa=last_size
            and arithmetic.kernel_mass(a, last_size, batch_size=run.batch_size, dimension=dimension),
            window=window,
            arithmetic=arithmetic,
        )
        return terms._leading(float(sums_of(problem).moments().signal), whole_curve=whole_curve)

    def _leading(self, start: float, *, whole_curve: bool) -> LeadingTerms:
        """At the steps where floor and bias are not larger than the risk can be that starts at `start`.

        Constants that grow without bound, as at a small a, make them so: terms of higher order cancel them there.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            floor, bias, _ = self.parts()
            sizes = np.array([float(one) for one in np.atleast_1d(floor + bias)])
        most = start / (1 - float(self.kappa)) if self.a > 1 else start
        kept = tuple(step for step, size in zip(self.recorded, sizes, strict=True) if size <= most)
        if not kept or (not whole_curve and kept != self.recorded):
            place = next(k for k, step in enumerate(self.recorded) if step not in kept)
            raise InvalidInput(
                f"at step {self.recorded[place]} the leading terms add up to {sizes[place]:.3g}, more than the risk "
                f"can be that starts at {start:.3g}: they do not lead there; ask for later steps of a larger model, or "
                "use the equivalent road"
            )
        if kept == self.recorded:
            return self
        dropped = (*self.left_out, *(step for step in self.recorded if step not in kept))
        return replace(self, recorded=kept, left_out=tuple(sorted(dropped)))

    @property
    def exponents(self) -> tuple[Expr, Expr]:
        a, b = self.a, self.b
        return Rational(a.numerator, a.denominator), Rational(b.numerator, b.denominator)

    @property
    def ratio(self) -> Expr:
        return oo if self.dimension is None else RATIO

    @property
    def steps(self) -> Array:
        return self.arithmetic.numbers(self.recorded)

    def parts(self) -> tuple[Any, Array, Array]:
        """Approximation, bias and variance, one of the last two for each recorded step."""
        return self._parts

    @cached_property
    def _parts(self) -> tuple[Any, Array, Array]:
        """Kept: what is checked is what is told."""
        return self._constant() if self.shape.constant else self._at_the_end()

    def _constant(self) -> tuple[Any, Array, Array]:
        floor, transient, early, factor = *self._pieces(), 1 / (1 - self.kappa)
        drive = self.noise + floor
        if self.a > 1:
            return floor, factor * transient + factor**2 * early, 0 * transient + drive * self.kappa * factor
        return floor, transient + early, drive * self._total(self._noise_terms())

    def _at_the_end(self) -> tuple[Any, Array, Array]:
        """The same at the end of a schedule that moves: its last steps feed back as much as their size lets them."""
        floor, transient, early = self._pieces()
        if self.last_kappa:
            factor = 1 / (1 - self.last_kappa)
            bias = factor * (transient + early / (1 - self.kappa))
            return floor, bias, 0 * transient + (self.noise + floor) * self.last_kappa * factor
        (term,) = self._noise_terms()
        constant = None
        if self.a < self.shape.end_power + 1:
            constant = self.arithmetic.noise_constant(
                self.shape, self.a, step_size=self.step_size, batch_size=self.batch_size, dimension=self.dimension
            )
        variance = (self.noise + floor) * self._value(term, constant)
        return floor, transient + early / (1 - self.kappa), variance

    def _pieces(self) -> tuple[Any, Array, Array]:
        """F_0, F_pp + F_ac and K S, without feedback."""
        a, b = self.exponents
        floor = self.signal_scale * self._total(approximation_terms(a, b, self.ratio))[0]
        transient = self._total(pure_point(a, b, self.shape))
        if self.b >= self.a + 1:
            transient = transient + self._total(absolutely_continuous(a, b, self.shape, self.ratio))
        early = 0 * transient
        if self.b > self.a + 1:
            total = self.arithmetic.early_bias(
                self.a, self.b, step_size=self.step_size, batch_size=self.batch_size, dimension=self.dimension
            )
            early = total * self._total(kernel(a, self.shape, self.ratio))
        return floor, self.signal_scale * transient, self.signal_scale * early

    def _noise_terms(self) -> tuple[PowerTerm, ...]:
        return label_noise(self.exponents[0], self.shape, self.ratio)

    def _total(self, terms: Iterable[PowerTerm]) -> Array:
        """Terms added up, at noise variance 1."""
        return sum((self._value(term) for term in terms), start=0 * self.steps)

    def _value(self, term: PowerTerm, constant: Any = None) -> Array:
        """A term at each step; constant: instead of its own."""
        if constant is None:
            ratio = None if self.dimension is None else self.dimension / self.model_size
            constant = self.arithmetic.constant(term, a=self.a, ratio=ratio)
        one = self.arithmetic.number(Fraction(1))
        letters = {"M": self.model_size, "gamma": self.step_size, "B": one * self.batch_size, "sigma2": one}
        return self.arithmetic.values(term, constant, letters, self.steps)


def _exact_peak(run: Run) -> Fraction:
    """The step size that the schedule is given by, which is the largest one of every shape that has terms."""
    return Fraction(run.schedule.step_size)  # type: ignore[attr-defined]  # every schedule with a shape has one


def _is_whole_curve(run: Run) -> bool:
    """Whether the run asks for the curve up to its last step, not for step counts of the user's choice."""
    bends = corners(run.schedule, horizon=run.horizon)
    return len(run.steps) > 1 and run.steps == read_steps(run.steps[-1]).recorded(bends)


def _check_apart(model_size: float, b: Fraction) -> None:
    """Refuse b so close to 1 that F_pp never rises above F_0: their sum would count what is never learnt twice."""
    span = model_size ** float(b - 1)  # F_pp/F_0 from one end of the window to the other
    if span < _LEAST_SPAN:
        raise InvalidInput(
            f"M^(b-1) = {span:.7g} is below {_LEAST_SPAN}: with b so close to 1 the leading terms F_0 and F_pp do not "
            "part anywhere in the window 1 <= gamma t <= M^a; use a larger model size, or the equivalent road"
        )


def _window(slowest: float, rate: float) -> tuple[float, float]:
    """First and last step of the window 1 <= gamma t <= M^a."""
    return 1 / rate, slowest / rate


def _inside(steps: tuple[int, ...], window: tuple[float, float], *, whole_curve: bool) -> tuple[int, ...]:
    """The steps inside the window; of step counts of the user's choice all have to be."""
    first, last = window
    inside = tuple(step for step in steps if first <= step <= last)
    if not inside or (not whole_curve and inside != steps):
        outside = next(step for step in steps if step not in inside)
        raise InvalidInput(
            f"step {outside} lies outside the window 1 <= gamma t <= M^a of the leading terms: "
            f"ask for steps from {first:.6g} to {last:.6g}, or use the equivalent road"
        )
    return inside


def _check_moving(run: Run, shape: Shape, a: Fraction, b: Fraction) -> tuple[int, ...]:
    """The one step that is answered; refuse what has no derived constants."""
    if shape.profile is None:
        raise InvalidInput(
            f"the {shape.name} schedule has derived exponents but no constants: use riskcalc.scaling for the "
            "exponents, or the equivalent road for numbers"
        )
    if a < 1:
        raise InvalidInput(f"for a = {a} < 1 the constants are derived at constant step size only")
    if run.steps != (run.horizon,) and not (_is_whole_curve(run) and run.steps[-1] == run.horizon):
        raise InvalidInput(
            f"the leading terms of a schedule that moves are those at its end: ask for steps=[{run.horizon}] alone"
        )
    if b > a + 1 and not shape.starts_at_peak:
        raise InvalidInput(
            f"after a warmup the noise from the early bias has no derived constant, and at b = {b} > a + 1 = {a + 1} "
            "it can lead: use a schedule without warmup"
        )
    return (run.horizon,)
