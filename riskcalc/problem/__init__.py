"""What is learnt: spectra, signals, noise, the random sketch, and the papers' letters for them."""

from riskcalc.problem.described import described_problem
from riskcalc.problem.measured import Measured, measure
from riskcalc.problem.multiple_outputs import MultipleOutputs, Regression
from riskcalc.problem.papers import (
    PAPERS,
    Atanasov2024,
    Bordelon2024,
    Bordelon2024b,
    Defilippis2024,
    Li2025,
    Lin2024,
    Maloney2022,
    Paquette2024,
)
from riskcalc.problem.problem import Problem
from riskcalc.problem.reading import load_problem
from riskcalc.problem.signal import ExplicitSignal, GaussianPrior, PowerLawSignal
from riskcalc.problem.sketch import gaussian_sketch
from riskcalc.problem.spectrum import ExplicitSpectrum, Law, LogarithmicPowerLaw, PowerLaw, Spectrum
from riskcalc.problem.structured import structured
from riskcalc.problem.translation import (
    Convention,
    Gradient,
    Letters,
    our_risk,
    our_step_size,
    their_risk,
    their_step_size,
    translate,
)

__all__ = [
    "PAPERS",
    "Atanasov2024",
    "Bordelon2024",
    "Bordelon2024b",
    "Convention",
    "Defilippis2024",
    "ExplicitSignal",
    "ExplicitSpectrum",
    "GaussianPrior",
    "Gradient",
    "Law",
    "Letters",
    "Li2025",
    "Lin2024",
    "LogarithmicPowerLaw",
    "Maloney2022",
    "Measured",
    "MultipleOutputs",
    "Paquette2024",
    "PowerLaw",
    "PowerLawSignal",
    "Problem",
    "Regression",
    "Spectrum",
    "described_problem",
    "gaussian_sketch",
    "load_problem",
    "measure",
    "our_risk",
    "our_step_size",
    "structured",
    "their_risk",
    "their_step_size",
    "translate",
]
