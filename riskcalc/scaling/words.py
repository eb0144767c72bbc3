"""The question of a growing budget in words: as at the command line, so in Python.

Everything may also be given as an object: a Budget, a Shape, a schedule, an optimiser.
"""

from __future__ import annotations

from collections.abc import Callable

from riskcalc.asymptotic.asked import shape_of
from riskcalc.asymptotic.shape import Shape
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import DanaDecaying, Optimiser, read_growing
from riskcalc.quantity import NumberLike, as_argument, chosen, flag, of_type
from riskcalc.scaling.budget import Budget, Choice, compute as compute_budget, data, data_set
from riskcalc.scaling.noise import has_noise
from riskcalc.scaling.question import Question
from riskcalc.schedule import (
    Schedule,
    checked_schedule,
    named_schedule,
    nearest_schedule,
    schedule_words,
    warmed_up,
)

Call = Callable[[str], str]

_NAMES = ("compute", "data", "data-set")


def read_question(
    *,
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
    call: Call = as_argument,
) -> Question:
    """The question that these words ask. call: what errors call an argument, from its name."""
    if isinstance(budget, Budget):
        told = {
            "step_size": step_size,
            "free_batch": free_batch,
            "outputs": outputs,
            "outputs_free": outputs_free,
            "compute": compute,
        }
        for name, value in told.items():
            if value is not None and value is not False:
                raise InvalidInput(f"{call(name)} is said by the Budget(...) that is given: leave it out")
        asked = budget
    else:
        asked = _budget(
            budget, step_size, free_batch, outputs, outputs_free, compute, normalisation=normalisation, call=call
        )
    if normalisation is None and asked.outputs is not None:
        normalisation = "every"  # as `risk` has it
    return Question.of(
        budget=asked,
        shape=_shape(schedule, warmup, shape, call),
        noise=noise if has_noise(noise, call("noise")) else False,
        normalisation=normalisation,
        optimiser=read_growing(optimiser, asked=call("optimiser")),
        quadratic=chosen(parameterisation, call("parameterisation"), ("linear", "quadratic")) == "quadratic",
    )


def _budget(
    name: object,
    step_size: str | Choice | None,
    free_batch: bool,
    outputs: NumberLike | None,
    outputs_free: bool,
    compute: NumberLike | None,
    *,
    normalisation: str | None,
    call: Call,
) -> Budget:
    if name is not None and not isinstance(name, str):
        raise InvalidInput(f"{call('budget')} must be 'compute', 'data' or a Budget such as compute() or data()")
    grown = "compute" if name is None else chosen(name, call("budget"), _NAMES)
    batch = flag(free_batch, call("free_batch"))
    unpaid = flag(outputs_free, call("outputs_free"))
    if outputs is None:
        for given, told in (("normalisation", normalisation is not None), ("outputs_free", unpaid)):
            if told:
                raise InvalidInput(
                    f"{call(given)} is for several outputs: say how they grow by {call('outputs')}"
                )
    if grown == "data-set":
        for given, said in (("free_batch", batch), ("outputs", outputs is not None)):
            if said:
                raise InvalidInput(
                    f"{call(given)} is for fresh samples: a data set has full batches and one output, leave it out"
                )
        return data_set(step_size=_step_size(step_size, free=False, call=call), compute=compute)
    if compute is not None:
        raise InvalidInput(
            f"{call('compute')} is the exponent of what a data set may cost, C = N^c: "
            f"it needs {call('budget')} data-set"
        )
    if unpaid and grown == "data":
        raise InvalidInput(
            f"{call('outputs_free')} is for the compute budget: outputs cost no data, leave it out"
        )
    choice = _step_size(step_size, free=batch or grown == "data", call=call)
    if batch and choice is Choice.LARGEST_STABLE:
        raise InvalidInput(f"with {call('free_batch')} the step size is free too: leave {call('step_size')} out")
    if grown == "data":
        return data(step_size=choice, batch_size=batch, outputs=outputs)
    return compute_budget(step_size=choice, batch_size=batch, outputs=outputs, pay_for_outputs=not unpaid)


def _step_size(given: str | Choice | None, *, free: bool, call: Call) -> Choice:
    if isinstance(given, Choice):
        return given
    word = ("free" if free else "largest") if given is None else chosen(given, call("step_size"), ("largest", "free"))
    return Choice.FREE if word == "free" else Choice.LARGEST_STABLE


def _shape(schedule: Schedule | str | None, warmup: object, shape: Shape | None, call: Call) -> Shape | None:
    """The schedule as the leading-order theory knows it."""
    if shape is not None:
        if schedule is not None or warmup is not None:
            raise InvalidInput(f"give {call('schedule')} or shape, not both: one follows from the other")
        return of_type(shape, Shape, "shape", "a Shape such as constant()")
    if schedule is None and warmup is None:
        return None
    asked = _schedule("constant" if schedule is None else schedule, call)
    return shape_of(warmed_up(asked, text=warmup, asked=call("warmup")))


def _schedule(given: Schedule | str, call: Call) -> Schedule:
    if not isinstance(given, str):
        return checked_schedule(given)
    named = named_schedule(given, step_size=1, asked=call("schedule"))
    if named is None:
        raise InvalidInput(
            f"{call('schedule')} {given!r} is not known{nearest_schedule(given)}: choose one of {schedule_words()}"
        )
    return named
