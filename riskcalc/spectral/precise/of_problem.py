"""The spectral sums of a problem in a numeric field, by the cheapest way that is exact for it."""

from __future__ import annotations

from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Field
from riskcalc.problem import LogarithmicPowerLaw, PowerLaw, Regression
from riskcalc.problem.multiple_outputs import as_one
from riskcalc.spectral.precise.power_law_sums import PowerLawSums
from riskcalc.spectral.precise.problem_elements import positive_coordinates
from riskcalc.spectral.precise.sums import Sums
from riskcalc.spectral.precise.term_by_term import TermByTerm


def precise_sums(regression: Regression, field: Field, *, proved: bool = False) -> Sums:
    """The sums of a problem; a float among its numbers stands for exactly the binary fraction it is."""
    problem = as_one(regression)
    spectrum, signal = problem.spectrum, problem.power_law_signal
    if isinstance(spectrum, PowerLaw) and signal is not None:
        return PowerLawSums(spectrum, signal, field, proved=proved)
    if isinstance(spectrum, LogarithmicPowerLaw) and spectrum.dimension is None:
        if proved:
            raise InvalidInput(
                "sums of a logarithmic spectrum in infinite dimension have no proved remainder: leave certified "
                "out, or give a finite dimension"
            )
        from riskcalc.spectral.precise.logarithmic_sums import LogarithmicSums

        return LogarithmicSums(problem, field)
    positive_coordinates(problem)  # refuses what has no such list
    return TermByTerm(problem, field)
