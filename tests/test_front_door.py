"""The public names, pinned; and what importing the package must not load."""

import subprocess
import sys

import pytest

import riskcalc

NAMES = """
Ambient Arb ArcCosine Asymptotic Brownian BrownianBridge Claim Constant Cosine CrossCheck Custom Dana DanaDecaying
DataRows DotProduct Equivalent Exact ExplicitSignal ExplicitSpectrum ExponentialAverage FourthMoments FullBatch Gaussian
GaussianLine GaussianPrior Geometric HeavyBall InverseSquareRoot IterateAverage KernelFeatures LastIterate
LeastSquaresEquivalent LeastSquaresSimulation LogarithmicPowerLaw MeanField Measured Moments MonteCarlo Mpmath MultiStep
MultipleOutputs Nesterov OnePass PeriodicMatern PeriodicSobolev PiecewisePolynomial Polynomial PowerLaw PowerLawSignal
Problem QuadraticSGD Rademacher Reduced Reshuffled RiskCurve Run SGD ScheduleFree StudentT TailAverage TwoBuffer
Unsketched Warmup WarmupStableDecay Warrant WithReplacement Zonal analyse_data bayes_risk compute_optimal
critical_batch_size crosscheck descent_variances early_stopping ensemble_ridge ensemble_risk explore exponents
fit_curves fit_exponents fit_scaling_law from_optax from_pytorch isoflops load_curve load_curves load_data load_points
load_problem
load_table local_exponents loss_curve measure model_size_sweep optimal_schedule output_curves phase_diagram
plot_allocation_exponent plot_component_areas plot_components plot_crosscheck plot_curve plot_curves_fit plot_data
plot_fit plot_frontier plot_isoquants plot_loss_surface plot_optimal_schedule plot_phases plot_reuse_rates
plot_ridgeless_and_sgd plot_scaling_law plot_variance_bound presets production quadratic_risk quadratic_stationary
reuse_rate ridge_risk ridge_variances risk save_picture structured sweep theorems to_optax to_pytorch tuned_ridge
tuned_step_size two_ridges width_correction
"""


def test_public_names_are_pinned():
    assert sorted(riskcalc.__all__) == sorted(NAMES.split())


@pytest.mark.parametrize("name", NAMES.split())
def test_every_public_name_is_there_and_documented(name):
    assert getattr(riskcalc, name).__doc__


def test_unknown_name():
    with pytest.raises(AttributeError, match="No riskcalc attribute nothing"):
        riskcalc.nothing  # noqa: B018


def test_importing_loads_nothing_heavy():
    heavy = ("sympy", "matplotlib", "scipy", "mpmath", "flint", "xarray", "click")
    script = f"import sys, riskcalc; print([name for name in {heavy!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_curve_at_the_command_line_loads_neither_scipy_nor_sympy():
    asked = ["risk", "--a", "2", "--b", "3", "--model-size", "100", "--step-size", "0.1", "--steps", "50"]
    script = (
        "import sys; from riskcalc.cli.application import main\n"
        f"try: main({asked!r})\nexcept SystemExit: pass\n"
        "print([name for name in ('scipy', 'sympy', 'mpmath', 'matplotlib') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    lines = found.stdout.strip().splitlines()
    assert len(lines) > 2
    assert lines[-1] == "[]"


def test_the_version_is_that_of_the_distribution():
    """In a checkout that is not installed there is nothing to compare with; the form is checked all the same."""
    from importlib import metadata

    assert riskcalc.__version__.count(".") == 2
    try:
        installed = metadata.version("riskcalc-sgd")
    except metadata.PackageNotFoundError:
        return
    assert installed == riskcalc.__version__


def test_the_package_says_that_it_is_typed():
    from importlib import resources

    assert (resources.files("riskcalc") / "py.typed").is_file()


@pytest.mark.parametrize("room", ["riskcalc", "riskcalc.problem", "riskcalc.equivalent"])
def test_a_module_is_sent_to_a_worker_by_its_name(room):
    """As what a function of a user's script knows; the class that the loader gives some modules has no pickle."""
    cloudpickle = pytest.importorskip("cloudpickle")
    assert callable(riskcalc.Equivalent)  # loads them
    module = sys.modules[room]
    assert cloudpickle.loads(cloudpickle.dumps(module)) is module
