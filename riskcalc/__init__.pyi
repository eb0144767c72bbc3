"""The public names of riskcalc, for editors, type checkers and the loader in `__init__.py`."""

from . import presets as presets, theorems as theorems
from .agreement import CrossCheck as CrossCheck, crosscheck as crosscheck
from .allocation import (
    compute_optimal as compute_optimal,
    isoflops as isoflops,
    model_size_sweep as model_size_sweep,
    production as production,
)
from .answer import output_curves as output_curves, risk as risk
from .asymptotic import Asymptotic as Asymptotic
from .curve import (
    Claim as Claim,
    ExponentialAverage as ExponentialAverage,
    IterateAverage as IterateAverage,
    LastIterate as LastIterate,
    RiskCurve as RiskCurve,
    Run as Run,
    TailAverage as TailAverage,
    Warrant as Warrant,
)
from .dataset import analyse_data as analyse_data, load_data as load_data
from .equivalent import (
    Equivalent as Equivalent,
    descent_variances as descent_variances,
    ensemble_risk as ensemble_risk,
    width_correction as width_correction,
)
from .exact import Exact as Exact, FourthMoments as FourthMoments, Moments as Moments, Unsketched as Unsketched
from .explorer import explore as explore
from .fitting import (
    fit_curves as fit_curves,
    fit_exponents as fit_exponents,
    fit_scaling_law as fit_scaling_law,
    load_curve as load_curve,
    load_curves as load_curves,
    load_points as load_points,
    load_table as load_table,
    local_exponents as local_exponents,
    loss_curve as loss_curve,
)
from .kernel import (
    ArcCosine as ArcCosine,
    Brownian as Brownian,
    BrownianBridge as BrownianBridge,
    DotProduct as DotProduct,
    GaussianLine as GaussianLine,
    KernelFeatures as KernelFeatures,
    PeriodicMatern as PeriodicMatern,
    PeriodicSobolev as PeriodicSobolev,
    PiecewisePolynomial as PiecewisePolynomial,
    Zonal as Zonal,
)
from .least_squares import (
    LeastSquaresEquivalent as LeastSquaresEquivalent,
    LeastSquaresSimulation as LeastSquaresSimulation,
    bayes_risk as bayes_risk,
    ensemble_ridge as ensemble_ridge,
    ridge_risk as ridge_risk,
    ridge_variances as ridge_variances,
    tuned_ridge as tuned_ridge,
    two_ridges as two_ridges,
)
from .numeric.arb_field import Arb as Arb
from .numeric.mpmath_field import Mpmath as Mpmath
from .optimiser import (
    SGD as SGD,
    Dana as Dana,
    DanaDecaying as DanaDecaying,
    HeavyBall as HeavyBall,
    Nesterov as Nesterov,
    ScheduleFree as ScheduleFree,
    TwoBuffer as TwoBuffer,
    from_optax as from_optax,
    from_pytorch as from_pytorch,
    to_optax as to_optax,
    to_pytorch as to_pytorch,
)
from .order import (
    FullBatch as FullBatch,
    OnePass as OnePass,
    Reshuffled as Reshuffled,
    WithReplacement as WithReplacement,
)
from .plotting import (
    plot_allocation_exponent as plot_allocation_exponent,
    plot_component_areas as plot_component_areas,
    plot_components as plot_components,
    plot_crosscheck as plot_crosscheck,
    plot_curve as plot_curve,
    plot_curves_fit as plot_curves_fit,
    plot_data as plot_data,
    plot_fit as plot_fit,
    plot_frontier as plot_frontier,
    plot_isoquants as plot_isoquants,
    plot_loss_surface as plot_loss_surface,
    plot_optimal_schedule as plot_optimal_schedule,
    plot_phases as plot_phases,
    plot_reuse_rates as plot_reuse_rates,
    plot_ridgeless_and_sgd as plot_ridgeless_and_sgd,
    plot_scaling_law as plot_scaling_law,
    plot_variance_bound as plot_variance_bound,
    save_picture as save_picture,
)
from .problem import (
    ExplicitSignal as ExplicitSignal,
    ExplicitSpectrum as ExplicitSpectrum,
    GaussianPrior as GaussianPrior,
    LogarithmicPowerLaw as LogarithmicPowerLaw,
    Measured as Measured,
    MultipleOutputs as MultipleOutputs,
    PowerLaw as PowerLaw,
    PowerLawSignal as PowerLawSignal,
    Problem as Problem,
    load_problem as load_problem,
    measure as measure,
    structured as structured,
)
from .quadratic import (
    MeanField as MeanField,
    QuadraticSGD as QuadraticSGD,
    quadratic_risk as quadratic_risk,
    quadratic_stationary as quadratic_stationary,
)
from .scaling import exponents as exponents, phase_diagram as phase_diagram
from .schedule import (
    Constant as Constant,
    Cosine as Cosine,
    Custom as Custom,
    Geometric as Geometric,
    InverseSquareRoot as InverseSquareRoot,
    MultiStep as MultiStep,
    Polynomial as Polynomial,
    Warmup as Warmup,
    WarmupStableDecay as WarmupStableDecay,
)
from .simulation import (
    Ambient as Ambient,
    DataRows as DataRows,
    Gaussian as Gaussian,
    MonteCarlo as MonteCarlo,
    Rademacher as Rademacher,
    Reduced as Reduced,
    StudentT as StudentT,
)
from .sweeping import sweep as sweep
from .tuning import (
    critical_batch_size as critical_batch_size,
    early_stopping as early_stopping,
    optimal_schedule as optimal_schedule,
    reuse_rate as reuse_rate,
    tuned_step_size as tuned_step_size,
)

__version__: str
