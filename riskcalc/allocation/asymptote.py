"""The derived exponents beside a finite budget, and words on how far they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sympy import Rational

from riskcalc.allocation.optimum import Allocation, Choices, StepSizeRule
from riskcalc.optimiser import SGD
from riskcalc.problem import PowerLaw, Problem
from riskcalc.quantity import plain
from riskcalc.schedule import Schedule

if TYPE_CHECKING:
    from riskcalc.scaling import Approach, Exponents

_CLOSE = 0.01  # local exponents this close to the derived ones are said to agree
_FEW_STEPS = 1000


@dataclass(frozen=True, kw_only=True)
class BudgetExponents:
    """Slopes between two budgets of the exact optimum: M ~ C^model_size_exponent, excess ~ C^-loss_exponent."""

    budgets: tuple[float, float]
    model_size_exponent: float
    loss_exponent: float
    step_size_exponent: float


def asymptotic_answer(problem: Problem, rule: StepSizeRule) -> Exponents | None:
    """The exponents of the same question for a growing budget; None without power laws."""
    from riskcalc.scaling import Choice, compute, exponents

    signal = problem.power_law_signal
    if not isinstance(problem.spectrum, PowerLaw) or signal is None:
        return None
    a, b = problem.spectrum.a, signal.b
    budget = compute(step_size=Choice.FREE if rule.optimised else Choice.LARGEST_STABLE)
    return exponents(a=a, b=b, noise=problem.noise > 0, budget=budget)


def asymptotic_shape(problem: Problem, schedule: Schedule) -> Exponents | None:
    """The exponents at a fixed peak step size under a schedule; None without exact power laws."""
    from riskcalc.asymptotic import shape_of
    from riskcalc.scaling import compute, exponents

    spectrum, signal = problem.spectrum, problem.power_law_signal
    if not isinstance(spectrum, PowerLaw) or signal is None:
        return None
    if not isinstance(spectrum.a, Fraction) or not isinstance(signal.b, Fraction):
        return None
    noise = problem.noise > 0
    return exponents(a=spectrum.a, b=signal.b, noise=noise, budget=compute(), shape=shape_of(schedule))


def law_begins(choices: Choices, derived: Exponents | None) -> Approach | None:
    """When the power law begins to hold, with the numbers of this problem; None where there is none."""
    from riskcalc.scaling import Setting

    problem, rule = choices.problem, choices.rule
    spectrum, signal = problem.spectrum, problem.power_law_signal
    if derived is None or not isinstance(spectrum, PowerLaw) or signal is None:
        return None
    if choices.optimiser != SGD():
        return None  # the constants are those of SGD
    slow = spectrum.a <= 1
    if slow and (choices.ratio is None or rule.step_size is not None):
        return None  # the remarks say that the exponents are of another question
    scale, height = Fraction(spectrum.scale), Fraction(signal.scale)
    setting = Setting(
        noise=Fraction(problem.noise) / height if problem.noise else 1,
        batch_size=choices.batch_size,
        step_size=None if rule.step_size is None else Fraction(rule.step_size) * scale,
        stable_fraction=Setting.stable_fraction if rule.stable_fraction is None else rule.stable_fraction,
        ratio=Setting.ratio if choices.ratio is None else choices.ratio,
    )
    return derived.approach(setting)


def remarks(
    choices: Choices,
    here: Allocation,
    local: BudgetExponents | None,
    derived: Exponents | None,
) -> tuple[str, ...]:
    """What a reader should know about this optimum."""
    found = []
    if binding := choices.binding(here):
        found.append(binding)
    elif here.at_end:
        found.append("the optimum lies at the end of the range of model sizes: it is no balance of terms")
    if here.steps < _FEW_STEPS:
        counted = "1 whole step" if here.steps == 1 else f"{here.steps} whole steps"
        found.append(f"only {counted}: the optimal model size is known to about 1/{here.steps}")
    dimension = choices.problem.dimension
    if dimension is not None and choices.ratio is None and here.model_size > dimension / 100:
        found.append(f"the model size is not small against the dimension {dimension}: no power law holds there")
    slow = isinstance(choices.problem.spectrum, PowerLaw) and choices.problem.spectrum.a <= 1
    if slow and choices.ratio is None:
        found.append("a <= 1: the exponents are for a dimension that grows with M; give a ratio instead of a dimension")
    if choices.samples is not None:
        return (*found, *_used_up(choices.problem, choices.samples, here.step_size))
    if choices.rule.step_size is not None:
        if slow:
            found.append("a <= 1: a fixed step size becomes unstable as M grows; the exponents are for gamma ~ M^(a-1)")
        elif choices.problem.noise > 0:
            found.append("label noise at a fixed step size leaves a floor that no budget lowers")
    if choices.rule.optimised and choices.problem.noise == 0:
        found.append(
            "without label noise nothing asks for a small step: the best one balances the bias against the "
            "noise of SGD itself, which grows like 1/(1 - kappa) up to the stable limit"
        )
    if derived is not None:
        found += list(derived.ties)
        if local is not None:
            size, loss = derived.exponents["M"], derived.loss_exponent
            bent = {name: float(power) / _log_budget(local) for name, power in derived.logs.items()}
            found += _distance("model-size", local, local.model_size_exponent, size.low, size.high, bent.get("M", 0.0))
            found += _distance("loss", local, local.loss_exponent, loss, loss, -bent.get("loss", 0.0))
    return tuple(found)


def _used_up(problem: Problem, samples: int, step_size: float) -> list[str]:
    """After how many steps samples are what is short: D57.2."""
    from riskcalc.asymptotic.reused import best_clock
    from riskcalc.formula import letters as L

    spectrum, signal = problem.spectrum, problem.power_law_signal
    if not isinstance(spectrum, PowerLaw) or signal is None or problem.dimension is not None or not problem.noise:
        return []
    if not isinstance(spectrum.a, Fraction) or not isinstance(signal.b, Fraction):
        return []
    a, b = (Rational(power.numerator, power.denominator) for power in (spectrum.a, signal.b))
    noise = float(problem.noise) / float(signal.scale)
    clock = float(best_clock(a, b).subs({L.N: samples, L.sigma2: noise}))
    steps = clock / (step_size * float(spectrum.scale))
    return [
        f"after about {steps:.2g} steps the label noise that is fitted outweighs what is still learnt (leading order): "
        "from there on compute is for larger models, and more samples would help more"
    ]


def _log_budget(local: BudgetExponents) -> float:
    """In the middle of the two budgets, where a power of the logarithm has the slope power/log."""
    return sum(map(math.log, local.budgets)) / 2


def _distance(
    what: str, local: BudgetExponents, value: float, low: Fraction | None, high: Fraction | None, bent: float
) -> list[str]:
    """low, high: of the derived exponent; None where a range is open. bent: what a power of log(budget) adds to it."""
    straight = value - bent
    gap = max(0.0 if low is None else float(low) - straight, 0.0 if high is None else straight - float(high))
    if gap <= _CLOSE:
        return []
    first, last = local.budgets
    ends = [plain(end) for end in dict.fromkeys((low, high)) if end is not None]
    limit = " to ".join(ends)
    if bent:
        limit += f", which its power of log(budget) makes {bent:+.4f} larger here"
    return [
        f"the local {what} exponent, {value:.4f} between budgets {first:.3g} and {last:.3g}, is still {gap:.3f} "
        f"from the asymptotic {limit}: at this budget the power law is not reached"
    ]
