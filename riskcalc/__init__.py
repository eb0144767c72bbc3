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
    from riskcalc.agreement import CrossCheck, crosscheck
    from riskcalc.allocation import compute_optimal, isoflops
    from riskcalc.asymptotic import Asymptotic
    from riskcalc.plotting import (
        plot_component_areas,
        plot_components,
        plot_crosscheck,
        plot_curve,
        plot_frontier,
        plot_loss_surface,
        plot_phases,
        save_picture,
    )
    from riskcalc.scaling import exponents, phase_diagram

# Names whose modules bring SciPy, SymPy or matplotlib along: loaded when first asked for.
_LATER = {
    "Asymptotic": "riskcalc.asymptotic",
    "CrossCheck": "riskcalc.agreement",
    "compute_optimal": "riskcalc.allocation",
    "crosscheck": "riskcalc.agreement",
    "exponents": "riskcalc.scaling",
    "isoflops": "riskcalc.allocation",
    "phase_diagram": "riskcalc.scaling",
    "plot_component_areas": "riskcalc.plotting",
    "plot_components": "riskcalc.plotting",
    "plot_crosscheck": "riskcalc.plotting",
    "plot_curve": "riskcalc.plotting",
    "plot_frontier": "riskcalc.plotting",
    "plot_loss_surface": "riskcalc.plotting",
    "plot_phases": "riskcalc.plotting",
    "save_picture": "riskcalc.plotting",
}

__all__ = [
    "Ambient",
    "Asymptotic",
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
    "compute_optimal",
    "crosscheck",
    "exponents",
    "isoflops",
    "load_problem",
    "measure",
    "phase_diagram",
    "plot_component_areas",
    "plot_components",
    "plot_crosscheck",
    "plot_curve",
    "plot_frontier",
    "plot_loss_surface",
    "plot_phases",
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
