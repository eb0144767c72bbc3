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
    from riskcalc.exact import Exact, Unsketched
    from riskcalc.numeric.arb_field import Arb
    from riskcalc.numeric.mpmath_field import Mpmath
    from riskcalc.plotting import (
        plot_component_areas,
        plot_components,
        plot_crosscheck,
        plot_curve,
        plot_frontier,
        plot_loss_surface,
        plot_optimal_schedule,
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
    from riskcalc.tuning import critical_batch_size, optimal_schedule, tuned_step_size

_ROOMS = {
    "Ambient": "simulation",
    "Arb": "numeric.arb_field",
    "Asymptotic": "asymptotic",
    "Claim": "curve",
    "Constant": "schedule",
    "Cosine": "schedule",
    "CrossCheck": "agreement",
    "Custom": "schedule",
    "DataRows": "simulation",
    "Equivalent": "equivalent",
    "Exact": "exact",
    "ExplicitSignal": "problem",
    "ExplicitSpectrum": "problem",
    "Gaussian": "simulation",
    "Geometric": "schedule",
    "Measured": "problem",
    "MonteCarlo": "simulation",
    "Mpmath": "numeric.mpmath_field",
    "Polynomial": "schedule",
    "PowerLaw": "problem",
    "PowerLawSignal": "problem",
    "Problem": "problem",
    "Rademacher": "simulation",
    "Reduced": "simulation",
    "RiskCurve": "curve",
    "Run": "curve",
    "StudentT": "simulation",
    "Unsketched": "exact",
    "WarmupStableDecay": "schedule",
    "Warrant": "curve",
    "compute_optimal": "allocation",
    "critical_batch_size": "tuning",
    "crosscheck": "agreement",
    "exponents": "scaling",
    "isoflops": "allocation",
    "load_problem": "problem",
    "measure": "problem",
    "optimal_schedule": "tuning",
    "phase_diagram": "scaling",
    "plot_component_areas": "plotting",
    "plot_components": "plotting",
    "plot_crosscheck": "plotting",
    "plot_curve": "plotting",
    "plot_frontier": "plotting",
    "plot_loss_surface": "plotting",
    "plot_optimal_schedule": "plotting",
    "plot_phases": "plotting",
    "risk": "answer",
    "save_picture": "plotting",
    "tuned_step_size": "tuning",
}

__all__ = [
    "Ambient",
    "Arb",
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
    "Unsketched",
    "WarmupStableDecay",
    "Warrant",
    "compute_optimal",
    "critical_batch_size",
    "crosscheck",
    "exponents",
    "isoflops",
    "load_problem",
    "measure",
    "optimal_schedule",
    "phase_diagram",
    "plot_component_areas",
    "plot_components",
    "plot_crosscheck",
    "plot_curve",
    "plot_frontier",
    "plot_loss_surface",
    "plot_optimal_schedule",
    "plot_phases",
    "risk",
    "save_picture",
    "tuned_step_size",
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
