"""Every contribution to the loss in numbers, as a function of the budget and of what is chosen: leading and next."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sympy import Expr, Integer, Rational

from riskcalc.asymptotic.power_term import PowerTerm, times
from riskcalc.asymptotic.regime import Part as Kernel
from riskcalc.errors import InvalidInput
from riskcalc.formula import letters as L
from riskcalc.quantity import Number, number, whole
from riskcalc.scaling.loss import Bend, Contribution, EffectiveSteps, Loss, Part, Quotient
from riskcalc.scaling.programme import Programme, numbers
from riskcalc.scaling.question import OURS, Question
from riskcalc.scaling.rational_function import Place, place

Numbered = tuple[PowerTerm, float | None]  # a term and its constant, None where only the order is derived


@dataclass(frozen=True, kw_only=True)
class Setting:
    """The numbers that exponents do not need, and budgets do.

    noise: the variance of the label noise; by default that of the question, 1 where that only says that there is some.
    batch_size: where it is not chosen. step_size: the constant in the step size
    times M^(1 - a) for a < 1; by default stable_fraction of the largest stable one. ratio: v/M for a < 1.
    """

    noise: Number | None = None
    batch_size: int = 1
    stable_fraction: Number = Fraction(1, 2)
    step_size: Number | None = None
    ratio: Number = 4

    def __post_init__(self) -> None:
        given = {name: getattr(self, name) for name in ("noise", "stable_fraction", "ratio", "step_size")}
        read = {name: number(value, name) for name, value in given.items() if value is not None}
        if read.get("noise", 0) < 0:
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
class Sizes:
    """The step size in numbers, where it is not chosen, and the largest stable one: times M^(a - 1) for a < 1."""

    step: float
    largest: float


def sizes_of(question: Question, a: Fraction, setting: Setting) -> Sizes:
    """Of a question, in a setting."""
    ratio = float(setting.ratio) if a < 1 else None
    largest = question.table.largest_step(a, batch_size=setting.batch_size, ratio=ratio)
    step = float(setting.stable_fraction) * largest if setting.step_size is None else float(setting.step_size)
    if step >= largest:
        raise InvalidInput(f"step_size = {step:.6g} is not below the largest stable one, {largest:.6g}")
    return Sizes(step=step, largest=largest)


def loss_of(question: Question, at: tuple[Fraction, Fraction], setting: Setting, sizes: Sizes) -> Loss:
    """All contributions of all regimes, those too that do not lead, with real steps and feedback.

    Formula: the table's terms with constants continued to where they do not lead. A term that decays goes on beyond
        gamma t = M^a, where it is below the floor. The noise is w (1 + (w/l)^(1/p))^-p, w and l being those within and
        beyond, w/l ~ (gamma t/M^a)^p. Terms with feedback f are multiplied by (1 - kappa(t))^-f, kappa(t) being what
        kernels younger than t make of it. Under a schedule that decays the floor feeds back as label noise does.
    Source: derivation D46.
    """
    window, *later = question.programmes(OURS, slow=at[0] < 1)
    late = [term for programme in later for term in programme.terms if term.name == "noise"]
    return _Numerical(question=question, programme=window, at=at, setting=setting, sizes=sizes).loss(late)


@dataclass(frozen=True, kw_only=True)
class _Numerical:
    """Terms of the symbolic tables in numbers, at a point."""

    question: Question
    programme: Programme
    at: tuple[Fraction, Fraction]
    setting: Setting
    sizes: Sizes

    def loss(self, late: Sequence[PowerTerm]) -> Loss:
        """The sum; late: the label noise beyond the window."""
        window = [self._amplified(*pair) for pair in self._numbered(self.programme.terms)]
        own = [pair for pair in window if pair[0].name == "noise"]
        beyond = [pair for pair in self._numbered(late) if all(not self._alike(pair[0], term) for term, _ in own)]
        led = bool(own) and self._holds(own[0][0])
        end = next((pair for pair in beyond if led and self._holds(pair[0])), None)
        whole, bends = self._bends(own, end)
        terms = [(term, constant, self._overtakes(term, end)) for term, constant in window]
        terms += [(term, constant, 0.0) for term, constant in beyond if not self._holds(term)]
        if not self.question.table.plain:
            terms += self._stirred(terms)
        made = [self._contribution(term, constant, bends, whole, cut=cut) for term, constant, cut in terms]
        return Loss(contributions=tuple(one for one in made if one.constant != 0), bends=tuple(bends.values()))

    def _bends(self, own: Sequence[Numbered], end: Numbered | None) -> tuple[float, dict[str, Bend]]:
        """What of kappa is a number, and the factors; end: the noise beyond the window, if it is another."""
        bends: dict[str, Bend] = {}
        steps = None
        if self.question.table.effective_steps:
            steps = EffectiveSteps(form=self._form({"t": Integer(1)}), constant=-math.log(self._known["B"]))
            bends["steps"] = steps
        overtaken = () if end is None else (self._ratio(own[0], end),)
        whole, kernels = self._feedback()
        if kernels:
            fed = tuple(self._part(monomial, -size / (1 - whole)) for monomial, size in kernels)
            saturated = overtaken if self.at[0] < 1 else ()
            bends["feedback"] = Quotient(parts=(*fed, *saturated))
            bends["saturation"] = Quotient(parts=saturated)
        if end is not None:
            pace = self._overtakes(own[0][0], end)
            bends["end"] = Quotient(parts=tuple(_raised(part, 1 / pace) for part in overtaken), bend=steps)
        return whole, bends

    def _overtakes(self, term: PowerTerm, end: Numbered | None) -> float:
        """The power of gamma t with which a term overtakes what it is beyond the window: the noise there, or itself."""
        if end is None:
            return 0.0
        rest = self._power(end[0].exponents, "t") if term.name == "noise" else 0.0
        return max(self._power(term.exponents, "t") - rest, 0.0)

    def _numbered(self, terms: Sequence[PowerTerm]) -> list[Numbered]:
        """Terms with their constants; without those that do not lead and of which the order alone is derived."""
        found = []
        for term in sorted(terms, key=lambda term: not self._holds(term)):
            constant = self.question.table.constant(term, a=self.at[0], b=self.at[1], ratio=self._dimension)
            if self._holds(term) if constant is None else math.isfinite(constant) and constant != 0:
                found.append((term, constant))
        return found

    def _amplified(self, term: PowerTerm, constant: float | None) -> Numbered:
        """The noise that the whole of a schedule decides, with the feedback of its steps where they are numbers."""
        chosen, decides = "gamma" in self.programme.budget.variables, term.name == "noise" and self._holds(term)
        if not decides or chosen or constant is None or self._dimension or self.question.table.plain:
            return term, constant
        step, batch = self.sizes.step, self.setting.batch_size
        return term, constant * self.question.table.amplification(self.at[0], step_size=step, batch_size=batch)

    def _stirred(
        self, terms: Sequence[tuple[PowerTerm, float | None, float]]
    ) -> list[tuple[PowerTerm, float | None, float]]:
        """The floor times the noise that a unit of label noise leaves, under a schedule that decays."""
        made = []
        for floor, height, _ in (one for one in terms if one[0].name == "F_0"):
            for term, constant, cut in (one for one in terms if one[0].name == "noise"):
                exponents = {name: power for name, power in term.exponents.items() if name != "sigma2"}
                product = dataclasses.replace(
                    floor, exponents=times(floor.exponents, exponents), constant=None, feedback=0, source="D46"
                )
                made.append((product, None if constant is None or height is None else constant * height, cut))
        return made

    def _contribution(
        self, term: PowerTerm, constant: float | None, bends: Mapping[str, Bend], whole: float, *, cut: float
    ) -> Contribution:
        fed = term.feedback if self.question.table.plain else max(term.feedback - 1, 0)
        powers = {
            "steps": self._power(term.exponents, "t"),
            "feedback": float(fed),
            "saturation": -float(fed),
            "end": float(cut),
        }
        size = (1.0 if constant is None else constant) / (1 - whole) ** fed
        number = self._scaled(term.exponents, size)
        return Contribution(
            name=term.name,
            constant=number[0],
            form=number[1],
            powers=tuple(powers[name] for name in bends),
            known=constant is not None and not cut,
        )

    def _feedback(self) -> tuple[float, list[Kernel]]:
        """kappa where it is a number, and the rest of it as monomials."""
        chosen = self.programme.budget.variables
        return self.question.table.feedback(
            self.at[0],
            step_size=None if "gamma" in chosen else self.sizes.step,
            batch_size=None if "B" in chosen else self.setting.batch_size,
            ratio=self._dimension,
        )

    def _ratio(self, within: Numbered, beyond: Numbered) -> Part:
        exponents = times(within[0].exponents, {name: -power for name, power in beyond[0].exponents.items()})
        sizes = [1.0 if constant is None else constant for _, constant in (within, beyond)]
        return self._part(exponents, sizes[0] / sizes[1])

    def _part(self, exponents: Mapping[str, Expr], constant: float) -> Part:
        size, form = self._scaled(exponents, constant)
        return Part(constant=size, form=form, power=self._power(exponents, "t"))

    def _scaled(self, exponents: Mapping[str, Expr], constant: float) -> tuple[float, tuple[float, ...]]:
        """A monomial as constant e^(form w), letters that are not chosen being numbers."""
        powers = {name: self._power(exponents, name) for name in self._known}
        # t is what the budget leaves
        powers["B"] -= self.programme.budget.weights.get("B", 0) * self._power(exponents, "t")
        factor = math.prod(value ** powers[name] for name, value in self._known.items())
        return constant * factor, self._form(exponents)

    def _form(self, exponents: Mapping[str, Expr]) -> tuple[float, ...]:
        return tuple(int(part.p) / int(part.q) for part in numbers(self.programme.monomial(exponents), self._where))

    def _power(self, exponents: Mapping[str, Expr], name: str) -> float:
        return float(self.programme.read(exponents.get(name, Integer(0))).at_place(self._where))

    def _alike(self, first: PowerTerm, second: PowerTerm) -> bool:
        """Whether two terms scale alike at this point."""
        names = {*first.exponents, *second.exponents}
        return all(self._power(first.exponents, name) == self._power(second.exponents, name) for name in names)

    def _holds(self, term: PowerTerm) -> bool:
        a, b = (Rational(value.numerator, value.denominator) for value in self.at)
        return bool(term.holds.subs({L.a: a, L.b: b}) == True)  # noqa: E712  # SymPy's truth

    @property
    def _dimension(self) -> float | None:
        return float(self.setting.ratio) if self.at[0] < 1 else None

    @property
    def _where(self) -> Place:
        return place(self.at)

    @property
    def _known(self) -> dict[str, float]:
        """Letters that are not chosen; 1 for those that are."""
        chosen, noise = self.programme.budget.variables, self.setting.noise
        return {
            "gamma": 1.0 if "gamma" in chosen else self.sizes.step,
            "B": 1.0 if "B" in chosen else float(self.setting.batch_size),
            "sigma2": 1.0 if noise is None else float(noise),
        }


def _raised(part: Part, power: float) -> Part:
    return Part(
        constant=part.constant**power, form=tuple(power * slope for slope in part.form), power=power * part.power
    )
