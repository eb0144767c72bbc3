"""riskcalc: the exact-theory calculator for the scaling laws of one-pass SGD on sketched regression."""

from riskcalc.answer import risk
from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.equivalent import Equivalent
from riskcalc.exact import Exact
from riskcalc.problem import ExplicitSignal, ExplicitSpectrum, Measured, PowerLaw, PowerLawSignal, Problem, measure
from riskcalc.schedule import Constant, Cosine, Custom, Geometric, Polynomial, WarmupStableDecay

__all__ = [
    "Claim",
    "Constant",
    "Cosine",
    "Custom",
    "Equivalent",
    "Exact",
    "ExplicitSignal",
    "ExplicitSpectrum",
    "Geometric",
    "Polynomial",
    "PowerLaw",
    "PowerLawSignal",
    "Problem",
    "RiskCurve",
    "Run",
    "WarmupStableDecay",
    "Warrant",
    "risk",
]
