"""The one call: which rules a list of methods calls for, and all of them applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from riskcalc.agreement.comparison import Comparison, NegativeControl
from riskcalc.agreement.cross_check import CrossCheck
from riskcalc.agreement.effort import Effort
from riskcalc.agreement.equivalent_against_sketches import equivalent_against_sketches
from riskcalc.agreement.exact_against_simulation import exact_against_simulation
from riskcalc.agreement.finite_size_against_sketches import finite_size_against_sketches
from riskcalc.agreement.two_ways import equivalent_two_ways, exact_two_ways, outputs_two_ways
from riskcalc.answer import read_method
from riskcalc.curve import Method, Question, Run, checked_run, fresh_samples
from riskcalc.equivalent import Equivalent
from riskcalc.errors import Interrupted, InvalidInput
from riskcalc.exact import Exact
from riskcalc.quantity import NumberLike, listed, number, of_type, plain, shown, whole
from riskcalc.simulation import MonteCarlo

Road = TypeVar("Road")

_ROADS = "some of Exact(), Equivalent(), MonteCarlo()"


def crosscheck(
    run: Run,
    *,
    methods: Sequence[Method | str] | None = None,
    seed: NumberLike = 0,
    level: NumberLike = 1e-3,
    effort: Effort | None = None,
) -> CrossCheck:
    """Compare independent roads on one run, by rules that are fixed beforehand and shown to reject what is wrong.

    Parameters
    ----------
    run : Run
        What is checked.
    methods : sequence of Method or str or None, default None
        The roads to compare, all three if none are given. Exact() and MonteCarlo() are compared by z-scores given
        the same sketch; Equivalent() and Exact() by their gap at M, 2M, 4M, Equivalent(finite_size=True) and
        Exact() at one M by z-scores; Exact() and Equivalent() also each with another way to the same numbers, by
        digits.
    seed : number, default 0
        Of the sketch and the samples where no methods are given.
    level : number, default 0.001
        Probability of a failure by chance, over everything.
    effort : Effort or None, default None
        How much may be computed; a run beyond that is checked on a smaller twin, and the report says so.

    Returns
    -------
    CrossCheck
        `passed`, every comparison with its rule, and the negative controls.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If the run grows without bound at this step size.

    Notes
    -----
    Valid: 0 < level < 1/2; finite dimension for the exact road and the simulation.

    Source: D01, D02, D04; the rules are those of docs/crosscheck.md.

    Examples
    --------
    >>> from riskcalc import Constant, Exact, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=100), signal=PowerLawSignal(b=3))
    >>> run = Run(problem, model_size=10, schedule=Constant("1/5"), steps=1000)
    >>> crosscheck(run, methods=[Exact(seed=0)]).passed
    True
    """
    fresh_samples(checked_run(run), method="crosscheck")
    chance = float(number(level, "level"))
    if not 0 < chance <= 0.5:
        raise InvalidInput(f"level is a probability of error, above 0 and at most 1/2, not {level!r}")
    if run.steps[-1] == 0:
        raise InvalidInput("only step 0 is recorded, and there nothing is random: record a later step")
    roads = _roads(methods, whole(seed, "seed"))
    if roads.exact is not None and run.model_size != int(run.model_size):
        raise InvalidInput(
            f"a sketch has a whole number of features, but model_size is {plain(run.model_size)}: use "
            f"{int(run.model_size)} or {int(run.model_size) + 1}, or compare methods=[Equivalent()] alone"
        )
    limits = of_type(Effort() if effort is None else effort, Effort, "effort", "Effort(...)")
    question = Question.of({**run.describe(), "steps": list(run.steps)})
    drawn, collected = whole(seed, "seed"), _Collected()
    try:
        _apply(run, roads, chance, limits, collected)
    except KeyboardInterrupt:
        if not collected.finished:
            raise
        one = collected.finished == 1
        done = f"interrupted: {'1 comparison is' if one else f'{collected.finished} comparisons are'} finished"
        raise Interrupted(done, partial=collected.check(question, chance, drawn)) from None
    return collected.check(question, chance, drawn)


@dataclass(kw_only=True)
class _Collected:
    """What was compared so far, and what is still to be compared."""

    sampled: list[Comparison] = field(default_factory=list)
    by_digits: list[Comparison] = field(default_factory=list)
    controls: list[NegativeControl] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    @property
    def finished(self) -> int:
        return len(self.sampled) + len(self.by_digits)

    def check(self, asked: Question, level: float, seed: int) -> CrossCheck:
        return CrossCheck(
            asked=asked,
            level=level,
            seed=seed,
            comparisons=(*self.sampled, *self.by_digits),
            controls=tuple(self.controls),
            unfinished=tuple(self.waiting),
        )


@dataclass(frozen=True, kw_only=True)
class _Roads:
    exact: Exact | None
    equivalent: Equivalent | None
    simulation: MonteCarlo | None


def _apply(run: Run, roads: _Roads, level: float, effort: Effort, collected: _Collected) -> None:
    """The cheap ones first: what is wrong with the run comes out before anything is sampled."""
    exact, equivalent, simulation = roads.exact, roads.equivalent, roads.simulation
    each = level / max(1, (simulation is not None) + (equivalent is not None))
    by_digits: dict[str, Callable[[], tuple[Comparison, ...]]] = {}
    sampled: dict[str, Callable[[], tuple[Comparison, tuple[NegativeControl, ...]]]] = {}
    if exact is not None:
        by_digits["exact in two ways"] = lambda: exact_two_ways(run, exact=exact, effort=effort)
        by_digits["outputs in two ways"] = lambda: outputs_two_ways(run, exact=exact, effort=effort)
    if equivalent is not None:
        by_digits["equivalent in two ways"] = lambda: equivalent_two_ways(
            run, equivalent=equivalent.alone, effort=effort
        )
    if exact is not None and simulation is not None:
        sampled["exact against simulation"] = lambda: exact_against_simulation(
            run, exact=exact, simulation=simulation, level=each, effort=effort
        )
    if exact is not None and equivalent is not None:
        against = finite_size_against_sketches if equivalent.finite_size else equivalent_against_sketches
        sampled["exact against equivalent"] = lambda: against(
            run, exact=exact, equivalent=equivalent, level=each, effort=effort
        )
    collected.waiting += [*by_digits, *sampled]
    for name, compare in by_digits.items():
        collected.by_digits += compare()
        collected.waiting.remove(name)
    for name, sample in sampled.items():
        compared, wrong = sample()
        collected.sampled.append(compared)
        collected.controls += wrong
        collected.waiting.remove(name)
    if not collected.finished:
        raise InvalidInput(
            "an explicit spectrum leaves nothing to compare the equivalent with: add the method Exact()"
        )


def all_roads(seed: int, *, finite_size: bool = False) -> tuple[Method, ...]:
    """All three, as they are compared where none are given."""
    return Exact(seed=seed), Equivalent(finite_size=finite_size), MonteCarlo(seed=seed)


def _roads(methods: Sequence[Method | str] | None, seed: int) -> _Roads:
    asked = all_roads(seed) if methods is None else listed(methods, "methods", _ROADS)
    given = [read_method(method) if isinstance(method, str) else method for method in asked]
    for method in given:
        if not isinstance(method, Exact | Equivalent | MonteCarlo):
            raise InvalidInput(f"there is no rule for the method {shown(method)}: give {_ROADS}")
    roads = _Roads(
        exact=_only(given, Exact), equivalent=_only(given, Equivalent), simulation=_only(given, MonteCarlo)
    )
    if roads.simulation is not None and roads.exact is None:
        raise InvalidInput(
            "a simulation is compared with the exact road on the same sketch: add Exact() to the methods"
        )
    if not given:
        raise InvalidInput("methods is empty: give some of Exact(), Equivalent(), MonteCarlo()")
    return roads


def _only(methods: Sequence[object], kind: type[Road]) -> Road | None:
    found = [method for method in methods if isinstance(method, kind)]
    if len(found) > 1:
        raise InvalidInput(f"{kind.__name__}() is given {len(found)} times: once is enough")
    return found[0] if found else None
