"""One training run, as a question: which problem, which model, which schedule, recorded when."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from riskcalc.curve.averaging import Averaging, Following, LastIterate
from riskcalc.curve.averaging_words import read_averaging
from riskcalc.curve.question import Question
from riskcalc.curve.steps import MOST_STEPS, StepsLike, read_steps
from riskcalc.curve.wording import in_one_line, problem_sentence, training_sentence
from riskcalc.display import Displayed, Facts, Page
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SGD, Optimiser, read_optimiser
from riskcalc.order import OnePass, Order, read_order
from riskcalc.problem import MultipleOutputs, Problem, Regression
from riskcalc.quantity import Number, NumberLike, number, of_type, plain, whole
from riskcalc.schedule import Schedule, check_stated, constant_size, corners, read_schedule

if TYPE_CHECKING:
    from riskcalc.curve.risk_curve import RiskCurve



@dataclass(frozen=True, kw_only=True)
class Run(Displayed):
    """Training from theta = 0 on a sketched problem.

    Parameters
    ----------
    problem : Regression
        What is learnt: a Problem, or MultipleOutputs.
    model_size : number
        Number of features M, 1 <= M <= v. A whole number for a drawn sketch; the deterministic equivalent also
        takes any real M >= 1.
    schedule : Schedule or str, default "constant"
        Step sizes, such as Constant("3/10") or Cosine("3/10"); or in words, "cosine" or "wsd:1/5", with `step_size`.
    steps : number or sequence of numbers or str
        An int T asks for the curve from 0 to T, recorded at about eight steps a decade, and closer
        where the schedule bends and at its end; a list asks for exactly these step counts (sorted, without repeats),
        and text such as "0,10,1..1e6" for counts and for stretches of the curve. At most 1e18.
    batch_size : number, default 1
        B, samples a step; the update uses the batch mean of the gradient of half the squared error.
    horizon : number or None, default None
        N of the schedule; the last recorded step where not given. At most 1e18.
    step_size : number or None, default None
        The (peak) step size of the schedule, in place of its own; words need it.
    averaging : Averaging or str or None, default None
        Which iterates the recorded model is the mean of: LastIterate(), IterateAverage(), TailAverage("1/2"),
        ExponentialAverage("1/100"), or in words, "iterates", "tail:1/2", "exponential:1/100".
    optimiser : Optimiser or str or None, default None
        What a step does: SGD(), HeavyBall("9/10"), Nesterov("9/10"), ScheduleFree("9/10"), TwoBuffer(...),
        Dana(...), or such a method in words, "heavy-ball:9/10". Its step size is the schedule's.
    data : Order or str or None, default None
        In which order samples are seen: OnePass(), all of them fresh; or a data set of N samples, many times:
        FullBatch(samples=N), WithReplacement(samples=N), Reshuffled(samples=N), or in words, "full-batch:1000".

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: 1 <= M <= v, B >= 1, steps and horizon up to 1e18; whether it is stable is asked by the road.

    Source: D01, section Statement.

    Examples
    --------
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
    optimiser: Optimiser = field(default_factory=SGD)
    data: Order = field(default_factory=OnePass)

    def __init__(
        self,
        problem: Regression,
        *,
        model_size: NumberLike,
        schedule: Schedule | str = "constant",
        steps: StepsLike,
        batch_size: NumberLike = 1,
        step_size: NumberLike | None = None,
        horizon: NumberLike | None = None,
        averaging: Averaging | str | None = None,
        optimiser: Optimiser | str | None = None,
        data: Order | str | None = None,
    ) -> None:
        asked = of_type(problem, Problem | MultipleOutputs, "problem", "a Problem(...) or MultipleOutputs(...)")
        wanted, moves = read_steps(steps), read_schedule(schedule, step_size=step_size)
        length = read_horizon(horizon, last=wanted.last)
        moves.check(horizon=length)
        fixed: dict[str, Any] = {
            "problem": asked,
            "model_size": _model_size(model_size, asked.dimension),
            "schedule": moves,
            "steps": wanted.recorded(corners(moves, horizon=length)),
            "batch_size": whole(batch_size, "batch_size", least=1),
            "horizon": length,
            "averaging": read_averaging(averaging),
            "optimiser": read_optimiser(optimiser),
            "data": read_order(data),
        }
        for name, value in fixed.items():
            object.__setattr__(self, name, value)
        self.data.check(self.batch_size)
        check_stated(moves, horizon=self.horizon)

    def page(self) -> Page:
        """The problem, the training and the steps, in the words of the answer's table."""
        asked = self.question
        many = f"{len(self.steps)} recorded, {self.steps[0]} to {self.steps[-1]}"
        facts = (("problem", problem_sentence(asked)), ("run", training_sentence(asked)), ("steps", many))
        return Page("run", (Facts(facts),))

    def __repr__(self) -> str:
        return f"Run({in_one_line(self.question)}; {len(self.steps)} steps, {self.steps[0]} to {self.steps[-1]})"

    @cached_property
    def training(self) -> Optimiser:
        """The optimiser, with what its averaging adds to it."""
        return self.averaging.following(self.optimiser) if isinstance(self.averaging, Following) else self.optimiser

    @property
    def question(self) -> Question:
        """The run as every answer keeps it."""
        return Question.of(self.describe())

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
            "optimiser": self.optimiser.describe(),
            "data": self.data.describe(),
        }


