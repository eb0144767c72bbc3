"""`compute_optimal`: how to spend a real budget, and how far the asymptotic answer is."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from riskcalc.allocation.asymptote import BudgetExponents, asymptotic_answer, law_begins, remarks
from riskcalc.allocation.optimum import Allocation, Choices, StepSizeRule, best, verified
from riskcalc.curve.stability import Stability
from riskcalc.display import Displayed, Page
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.landscape import searched
from riskcalc.numeric.hashes import has_hash
from riskcalc.optimiser import SGD, Optimiser
from riskcalc.problem import Problem
from riskcalc.quantity import Number, NumberLike, flag, held, number, of_type, whole
from riskcalc.schedule import Constant

if TYPE_CHECKING:
    from riskcalc.scaling import Approach, Exponents

_NEIGHBOUR = 10  # the local exponents are those between the budget and this many times it
_LARGEST_BUDGET = 1e30
_MOST_KEPT = 64  # optima of power laws
_START = 0.5  # M ~ C^0.5 where no exponent is known


@dataclass(frozen=True, kw_only=True)
class ComputeOptimal(Displayed):
    """The best allocation of one budget on the deterministic equivalent.

    compute: the budget C = M t B; with a data set of N `samples`, all of which are seen at every step, C = M t N.
    model_size: the real M that is best. steps: whole, and C is spent. step_size: constant over the run. excess: the
    exact equivalent there; error: its verified relative error. local: slopes to ten times the budget, None where not
    asked for, or where a limit (1e18 steps, or with a ratio 1e18 dimensions) binds at one of the two. asymptotic: the
    derived exponents, None for a problem without power laws and on a data set. approach: from which budget on they are
    near. notes: what a reader should know, such as how far the local exponents are from the derived ones. spread:
    standard deviation of one model's excess at the optimum, over its sketches; None where it was not asked for.
    """

    compute: Number
    batch_size: int
    model_size: float
    steps: int
    step_size: float
    step_size_rule: str
    excess: float
    error: float
    local: BudgetExponents | None
    asymptotic: Exponents | None
    approach: Approach | None
    notes: tuple[str, ...]
    asked: dict[str, Any]
    samples: int | None = None
    spread: float | None = None

    def page(self) -> Page:
        """The optimum and its exponents, for a reader."""
        from riskcalc.allocation.page import page_of

        return page_of(self)


def compute_optimal(
    problem: Problem,
    *,
    compute: NumberLike,
    step_size: NumberLike | None = None,
    stable_fraction: NumberLike | None = None,
    batch_size: NumberLike = 1,
    samples: NumberLike | None = None,
    ratio: NumberLike | None = None,
    local: bool = True,
    method: Equivalent | None = None,
    optimiser: Optimiser | None = None,
    finite_size: bool = False,
) -> ComputeOptimal:
    """Minimise the exact equivalent over model size (and step size) at fixed compute C = M t B.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    compute : number
        C, the budget M t B in multiplications up to a constant.
    step_size : number or None, default None
        Held fixed; where neither it nor stable_fraction is given, it is optimised.
    stable_fraction : number or None, default None
        Between 0 and 1: that fraction of the largest stable step at every M.
    batch_size : number, default 1
        B, samples a step.
    ratio : number or None, default None
        The dimension is ratio * M (the setting in which a <= 1 has power laws).
    local : bool, default True
        Also optimise ten times the budget, for the local exponents.
    method : Equivalent or None, default None
        An Equivalent(...) with another tolerance.
    optimiser : Optimiser or None, default None
        What a step does, SGD() where none is given.
    samples : number or None, default None
        N, where all there is are N samples, seen at every step (full batch); then C = M t N, and the step size is
        given, because gamma t alone counts (D57).
    finite_size : bool, default False
        Whether to say how one model scatters round the optimum, through 1/M (D52); for fresh samples.

    Returns
    -------
    ComputeOptimal
        Model size, steps and excess at the optimum; local exponents, and the derived ones.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If the run grows without bound at this step size.
    ToleranceNotMet
        If no computation states an error within the tolerance.

    Notes
    -----
    Formula: min over M of E(t = C/(M B); M, gamma); without a step size also over gamma below its stable limit. M
    is real, t whole, M t B = C exactly; M is at least 1, and at least a millionth below a dimension. With a ratio the
    dimension is whole too, and C is spent up to half of one over the larger of t and the dimension.

    Valid: B < C <= 1e30, at most 1e18 steps, constant step size. Without label noise the best step is of the order
    of the largest stable one while a > 1; with label noise it falls with the budget.

    Source: derivations D02, D03 (the curve), D15, D16 (the exponents).

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="7/2"))
    >>> found = compute_optimal(problem, compute="1e21", step_size="3/10")
    >>> found.asymptotic.model_size_exponent, f"{found.local.model_size_exponent:.3f}"
    (Fraction(3, 7), '0.428')
    """
    further_budget, scatters = flag(local, "local"), flag(finite_size, "finite_size")
    road = of_type(Equivalent() if method is None else method, Equivalent, "method", "Equivalent(...)")
    asked = choices_of(
        problem,
        compute=compute,
        step_size=step_size,
        stable_fraction=stable_fraction,
        batch_size=batch_size,
        samples=samples,
        ratio=ratio,
    )
    training = of_type(
        SGD() if optimiser is None else optimiser, Optimiser, "optimiser", "an optimiser such as HeavyBall('9/10')"
    )
    if asked.samples is not None and training != SGD():
        raise InvalidInput(f"on a data set the equivalent is for SGD(), not for {training}: leave samples out")
    if asked.samples is not None and scatters:
        raise InvalidInput("how one model scatters is derived for fresh samples: leave samples out, or finite_size")
    choices, rule = dataclasses.replace(asked, method=road, optimiser=training), asked.rule
    # at constant coefficients a memory changes the step size of slow directions, and no exponent (D42)
    derived = asymptotic_answer(choices.problem, rule) if training.steady and choices.samples is None else None
    size_exponent = _START if derived is None else float(derived.model_size_exponent)
    here, excess, error = _optimum(choices, _guess(choices, size_exponent))
    slopes = None
    if further_budget:
        further = dataclasses.replace(choices, compute=choices.compute * _NEIGHBOUR, _seen={})
        _require_choice(further)
        guess = _guess(further, size_exponent)
        if guess is None:
            guess = math.log(here.model_size) + size_exponent * math.log(_NEIGHBOUR)
        there, excess_there, _ = _optimum(further, guess)
        if not (choices.binding(here) or further.binding(there)):
            slopes = _slopes(choices.compute, here, excess, there, excess_there)
    return ComputeOptimal(
        compute=choices.compute,
        batch_size=choices.batch_size,
        model_size=here.model_size,
        steps=here.steps,
        step_size=here.step_size,
        step_size_rule="fixed" if rule.step_size is not None else "optimised" if rule.optimised else "stable fraction",
        excess=excess,
        error=error,
        local=slopes,
        asymptotic=derived,
        approach=law_begins(choices, derived),
        notes=remarks(choices, here, slopes, derived),
        asked=_asked(choices),
        samples=choices.samples,
        spread=_spread(choices, here) if scatters else None,
    )


def choices_of(
    problem: Problem,
    *,
    compute: NumberLike,
    step_size: NumberLike | None = None,
    stable_fraction: NumberLike | None = None,
    batch_size: NumberLike = 1,
    samples: NumberLike | None = None,
    ratio: NumberLike | None = None,
) -> Choices:
    """What may be chosen, from what a user gives."""
    rule = _rule(step_size, stable_fraction)
    if samples is not None and rule.optimised:
        raise InvalidInput(
            "full-batch steps have no noise, so that step size and number of steps count by their product alone: with "
            "samples give step_size or stable_fraction"
        )
    return Choices(
        problem=of_type(problem, Problem, "problem", "a Problem(...)"),
        compute=_budget(compute),
        batch_size=whole(batch_size, "batch_size", least=1),
        samples=None if samples is None else whole(samples, "samples", least=1),
        rule=rule,
        ratio=_ratio(ratio),
    )


def _spread(choices: Choices, here: Allocation) -> float:
    """Of one model at the optimum."""
    run = choices.landscape(here.model_size, here.steps).run
    road = dataclasses.replace(choices.method, finite_size=True)
    curve = road.curve(dataclasses.replace(run, schedule=Constant(here.step_size)))
    return float(held(curve.spread, "the spread")[-1])


def _require_choice(further: Choices) -> None:
    """Refuse a budget whose neighbour is out of range, and say that it is the neighbour."""
    try:
        further.range()
    except InvalidInput as failed:
        raise InvalidInput(f"ten times the budget, for the local exponents: {failed}; or leave those out") from None


def _guess(choices: Choices, size_exponent: float) -> float | None:
    """log M from where to look, by the budget alone: what was found for one budget serves as the next one's neighbour.
    """
    return None if choices.samples is not None else size_exponent * math.log(float(choices.compute))


def _optimum(choices: Choices, guess: float | None) -> tuple[Allocation, float, float]:
    """The best allocation, and its verified excess and error; from before where it was found before."""
    return (_kept if choices.problem.is_power_law and has_hash(choices) else _found)(choices, guess)


def _found(choices: Choices, guess: float | None) -> tuple[Allocation, float, float]:
    _require_stable(choices, guess)

    def search(sharp: bool) -> Allocation | None:
        try:
            return best(dataclasses.replace(choices, sharp=sharp, _seen={}), guess=guess)
        except ToleranceNotMet:
            return None

    found, excess, error = searched(
        search,
        lambda allocation: verified(choices, allocation),
        method=choices.method,
        remedy="fix the step size further below its stable limit",
    )
    return found, excess, error or 0.0


_kept = lru_cache(maxsize=_MOST_KEPT)(_found)


def _require_stable(choices: Choices, guess: float | None) -> None:
    """Refuse a fixed step size that is unstable at small, likely and large model sizes alike."""
    if choices.rule.step_size is None:
        return
    step_size, (low, high) = float(choices.rule.step_size), choices.range()
    likely = (low + high) / 2 if guess is None else guess
    sizes = [math.exp(min(max(place, low), high)) for place in (likely, low, (likely + high) / 2)]
    found: list[Stability] = []
    for size in dict.fromkeys(sizes):
        found.append(choices.landscape(size).stability(step_size))
        if found[-1].stable:
            return
    found[0].require(peak=False)


def _slopes(
    compute: Number, here: Allocation, excess: float, there: Allocation, excess_there: float
) -> BudgetExponents:
    decade = math.log(_NEIGHBOUR)
    return BudgetExponents(
        budgets=(float(compute), float(compute) * _NEIGHBOUR),
        model_size_exponent=math.log(there.model_size / here.model_size) / decade,
        loss_exponent=-math.log(excess_there / excess) / decade,
        step_size_exponent=math.log(there.step_size / here.step_size) / decade,
    )


def _asked(choices: Choices) -> dict[str, Any]:
    from riskcalc.quantity import plain

    asked = choices.problem.describe()
    if choices.ratio is not None:
        asked["dimension"] = f"{plain(choices.ratio)} M"
    if choices.optimiser != SGD():
        asked["optimiser"] = choices.optimiser.describe()
    if choices.samples is not None:
        asked["samples"] = choices.samples
    return {**asked, "batch_size": choices.batch_size, "compute": plain(choices.compute)}


def _rule(step_size: NumberLike | None, stable_fraction: NumberLike | None) -> StepSizeRule:
    if step_size is not None and stable_fraction is not None:
        raise InvalidInput("give step_size or stable_fraction, not both (neither: the step size is optimised)")
    size = None if step_size is None else number(step_size, "step_size")
    fraction = None if stable_fraction is None else number(stable_fraction, "stable_fraction")
    if size is not None and size <= 0:
        raise InvalidInput(f"step_size must be positive, not {size}")
    if fraction is not None and not 0 < fraction < 1:
        raise InvalidInput(f"stable_fraction must lie between 0 and 1, not {fraction}")
    return StepSizeRule(step_size=size, stable_fraction=fraction)


def _budget(value: NumberLike) -> Number:
    compute = number(value, "compute")
    if not 1 < compute <= _LARGEST_BUDGET:
        raise InvalidInput(f"compute must lie above 1 and not above 1e30, but {value} was asked")
    return compute


def _ratio(value: NumberLike | None) -> Number | None:
    if value is None:
        return None
    ratio = number(value, "ratio")
    if ratio <= 1:
        raise InvalidInput(f"ratio, the dimension over the model size, must be above 1, not {value}")
    return ratio
