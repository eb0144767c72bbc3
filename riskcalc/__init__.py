"""riskcalc: the exact-theory calculator for the scaling laws of one-pass SGD on sketched regression.

The public names stand here; the module behind a name is loaded when the name is first used.
"""

# Nothing is loaded here, not even `typing`: an interrupt before `riskcalc.cli.main` is at work shows a traceback.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from riskcalc import presets, theorems
    from riskcalc.agreement import CrossCheck, crosscheck
    from riskcalc.allocation import compute_optimal, isoflops, model_size_sweep, production
    from riskcalc.answer import output_curves, risk
    from riskcalc.asymptotic import Asymptotic
    from riskcalc.curve import Claim, IterateAverage, LastIterate, RiskCurve, Run, TailAverage, Warrant
    from riskcalc.dataset import analyse_data, load_data
    from riskcalc.equivalent import Equivalent
    from riskcalc.exact import Exact, FourthMoments, Moments, Unsketched
    from riskcalc.fitting import fit_exponents, fit_scaling_law, load_table, local_exponents
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
    from riskcalc.least_squares import LeastSquaresEquivalent, LeastSquaresSimulation, ridge_risk
    from riskcalc.numeric.arb_field import Arb
    from riskcalc.numeric.mpmath_field import Mpmath
    from riskcalc.plotting import (
        plot_allocation_exponent,
        plot_component_areas,
        plot_components,
        plot_crosscheck,
        plot_curve,
        plot_data,
        plot_fit,
        plot_frontier,
        plot_isoquants,
        plot_loss_surface,
        plot_optimal_schedule,
        plot_phases,
        plot_ridgeless_and_sgd,
        plot_variance_bound,
        save_picture,
    )
    from riskcalc.problem import (
        ExplicitSignal,
        ExplicitSpectrum,
        GaussianPrior,
        LogarithmicPowerLaw,
        Measured,
        MultipleOutputs,
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
    "GaussianPrior": "problem",
    "Geometric": "schedule",
    "IterateAverage": "curve",
    "KernelFeatures": "kernel",
    "LastIterate": "curve",
    "LeastSquaresEquivalent": "least_squares",
    "LeastSquaresSimulation": "least_squares",
    "LogarithmicPowerLaw": "problem",
    "Measured": "problem",
    "Moments": "exact",
    "MonteCarlo": "simulation",
    "Mpmath": "numeric.mpmath_field",
    "MultipleOutputs": "problem",
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
    "TailAverage": "curve",
    "Unsketched": "exact",
    "WarmupStableDecay": "schedule",
    "Warrant": "curve",
    "Zonal": "kernel",
    "analyse_data": "dataset",
    "compute_optimal": "allocation",
    "critical_batch_size": "tuning",
    "crosscheck": "agreement",
    "exponents": "scaling",
    "fit_exponents": "fitting",
    "fit_scaling_law": "fitting",
    "isoflops": "allocation",
    "load_data": "dataset",
    "load_problem": "problem",
    "load_table": "fitting",
    "local_exponents": "fitting",
    "measure": "problem",
    "model_size_sweep": "allocation",
    "optimal_schedule": "tuning",
    "output_curves": "answer",
    "phase_diagram": "scaling",
    "plot_allocation_exponent": "plotting",
    "plot_component_areas": "plotting",
    "plot_components": "plotting",
    "plot_crosscheck": "plotting",
    "plot_curve": "plotting",
    "plot_data": "plotting",
    "plot_fit": "plotting",
    "plot_frontier": "plotting",
    "plot_isoquants": "plotting",
    "plot_loss_surface": "plotting",
    "plot_optimal_schedule": "plotting",
    "plot_phases": "plotting",
    "plot_ridgeless_and_sgd": "plotting",
    "plot_variance_bound": "plotting",
    "presets": "presets",
    "production": "allocation",
    "ridge_risk": "least_squares",
    "risk": "answer",
    "save_picture": "plotting",
    "theorems": "theorems",
    "tuned_step_size": "tuning",
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
    "GaussianPrior",
    "Geometric",
    "IterateAverage",
    "KernelFeatures",
    "LastIterate",
    "LeastSquaresEquivalent",
    "LeastSquaresSimulation",
    "LogarithmicPowerLaw",
    "Measured",
    "Moments",
    "MonteCarlo",
    "Mpmath",
    "MultipleOutputs",
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
    "TailAverage",
    "Unsketched",
    "WarmupStableDecay",
    "Warrant",
    "Zonal",
    "analyse_data",
    "compute_optimal",
    "critical_batch_size",
    "crosscheck",
    "exponents",
    "fit_exponents",
    "fit_scaling_law",
    "isoflops",
    "load_data",
    "load_problem",
    "load_table",
    "local_exponents",
    "measure",
    "model_size_sweep",
    "optimal_schedule",
    "output_curves",
    "phase_diagram",
    "plot_allocation_exponent",
    "plot_component_areas",
    "plot_components",
    "plot_crosscheck",
    "plot_curve",
    "plot_data",
    "plot_fit",
    "plot_frontier",
    "plot_isoquants",
    "plot_loss_surface",
    "plot_optimal_schedule",
    "plot_phases",
    "plot_ridgeless_and_sgd",
    "plot_variance_bound",
    "presets",
    "production",
    "ridge_risk",
    "risk",
    "save_picture",
    "theorems",
    "tuned_step_size",
]


def __getattr__(name: str) -> "Any":
    if name not in _ROOMS:
        raise AttributeError(f"module 'riskcalc' has no attribute {name!r}")
    import importlib

    room = importlib.import_module(f"riskcalc.{_ROOMS[name]}")
    value = room if _ROOMS[name] == name else getattr(room, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
