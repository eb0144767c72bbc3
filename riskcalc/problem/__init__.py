"""What is learnt: spectra, signals, noise, the random sketch, and the papers' letters for them."""

from riskcalc.problem.problem import Problem
from riskcalc.problem.reading import load_problem
from riskcalc.problem.signal import ExplicitSignal, PowerLawSignal
from riskcalc.problem.sketch import gaussian_sketch
from riskcalc.problem.spectrum import ExplicitSpectrum, PowerLaw

__all__ = [
    "ExplicitSignal",
    "ExplicitSpectrum",
    "PowerLaw",
    "PowerLawSignal",
    "Problem",
    "gaussian_sketch",
    "load_problem",
]
