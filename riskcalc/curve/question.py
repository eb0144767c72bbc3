"""What was asked of a road, typed: read once from what a run says of itself, or from a curve's file of any age."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from riskcalc.schedule import spelled_out

_WARM = "warmup_"
INFINITE = "infinite"
_TEXTS = ("a", "log_a", "b", "prior", "noise", "outputs", "model_size", "batch_size", "horizon")


@dataclass(frozen=True, kw_only=True)
class Named:
    """What describes itself: a schedule, an averaging, an optimiser, an order of the data.

    settings: its parameters but for the step size.
    """

    name: str
    step_size: str | None = None
    settings: dict[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, said: object) -> Named | None:
        """Of a table with a name in it; None of anything else."""
        if not isinstance(said, dict) or "name" not in said:
            return None
        settings = {key: value for key, value in said.items() if key not in ("name", "step_size")}
        return cls(name=str(said["name"]), step_size=_text(said, "step_size"), settings=settings)


    @property
    def spelled(self) -> str:
        """A schedule with all its parameters as the command line reads it, without what goes before it."""
        warm = [key for key in self.settings if key.startswith(_WARM)]
        name = self.name.removeprefix("warmup-") if warm else self.name
        return spelled_out(name, {key: value for key, value in self.settings.items() if key not in warm})

    @property
    def warmed(self) -> str | None:
        """The warm-up before a schedule as the command line reads it; None where there is none."""
        length = self.settings.get(f"{_WARM}steps", self.settings.get(f"{_WARM}fraction"))
        start = self.settings.get(f"{_WARM}start")
        return None if length is None else str(length) if start is None else f"{length},start={start}"


@dataclass(frozen=True, kw_only=True)
class Output:
    """The signal of one distinct output."""

    b: str | None = None
    prior: str | None = None
    signal_scale: str | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything that defines a run, as far as it was said; what was not said is None.

    Numbers are text, as they were given ("17/5"). a: exponent of a power law, log_a: of a logarithmic one, neither for
    explicit eigenvalues. b: exponent of the signal power; prior: "isotropic" or "gaussian" where the target is drawn.
    dimension: "infinite", a number, or in proportion to the model size ("4 M"). outputs: P where there are several;
    each_output: the signals of the distinct ones. averaging: None for the last iterate. optimiser: None for SGD.
    data: None for one pass.
    constant_step: whether the step size never moves, whatever the schedule is called. steps: first and last recorded
    one, where they are named. record: the same as plain JSON values, as files hold it under "problem"; it may say more.

    >>> asked = Question.of({"a": "2", "dimension": None, "schedule": {"name": "geometric", "step_size": "3/10"}})
    >>> asked.a, asked.dimension, asked.schedule.step_size, asked.constant_step, asked.b
    ('2', 'infinite', '3/10', False, None)
    """

    a: str | None = None
    log_a: str | None = None
    explicit_spectrum: bool = False
    b: str | None = None
    prior: str | None = None
    dimension: str | None = None
    noise: str | None = None
    outputs: str | None = None
    each_output: tuple[Output, ...] = ()
    model_size: str | None = None
    batch_size: str | None = None
    horizon: str | None = None
    schedule: Named | None = None
    constant_step: bool = False
    averaging: Named | None = None
    optimiser: Named | None = None
    data: Named | None = None
    steps: tuple[int, int] | None = None
    record: dict[str, Any] = field(default_factory=dict, hash=False, repr=False)

    @classmethod
    def of(cls, record: dict[str, Any]) -> Question:
        """Read what a run or a problem describes; files written before a key was known lack it."""
        schedule, averaging = Named.of(record.get("schedule")), Named.of(record.get("averaging"))
        optimiser, data = Named.of(record.get("optimiser")), Named.of(record.get("data"))
        steps, text = _list(record, "steps"), {name: _text(record, name) for name in _TEXTS}
        # before it was said, only the constant schedule was known never to move
        said = record.get("constant_step", schedule is not None and schedule.name == "constant")
        return cls(
            **text,
            explicit_spectrum="eigenvalues" in record,
            dimension=INFINITE if record.get("dimension", 0) is None else _text(record, "dimension"),
            each_output=tuple(_output(one) for one in _list(record, "each_output") if isinstance(one, dict)),
            schedule=schedule,
            constant_step=said is True,
            averaging=None if averaging is None or averaging.name == "last" else averaging,
            optimiser=None if optimiser is None or optimiser.name == "sgd" else optimiser,
            data=None if data is None or data.name == "one-pass" else data,
            steps=(steps[0], steps[-1]) if steps else None,
            record=record,
        )

    @property
    def takes_batches(self) -> bool:
        """Whether a step takes a batch; full-batch steps take every sample."""
        return self.data is None or self.data.name != "full-batch"


def _output(said: dict[str, Any]) -> Output:
    return Output(b=_text(said, "b"), prior=_text(said, "prior"), signal_scale=_text(said, "signal_scale"))


def _list(record: dict[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []


def _text(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    return None if value is None else str(value)
