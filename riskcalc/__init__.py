"""riskcalc: the exact-theory calculator for the scaling laws of one-pass SGD on sketched regression.

The public names stand here; the module behind a name is loaded when the name is first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from riskcalc.agreement import CrossCheck, crosscheck
    from riskcalc.allocation import compute_optimal, isoflops
    from riskcalc.answer import risk
    from riskcalc.asymptotic import Asymptotic
    from riskcalc.curve import Claim, RiskCurve, Run, Warrant
    from riskcalc.equivalent import Equivalent
    from riskcalc.exact import Exact, FourthMoments, Moments
    from riskcalc.kernel import (
        ArcCosine,
        Brownian,
        BrownianBridge,
        DotProduct,
        GaussianLine,
        KernelFeatures,
        PeriodicMatern,
        PeriodicSobolev,
        PiecewisePolynomial,
        Zonal,
    )
    from riskcalc.numeric.arb_field import Arb
    from riskcalc.numeric.mpmath_field import Mpmath
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
    from riskcalc.scaling import exponents, phase_diagram
    from riskcalc.schedule import Constant, Cosine, Custom, Geometric, Polynomial, WarmupStableDecay
    from riskcalc.simulation import Ambient, DataRows, Gaussian, MonteCarlo, Rademacher, Reduced, StudentT

_ROOMS = {
    "Ambient": "simulation",
    "Arb": "numeric.arb_field",
    "ArcCosine": "kernel",
    "Asymptotic": "asymptotic",
    "Brownian": "kernel",
    "BrownianBridge": "kernel",
    "Claim": "curve",
    "Constant": "schedule",
    "Cosine": "schedule",
    "CrossCheck": "agreement",
    "Custom": "schedule",
    "DataRows": "simulation",
    "DotProduct": "kernel",
    "Equivalent": "equivalent",
    "Exact": "exact",
    "ExplicitSignal": "problem",
    "ExplicitSpectrum": "problem",
    "FourthMoments": "exact",
    "Gaussian": "simulation",
    "GaussianLine": "kernel",
    "Geometric": "schedule",
    "KernelFeatures": "kernel",
    "Measured": "problem",
    "Moments": "exact",
    "MonteCarlo": "simulation",
    "Mpmath": "numeric.mpmath_field",
    "PeriodicMatern": "kernel",
    "PeriodicSobolev": "kernel",
    "PiecewisePolynomial": "kernel",
    "Polynomial": "schedule",
    "PowerLaw": "problem",
    "PowerLawSignal": "problem",
    "Problem": "problem",
    "Rademacher": "simulation",
    "Reduced": "simulation",
    "RiskCurve": "curve",
    "Run": "curve",
    "StudentT": "simulation",
    "WarmupStableDecay": "schedule",
    "Warrant": "curve",
    "Zonal": "kernel",
    "compute_optimal": "allocation",
    "crosscheck": "agreement",
    "exponents": "scaling",
    "isoflops": "allocation",
    "load_problem": "problem",
    "measure": "problem",
    "phase_diagram": "scaling",
    "plot_component_areas": "plotting",
    "plot_components": "plotting",
    "plot_crosscheck": "plotting",
    "plot_curve": "plotting",
    "plot_frontier": "plotting",
    "plot_loss_surface": "plotting",
    "plot_phases": "plotting",
    "risk": "answer",
    "save_picture": "plotting",
}

__all__ = [
    "Ambient",
    "Arb",
    "ArcCosine",
    "Asymptotic",
    "Brownian",
    "BrownianBridge",
    "Claim",
    "Constant",
    "Cosine",
    "CrossCheck",
    "Custom",
    "DataRows",
    "DotProduct",
    "Equivalent",
    "Exact",
    "ExplicitSignal",
    "ExplicitSpectrum",
    "FourthMoments",
    "Gaussian",
    "GaussianLine",
    "Geometric",
    "KernelFeatures",
    "Measured",
    "Moments",
    "MonteCarlo",
    "Mpmath",
    "PeriodicMatern",
    "PeriodicSobolev",
    "PiecewisePolynomial",
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
    "Zonal",
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
    if name not in _ROOMS:
        raise AttributeError(f"module 'riskcalc' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"riskcalc.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
