"""What loss curves under schedules say: source exponent, floor, noise, and the loss under other schedules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from riskcalc.display import Block, Displayed, Facts, Lines, Page
from riskcalc.errors import InvalidInput
from riskcalc.fitting.curve_laws import CurveLaw, MomentumLaw, MultiPowerLaw
from riskcalc.fitting.joint_model import JointModel
from riskcalc.fitting.loss import Huber
from riskcalc.fitting.loss_curves import LossCurve, Pieces, pieces_of
from riskcalc.fitting.report import Limits
from riskcalc.fitting.run_times import RunTimes
from riskcalc.fitting.scaling_law import Prediction
from riskcalc.fitting.theory_law import TheoryLaw
from riskcalc.fitting.valley import Valley
from riskcalc.fitting.valley_walk import valley_of
from riskcalc.quantity import NumberLike, NumbersLike, Real, listed, whole
from riskcalc.schedule import Custom, Schedule

CURVE_LOSS = Huber(1e-3)  # of log L, as published fits
_SEEN = 1e-3  # share of the loss of a part that is there
_LASTING = 0.98  # correlation, beyond which residuals go on for tens of records
_VAGUE = 10.0  # ratio of the limits of a time scale that is not determined
_BLOCKS = 24  # of a schedule that is searched for


@dataclass(frozen=True, kw_only=True, eq=False)
class CurvesFit(Displayed):
    """A law fitted to loss curves. unit: the largest step size, in units of which schedules enter.

    shape, coefficients: of the law. model: of the records used; residuals: of log L there; left_out: root mean square
    of what the pieces of the model leave out, which is taken from them; begins: the place of each run's first.
    """

    law: CurveLaw
    curves: tuple[LossCurve, ...]
    unit: float
    shape: Real
    coefficients: Real
    model: JointModel
    residuals: Real
    left_out: float
    begins: tuple[int, ...]
    level: float

    @property
    def exponents(self) -> tuple[float, float]:
        """a and b where the fit stands: one point of a valley of fits as good."""
        law = self._theory()
        return law.exponents(self.shape)

    @property
    def source_rate(self) -> float:
        """s = (b - 1)/a: early, the loss falls as T^-s."""
        a, b = self.exponents
        return (b - 1) / a

    @property
    def floor(self) -> float:
        """L_inf."""
        return float(self.coefficients[0])

    @property
    def noise(self) -> float:
        """By how much the loss would stand above the floor for ever at the largest step size.

        Formula: L_inf x/(1 - x), x the part of the loss that such a step size feeds in the end; infinite for x >= 1.
        """
        return _above(self.floor, self._theory().share(self.shape))

    @property
    def time_scale(self) -> float:
        """Steps at the largest step size after which the first mode has fallen by e: 1/(2 tau)."""
        return 1 / (2 * self._theory().scale(self.shape))

    @cached_property
    def intervals(self) -> dict[str, Limits]:
        """Of source_rate, floor and noise, from the residuals, correlated along each run, over all time scales.

        None of them is negative, and neither are their limits. What is estimated is within its limits.

        Source: D64.
        """
        law, columns = TheoryLaw(tied=False), self.coefficients.size

        def told(parameters: Real) -> Real:
            a, b = law.exponents(parameters[columns:])
            floor = float(np.exp(parameters[0]))
            return np.array([(b - 1) / a, floor, _above(floor, law.share(parameters[columns:]))])

        low, high = self._valley.limits(*self._valley.told(told), self.level)
        values = np.array([self.source_rate, self.floor, self.noise])
        low, high = np.minimum(np.maximum(low, 0.0), values), np.maximum(high, values)
        return dict(zip(("source_rate", "floor", "noise"), zip(low.tolist(), high.tolist(), strict=True), strict=True))

    def predict(self, schedule: Schedule, steps: NumbersLike) -> Prediction:
        """The loss after these steps of a schedule; its horizon is the last of them. Limits as for `intervals`."""
        if not isinstance(schedule, Schedule):
            raise InvalidInput(f"schedule must be a schedule such as Cosine('3/10000'), not {type(schedule).__name__}")
        asked = [whole(step, "steps", least=1) for step in listed(steps, "steps", "step counts")]
        if not asked or sorted(set(asked)) != asked:
            raise InvalidInput("steps must ascend, each once")
        at = np.array(asked, dtype=np.float64)
        return self._predicted(_divided(pieces_of(schedule, at), self.unit), at)

    def predicted(self, curve: LossCurve) -> Prediction:
        """The loss at the records of a curve, under its own schedule."""
        return self._predicted(scaled(curve, self.unit).pieces, curve.steps)

    def extrapolate(self, horizon: NumberLike) -> dict[str, float]:
        """The last loss of each fitted run, had its schedule been stretched to this many steps; by name."""
        steps = whole(horizon, "horizon", least=1)
        found = {}
        for curve in self.curves:
            own = scaled(curve, self.unit).pieces
            stretched = Pieces(edges=own.edges * (steps / own.edges[-1]), sizes=own.sizes)
            found[curve.name] = float(self._predicted(stretched, np.array([float(steps)])).loss[0])
        return found

    def best_schedule(self, horizon: NumberLike) -> tuple[Custom, float]:
        """The falling schedule with the least last loss, and that loss: 24 pieces from the largest fitted step size on.

        Searched in the square roots of the falls. Step sizes above the fitted ones are not looked at.
        """
        from scipy.optimize import minimize

        steps = whole(horizon, "horizon", least=2 * _BLOCKS)
        edges = np.round(steps * (1 - np.linspace(1, 0, _BLOCKS + 1) ** 2)).astype(int)  # finer towards the end
        ends = np.unique(edges).astype(np.float64)

        def sizes(x: Real) -> Real:
            return np.maximum(1 - np.cumsum(x**2) / max(1.0, float(np.sum(x**2))), 0.0)

        def last(x: Real) -> float:
            return float(self._value(Pieces(edges=ends, sizes=sizes(x)), ends[-1:])[0])

        start = np.full(ends.size - 1, np.sqrt(0.9 / (ends.size - 1)))
        found = minimize(last, start, method="L-BFGS-B", options={"maxiter": 200})
        chosen = self.unit * sizes(found.x)
        return Custom(np.repeat(chosen, np.diff(ends).astype(int))), float(found.fun)

    def compare(self, holdout: Sequence[LossCurve]) -> dict[str, float]:
        """Mean absolute error on other curves of laws fitted to the same ones: this one, and two published laws."""
        from riskcalc.fitting.fit_curves import fitted, read_curves

        others = read_curves(holdout)
        laws: tuple[CurveLaw, ...] = (MomentumLaw(), MultiPowerLaw())
        fits = [self, *(fitted(law, self.curves, level=self.level) for law in laws)]
        return {fit.law.name: fit.error_on(others) for fit in fits}

    def error_on(self, curves: Sequence[LossCurve]) -> float:
        """Mean over the curves of the mean absolute error."""
        missed = [np.abs(self._value(scaled(one, self.unit).pieces, one.steps) - one.losses).mean() for one in curves]
        return float(np.mean(missed))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        a, b = self.exponents
        return {
            "law": self.law.name,
            "curves": [curve.name for curve in self.curves],
            "source_rate": self.source_rate,
            "floor": self.floor,
            "noise": self.noise,
            "time_scale": self.time_scale,
            "intervals": {name: list(pair) for name, pair in self.intervals.items()},
            "level": self.level,
            "spread": float(np.sqrt(np.mean(self.residuals**2))),
            "valley": {"a": a, "b": b},
            "notes": self.notes,
        }

    @property
    def notes(self) -> list[str]:
        """What has to be known before the fit is used."""
        notes = []
        if self.floor < _SEEN * float(min(curve.losses.min() for curve in self.curves)):
            notes.append("the floor came out as 0: the curves do not show it, and losses far away come out too low")
        if self.noise < _SEEN * self.floor:
            notes.append("no noise is seen: the schedules do not differ by it in these curves")
        shortest, longest = self._time_scales
        if longest > _VAGUE * shortest:
            notes.append(
                f"the records begin too late to show in how many steps the first mode falls by e: {shortest:.2g} to "
                f"{longest:.2g}; limits are over all of them"
            )
        if self._valley.correlation > _LASTING:
            notes.append(
                f"the residuals go on for whole runs (correlation {self._valley.correlation:.2f}), as where the law "
                "misses something: limits reach as far as such noise could move the curves, and the fit may stand at "
                "their end; go by curves that were held out"
            )
        return notes

    def page(self) -> Page:
        """The law, what the curves determine of it, and what has to be known before it is used."""
        a, b = self.exponents
        spread = float(np.sqrt(np.mean(self.residuals**2)))
        correlation = self._valley.correlation
        facts = [
            ("law", f"L = L_inf + S F(T) + n V[L]; {self.law.name}"),
            ("curves", f"{len(self.curves)}, {self.residuals.size} records"),
            (
                "residuals",
                f"{spread:.2g} root mean square of log L; intervals from them, correlation {correlation:.2f} from "
                "record to record",
            ),
        ]
        for name, value in {"source_rate": self.source_rate, "floor": self.floor, "noise": self.noise}.items():
            low, high = self.intervals[name]
            limits = f"{100 * self.level:g} % interval [{low:.5g}, {high:.5g}]"
            facts.append((name, f"{value:.5g}   {limits}"))
        facts += [
            ("time scale", f"{self.time_scale:.4g} steps at the largest step size"),
            ("a, b", f"{a:.3g}, {b:.3g}: one point of a valley in which others with this s fit as well"),
        ]
        blocks: list[Block] = [Facts(tuple(facts))]
        return Page("fitted loss curves", (*blocks, Lines(tuple(self.notes))) if self.notes else tuple(blocks))

    def __repr__(self) -> str:
        return f"CurvesFit({self.law.name}; {len(self.curves)} curves; source_rate {self.source_rate:.5g})"

    def _theory(self) -> TheoryLaw:
        if not isinstance(self.law, TheoryLaw):
            raise InvalidInput(f"the {self.law.name} has no spectrum: its exponents are its own")
        return self.law

    def _value(self, pieces: Pieces, steps: Real) -> Real:
        columns = self.law.design([RunTimes(pieces=pieces, steps=steps)], self.shape[None])[0]
        return np.asarray(columns @ self.coefficients)

    def _predicted(self, pieces: Pieces, steps: Real) -> Prediction:
        there = JointModel(
            law=TheoryLaw(tied=False), runs=[RunTimes(pieces=pieces, steps=steps)], columns=self.coefficients.size
        )
        loss = self._value(pieces, steps)
        low, high = self._valley.limits(*there.evaluate(self._valley.parameters), self.level)
        return Prediction(loss=loss, low=np.minimum(np.exp(low), loss), high=np.maximum(np.exp(high), loss))

    @cached_property
    def _time_scales(self) -> Limits:
        places = self._valley.places[:, None]
        found = self._valley.limits(places, np.zeros((places.size, 1, self._valley.parameters.shape[1])), self.level)
        low, high = (float(np.exp(-end[0])) / 2 for end in found)
        return high, low

    @cached_property
    def _valley(self) -> Valley:
        self._theory()
        with np.errstate(divide="ignore"):
            parameters = np.concatenate([np.log(self.coefficients), self.shape])
        return valley_of(self.model, parameters, self.residuals, begins=self.begins, least=self.left_out)


def _above(floor: float, share: float) -> float:
    return floor * share / (1 - share) if share < 1 else np.inf


def scaled(curve: LossCurve, unit: float) -> LossCurve:
    """The same with step sizes in units of another."""
    return replace(curve, pieces=_divided(curve.pieces, unit))


def _divided(pieces: Pieces, unit: float) -> Pieces:
    return Pieces(edges=pieces.edges, sizes=pieces.sizes / unit)
