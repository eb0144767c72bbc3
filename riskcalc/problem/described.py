"""A problem read back from what it says of itself: the inverse of `Problem.describe`."""

from __future__ import annotations

from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.problem.problem import Problem
from riskcalc.problem.signal import ExplicitSignal, GaussianPrior, PowerLawSignal, Signal
from riskcalc.problem.spectrum import ExplicitSpectrum, LogarithmicPowerLaw, PowerLaw, Spectrum

_LAWS: dict[str, Any] = {"a": PowerLaw, "log_a": LogarithmicPowerLaw}


def described_problem(record: dict[str, Any]) -> Problem:
    """The problem of one output that a run, a curve or a file describes; what else is said beside it is not looked at.

    >>> problem = Problem(spectrum=PowerLaw(a="3/2"), signal=PowerLawSignal(b=2), noise="1/10")
    >>> described_problem(problem.describe()) == problem
    True
    """
    if str(record.get("outputs", "1")) != "1":
        raise InvalidInput(f"one output is meant, not {record['outputs']}: ask for each output by itself")
    return Problem(spectrum=_spectrum(record), signal=_signal(record), noise=record.get("noise", 0))


def _spectrum(record: dict[str, Any]) -> Spectrum:
    if "eigenvalues" in record:
        return ExplicitSpectrum(record["eigenvalues"])
    for name, law in _LAWS.items():
        if name in record and "dimension" in record:
            found: Spectrum = law(
                record[name], dimension=record["dimension"], scale=record.get("spectrum_scale", 1)
            )
            return found
    raise InvalidInput("nothing is said of the spectrum: a, log_a or eigenvalues, and the dimension, are needed")


def _signal(record: dict[str, Any]) -> Signal:
    if "target" in record:
        return ExplicitSignal(record["target"])
    scale = record.get("signal_scale", 1)
    if "prior" in record:
        return GaussianPrior(record.get("b"), scale=scale)
    if "b" in record:
        return PowerLawSignal(record["b"], scale=scale, signs=record.get("signal_signs"))
    raise InvalidInput("nothing is said of the signal: b, a prior or a target is needed")
