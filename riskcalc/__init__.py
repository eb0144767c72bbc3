"""riskcalc: the exact-theory calculator for the scaling laws of one-pass SGD on sketched regression."""

from typing import TYPE_CHECKING, Any

from riskcalc.answer import risk
from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.equivalent import Equivalent
from riskcalc.exact import Exact
from riskcalc.problem import (
    ExplicitSignal,
    ExplicitSpectrum,
    Measured,
    PowerLaw,
    PowerLawSignal,
    Problem,
    load_problem,
    measure,
)
from riskcalc.schedule import Constant, Cosine, Custom, Geometric, Polynomial, WarmupStableDecay
from riskcalc.simulation import Ambient, DataRows, Gaussian, MonteCarlo, Rademacher, Reduced, StudentT

if TYPE_CHECKING:
    from riskcalc.numeric.arb_field import Arb
    from riskcalc.numeric.mpmath_field import Mpmath
    from riskcalc.agreement import CrossCheck, crosscheck
    from riskcalc.plotting import plot_component_areas, plot_components, plot_crosscheck, plot_curve, save_picture

# Names whose modules bring SciPy, SymPy or matplotlib, mpmath or flint along: loaded when first asked for.
_LATER = {
    "Arb": "riskcalc.numeric.arb_field",
    "CrossCheck": "riskcalc.agreement",
    "Mpmath": "riskcalc.numeric.mpmath_field",
    "crosscheck": "riskcalc.agreement",
    "plot_component_areas": "riskcalc.plotting",
    "plot_components": "riskcalc.plotting",
    "plot_crosscheck": "riskcalc.plotting",
    "plot_curve": "riskcalc.plotting",
    "save_picture": "riskcalc.plotting",
}

__all__ = [
    "Ambient",
    "Arb",
    "Claim",
    "Constant",
    "Cosine",
    "CrossCheck",
    "Custom",
    "DataRows",
    "Equivalent",
    "Exact",
    "ExplicitSignal",
    "ExplicitSpectrum",
    "Gaussian",
    "Geometric",
    "Measured",
    "MonteCarlo",
    "Mpmath",
    "Polynomial",
    "PowerLaw",
    "PowerLawSignal",
    "Problem",
    "Rademacher",
    "Reduced",
    "RiskCurve",
    "Run",
    "StudentT",
    "WarmupStableDecay",
    "Warrant",
    "crosscheck",
    "load_problem",
    "measure",
    "plot_component_areas",
    "plot_components",
    "plot_crosscheck",
    "plot_curve",
    "risk",
    "save_picture",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        import importlib

        return getattr(importlib.import_module(_LATER[name]), name)
    raise AttributeError(f"module 'riskcalc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
