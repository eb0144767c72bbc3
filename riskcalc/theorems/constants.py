"""The constants a theorem leaves open, measured: exact value over bound, along a ladder of runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from riskcalc.answer import risk
from riskcalc.curve import Method, RiskCurve, Run, checked_run
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real, as_function, chosen, listed
from riskcalc.theorems.statement import Statement


@dataclass(frozen=True, kw_only=True, eq=False)
class MeasuredConstants:
    """Exact value over bound for each part, one value a run.

    Parameters
    ----------
    statements : tuple[Statement, ...]
        One a run.
    curves : tuple[RiskCurve, ...]
        One a run.
    ratios : dict[str, Real]
        By part, shape (runs,); `excess` stands for all parts together.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: made by `measured_constants`.

    Source: Lin et al. (arXiv 2406.08466), whose constants it measures.

    Examples
    --------
    >>> from riskcalc import Geometric, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> run = Run(problem, model_size=1e6, schedule=Geometric("1/10"), steps=[1024])
    >>> from riskcalc.theorems import theorem_41
    >>> sorted(measured_constants(theorem_41, [run]).ratios)
    ['approximation', 'bias', 'excess', 'variance']
    """

    statements: tuple[Statement, ...]
    curves: tuple[RiskCurve, ...]
    ratios: dict[str, Real]

    def range(self, part: str) -> tuple[float, float]:
        """The smallest and the largest ratio: the constants that make the bound hold on this ladder."""
        chosen(part, "part", self.ratios)
        return float(self.ratios[part].min()), float(self.ratios[part].max())

    def __str__(self) -> str:
        first = self.statements[0]
        lines = [f"theorem {first.theorem} ({first.kind}): exact value over bound, {len(self.curves)} runs"]
        for part, values in self.ratios.items():
            low, high = self.range(part)
            lines.append(f"  {part:<14} {low:.4g} .. {high:.4g}, last {values[-1]:.4g}")
        return "\n".join(lines)


def measured_constants(
    theorem: Callable[[Run], Statement], runs: Iterable[Run], *, method: Method | None = None
) -> MeasuredConstants:
    """Put a theorem and the exact value side by side along a ladder of runs.

    Parameters
    ----------
    theorem : Callable[[Run], Statement]
        A function of this room that takes a run.
    runs : iterable of Run
        Along which something grows.
    method : Method or None, default None
        The road that gives the exact value (the deterministic equivalent if none is given).

    Returns
    -------
    MeasuredConstants
        Exact value over bound, one a run and part.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: runs to which the theorem applies.

    Source: Lin et al. (arXiv 2406.08466); the road gives the exact value.

    Examples
    --------
    >>> from riskcalc import Geometric, PowerLaw, PowerLawSignal, Problem
    >>> from riskcalc.theorems import theorem_41
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> runs = [Run(problem, model_size=1e6, schedule=Geometric("1/10"), steps=[10**k]) for k in (4, 6, 8)]
    >>> print(measured_constants(theorem_41, runs))
    theorem 4.1 (order): exact value over bound, 3 runs
      approximation  2.467 .. 2.467, last 2.467
      bias           0.4424 .. 0.4457, last 0.4424
      variance       0.3173 .. 0.3265, last 0.3265
      excess         0.4327 .. 0.434, last 0.433
    """
    asked = listed(runs, "runs", "a list of runs")
    if not asked:
        raise InvalidInput("the ladder is empty: give at least one run")
    bound = as_function(theorem, "theorem", "a function of a run, such as theorem_42")
    statements = tuple(bound(checked_run(run)) for run in asked)
    if not all(isinstance(it, Statement) for it in statements):
        raise InvalidInput(
            f"{getattr(theorem, '__name__', 'the theorem')} does not give one statement for each run: pass a function "
            "that picks one, such as lambda run: theorem_61(run)[1]"
        )
    curves = tuple(risk(run, method=method) for run in asked)
    ratios = {
        part: np.array([_part(curve, part) / it.terms[part] for curve, it in zip(curves, statements, strict=True)])
        for part in statements[0].terms
        if all(it.terms[part] > 0 for it in statements)
    }
    ratios["excess"] = np.array([curve.excess[-1] / it.total for curve, it in zip(curves, statements, strict=True)])
    return MeasuredConstants(statements=statements, curves=curves, ratios=ratios)


def _part(curve: RiskCurve, part: str) -> float:
    if part == "approximation":
        return curve.approximation
    values = getattr(curve, part)
    if values is None:
        raise InvalidInput("this road does not separate bias and variance: use Exact(...) or Equivalent(...)")
    return float(values[-1])
