"""The spectral sums of a problem, by the cheapest way that is exact for it."""

from __future__ import annotations

from fractions import Fraction
from functools import singledispatch

from riskcalc.errors import InvalidInput
from riskcalc.problem import LogarithmicPowerLaw, PowerLaw, Problem, Regression
from riskcalc.problem.multiple_outputs import as_one
from riskcalc.spectral.power_law_sums import PowerLawSums
from riskcalc.spectral.scale import check_scale
from riskcalc.spectral.sums import SpectralSums
from riskcalc.spectral.term_by_term import ExplicitSums

LARGEST_DIMENSION = 10**18  # of two power laws
_CLOSEST = Fraction(1, 10**100)  # of b to 1
_CARRIED: dict[str, tuple[Fraction | int, int]] = {
    "a": (Fraction(1, 1000), 20),
    "b": (-20, 60),
    "dimension": (1, LARGEST_DIMENSION),
}


def spectral_sums(regression: Regression) -> SpectralSums:
    """The sums of a problem, within what float64 carries round a contour; several outputs of one law count as one."""
    problem = as_one(regression)
    spectrum, signal = problem.spectrum, problem.power_law_signal
    if spectrum.dimension is None and signal is not None and Fraction(signal.b) - 1 < _CLOSEST:
        raise InvalidInput(
            f"b - 1 = {float(Fraction(signal.b) - 1):.3g} is below {float(_CLOSEST):.0e}: in float64 the signal power, "
            "about 1/(b - 1), over a small eigenvalue would overflow; use a larger b, or for two power laws "
            "Equivalent(digits=15)"
        )
    if isinstance(spectrum, PowerLaw) and signal is not None:
        for name, value in (("a", spectrum.a), ("b", signal.b), ("dimension", spectrum.dimension or 1)):
            check_carried(name, value)
    sums = sums_of(problem)
    check_scale(sums.largest)
    return sums


def sums_of(problem: Problem) -> SpectralSums:
    """The sums of a problem, by the cheapest way that is exact for it."""
    return sums_on(problem.spectrum, problem)


@singledispatch
def sums_on(spectrum: object, problem: Problem) -> SpectralSums:
    """The sums of a problem on its spectrum: term by term, where its class has not registered a cheaper way."""
    return ExplicitSums(problem)


@sums_on.register
def _power_law(spectrum: PowerLaw, problem: Problem) -> SpectralSums:
    signal = problem.power_law_signal
    if signal is None:
        return ExplicitSums(problem)
    return PowerLawSums(
        a=Fraction(spectrum.a),
        b=Fraction(signal.b),
        dimension=spectrum.dimension,
        spectrum_scale=float(spectrum.scale),
        signal_scale=float(signal.scale),
    )


@sums_on.register
def _logarithmic(spectrum: LogarithmicPowerLaw, problem: Problem) -> SpectralSums:
    from riskcalc.spectral.logarithmic_sums import logarithmic_sums

    return logarithmic_sums(problem) if spectrum.dimension is None else ExplicitSums(problem)


def check_carried(name: str, value: Fraction | float) -> None:
    """What float64 carries through the powers of j and u that occur: name is "a", "b" or "dimension"."""
    low, high = _CARRIED[name]
    if not low <= value <= high:
        raise InvalidInput(f"the equivalent takes {name} from {float(low):g} to {high:.6g}, not {float(value):.6g}")
