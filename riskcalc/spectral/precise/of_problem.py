"""The spectral sums of a problem in a numeric field, by the cheapest way that is exact for it."""

from __future__ import annotations

from functools import singledispatch

from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Field
from riskcalc.problem import LogarithmicPowerLaw, PowerLaw, Problem, Regression
from riskcalc.problem.multiple_outputs import as_one
from riskcalc.spectral.precise.logarithmic_sums import LogarithmicSums
from riskcalc.spectral.precise.power_law_sums import PowerLawSums
from riskcalc.spectral.precise.problem_elements import positive_coordinates
from riskcalc.spectral.precise.sums import Sums
from riskcalc.spectral.precise.term_by_term import TermByTerm


def precise_sums(regression: Regression, field: Field, *, proved: bool = False) -> Sums:
    """The sums of a problem; a float among its numbers stands for exactly the binary fraction it is."""
    problem = as_one(regression)
    return precise_sums_on(problem.spectrum, problem, field, proved=proved)


@singledispatch
def precise_sums_on(spectrum: object, problem: Problem, field: Field, *, proved: bool) -> Sums:
    """The sums of a problem on its spectrum: term by term, where its class has not registered a cheaper way."""
    positive_coordinates(problem)  # refuses what has no such list
    return TermByTerm(problem, field)


@precise_sums_on.register
def _power_law(spectrum: PowerLaw, problem: Problem, field: Field, *, proved: bool) -> Sums:
    signal = problem.power_law_signal
    if signal is None:
        return precise_sums_on.dispatch(object)(spectrum, problem, field, proved=proved)
    return PowerLawSums(spectrum, signal, field, proved=proved)


@precise_sums_on.register
def _logarithmic(spectrum: LogarithmicPowerLaw, problem: Problem, field: Field, *, proved: bool) -> Sums:
    if spectrum.dimension is not None:
        return precise_sums_on.dispatch(object)(spectrum, problem, field, proved=proved)
    if proved:
        raise InvalidInput(
            "sums of a logarithmic spectrum in infinite dimension have no proved remainder: leave certified "
            "out, or give a finite dimension"
        )
    return LogarithmicSums(problem, field)
