"""One training run, as a question: which problem, which model, which schedule, recorded when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from riskcalc.curve.averaging import Averaging, LastIterate
from riskcalc.errors import InvalidInput
from riskcalc.problem import MultipleOutputs, Problem, Regression
from riskcalc.quantity import Number, number, plain, whole
from riskcalc.schedule import Schedule, constant_size

if TYPE_CHECKING:
    from riskcalc.curve.risk_curve import RiskCurve

MOST_STEPS = 10**18
_RECORDS_A_DECADE = 8


@dataclass(frozen=True, kw_only=True)
class Run:
    """One-pass SGD from theta = 0 on a sketched problem.

    model_size: number of features M, 1 <= M <= v. A whole number for a drawn sketch; the deterministic equivalent
        also takes any real M >= 1.
    batch_size: B, fresh samples a step; the update uses the batch mean of the gradient of half the squared error.
    steps: an int T asks for the curve from 0 to T, recorded at about eight steps a decade; a list asks for exactly
        these step counts (sorted, without repeats). At most 1e18.
    horizon: N of the schedule; the last recorded step where not given. At most 1e18.
    averaging: which iterates the recorded model is the mean of: LastIterate(), IterateAverage(), TailAverage("1/2").

    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3))
    >>> Run(problem, model_size=100, schedule=Constant("3/10"), steps=[0, 10, 100]).horizon
    100
    """

    problem: Regression
    model_size: Number
    schedule: Schedule
    steps: tuple[int, ...]
    batch_size: int = 1
    horizon: int = 0
    averaging: Averaging = field(default_factory=LastIterate)

    def __init__(
        self,
        problem: Regression,
        *,
        model_size: object,
        schedule: Schedule,
        steps: object,
        batch_size: object = 1,
        horizon: object = None,
        averaging: Averaging | None = None,
    ) -> None:
        recorded = _recorded(steps)
        last = recorded[-1]
        fixed: dict[str, Any] = {
            "problem": _checked_problem(problem),
            "model_size": _model_size(model_size, problem.dimension),
            "schedule": _checked_schedule(schedule),
            "steps": recorded,
            "batch_size": whole(batch_size, "batch_size", least=1),
            "horizon": max(1, last) if horizon is None else whole(horizon, "horizon", least=1),
            "averaging": _checked_averaging(averaging),
        }
        for name, value in fixed.items():
            object.__setattr__(self, name, value)
        if self.horizon > MOST_STEPS:
            raise InvalidInput(f"horizons go up to 1e18, but {horizon} was asked")
        if self.horizon < last:
            raise InvalidInput(f"horizon {self.horizon} is shorter than the last recorded step {last}")
        schedule.check(horizon=self.horizon)

    def describe(self) -> dict[str, Any]:
        """Everything that was asked, defaults included, as plain JSON values."""
        return {
            **self.problem.describe(),
            "model_size": plain(self.model_size),
            "batch_size": self.batch_size,
            "schedule": self.schedule.describe(),
            "constant_step": constant_size(self.schedule, horizon=self.horizon) is not None,
            "horizon": self.horizon,
            "averaging": self.averaging.describe(),
        }


class Method(Protocol):
    """A road: a frozen value that can answer a run with a curve."""

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The expected risk at the recorded steps; `force` lets an unstable run through."""


def single_problem(run: Run, *, method: str) -> Problem:
    """The problem of a run, for a method that knows one output and its last iterate only."""
    if not isinstance(run.problem, Problem):
        raise InvalidInput(f"{method} is for one output: ask for each of the {run.problem.outputs} outputs by itself")
    if not isinstance(run.averaging, LastIterate):
        raise InvalidInput(f"{method} is for the last iterate, not for averages of iterates: use LastIterate()")
    return run.problem


def recorded_steps(last: int) -> tuple[int, ...]:
    """0, about eight step counts a decade, and `last`.

    >>> recorded_steps(10)
    (0, 1, 2, 3, 4, 6, 7, 10)
    """
    decades = len(str(last))
    between = {round(10 ** (power / _RECORDS_A_DECADE)) for power in range(_RECORDS_A_DECADE * decades)}
    return tuple(sorted({0, last} | {step for step in between if step < last}))


def _recorded(steps: object) -> tuple[int, ...]:
    if isinstance(steps, Iterable) and not isinstance(steps, str | bytes):
        asked = sorted({whole(step, "steps") for step in steps})
        if not asked:
            raise InvalidInput("steps is empty: give at least one step count")
    else:
        asked = list(recorded_steps(_bounded(whole(steps, "steps"))))
    _bounded(asked[-1])
    return tuple(asked)


def _bounded(step: int) -> int:
    if step > MOST_STEPS:
        raise InvalidInput(f"steps go up to 1e18, but {step:.6g} was asked")
    return step


def _checked_problem(problem: object) -> Regression:
    if not isinstance(problem, Problem | MultipleOutputs):
        raise InvalidInput(f"problem must be a Problem(...) or MultipleOutputs(...), not {problem!r}")
    return problem


def _checked_schedule(schedule: object) -> Schedule:
    if not isinstance(schedule, Schedule):
        raise InvalidInput(f"schedule must be a schedule such as Constant('3/10'), not {schedule!r}")
    return schedule


def _checked_averaging(averaging: object) -> Averaging:
    if averaging is None:
        return LastIterate()
    if isinstance(averaging, type) or not isinstance(averaging, Averaging):
        raise InvalidInput(f"averaging must be LastIterate(), IterateAverage() or TailAverage(F), not {averaging!r}")
    return averaging


def _model_size(value: object, dimension: int | None) -> Number:
    size = number(value, "model_size")
    if size < 1:
        raise InvalidInput(f"model_size must be at least 1, not {value}")
    if dimension is not None and size > dimension:
        raise InvalidInput(f"model_size {value} exceeds the dimension {dimension}: use at most {dimension} features")
    return size
