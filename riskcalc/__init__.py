"""riskcalc: the exact-theory calculator for the scaling laws of one-pass SGD on sketched regression."""

from typing import TYPE_CHECKING, Any

from riskcalc.answer import risk
from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.equivalent import Equivalent
from riskcalc.exact import Exact
from riskcalc.problem import ExplicitSignal, ExplicitSpectrum, Measured, PowerLaw, PowerLawSignal, Problem, measure
from riskcalc.schedule import Constant, Cosine, Custom, Geometric, Polynomial, WarmupStableDecay

if TYPE_CHECKING:
    from riskcalc.asymptotic import Asymptotic

# Names whose modules bring SciPy, SymPy or matplotlib along: loaded when first asked for.
_LATER = {
    "Asymptotic": "riskcalc.asymptotic",
}

__all__ = [
    "Asymptotic",
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


def __getattr__(name: str) -> Any:
    if name in _LATER:
        import importlib

        return getattr(importlib.import_module(_LATER[name]), name)
    raise AttributeError(f"module 'riskcalc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