@runtime_checkable
class Method(Protocol):
    """A road: a frozen value that can answer a run with a curve."""

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The expected risk at the recorded steps; `force` lets an unstable run through."""


def checked_run(run: object) -> Run:
    """A run, if it is one."""
    return of_type(run, Run, "run", "a Run(...)")


def single_problem(run: Run, *, method: str) -> Problem:
    """The problem of a run, for a method that knows one output and its last iterate only."""
    problem = one_output(plain_descent(run, method=method), method=method)
    if not isinstance(run.averaging, LastIterate):
        raise InvalidInput(f"{method} is for the last iterate, not for averages of iterates: use LastIterate()")
    return problem


def plain_descent(run: Run, *, method: str) -> Run:
    """The run, for a method that knows plain SGD on fresh samples only."""
    return plain_optimiser(fresh_samples(run, method=method), method=method)


def plain_optimiser(run: Run, *, method: str) -> Run:
    """The run, for a method that knows plain SGD only, on whatever samples."""
    if run.training != SGD():
        asked = run.optimiser if run.optimiser != SGD() else run.averaging
        raise InvalidInput(
            f"{method} is for SGD(), not for {asked}: use Exact(), Unsketched(), Equivalent() or MonteCarlo()"
        )
    return run


def fresh_samples(run: Run, *, method: str) -> Run:
    """The run, for a method that knows samples that are seen once only."""
    if run.data.samples is not None:
        raise InvalidInput(
            f"{method} is for one pass over fresh samples, OnePass(), not for {run.data}: its samples "
            "depend on what has been learnt from them. Equivalent() knows full batch and with replacement, "
            "Exact() full batch, MonteCarlo() every order"
        )
    return run


def one_output(run: Run, *, method: str) -> Problem:
    """The problem of a run, for a method that knows one output only."""
    if not isinstance(run.problem, Problem):
        raise InvalidInput(f"{method} is for one output: ask for each of the {run.problem.outputs} outputs by itself")
    return run.problem


def read_horizon(horizon: NumberLike | None, *, last: int) -> int:
    """N of the schedule of a run recorded up to the step `last`, which it is where none is given."""
    steps = max(1, last) if horizon is None else whole(horizon, "horizon", least=1)
    if steps > MOST_STEPS:
        raise InvalidInput(f"horizons go up to 1e18, but {horizon} was asked")
    if steps < last:
        raise InvalidInput(f"horizon {steps} is shorter than the last recorded step {last}")
    return steps


def _model_size(value: NumberLike, dimension: int | None) -> Number:
    size = number(value, "model_size")
    if size < 1:
        raise InvalidInput(f"model_size must be at least 1, not {value}")
    if dimension is not None and size > dimension:
        raise InvalidInput(f"model_size {value} exceeds the dimension {dimension}: use at most {dimension} features")
    return size
