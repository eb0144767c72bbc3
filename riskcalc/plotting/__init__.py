"""Pictures of curves, fits, cross-checks and phases; matplotlib is loaded with the first, its state left alone."""

from riskcalc.plotting.allocation_exponent import plot_allocation_exponent
from riskcalc.plotting.components import plot_component_areas, plot_components
from riskcalc.plotting.crosscheck import plot_crosscheck
from riskcalc.plotting.curves import plot_curve
from riskcalc.plotting.curves_fit import plot_curves_fit
from riskcalc.plotting.dataset import plot_data
from riskcalc.plotting.fits import plot_fit
from riskcalc.plotting.frontier import plot_frontier
from riskcalc.plotting.isoquants import plot_isoquants
from riskcalc.plotting.overfitting import plot_ridgeless_and_sgd, plot_variance_bound
from riskcalc.plotting.phases import plot_loss_surface, plot_phases
from riskcalc.plotting.picture import save_picture
from riskcalc.plotting.reuse import plot_reuse_rates
from riskcalc.plotting.scaling_law import plot_scaling_law
from riskcalc.plotting.schedules import plot_optimal_schedule

__all__ = [
    "plot_allocation_exponent",
    "plot_component_areas",
    "plot_components",
    "plot_crosscheck",
    "plot_curve",
    "plot_curves_fit",
    "plot_data",
    "plot_fit",
    "plot_frontier",
    "plot_isoquants",
    "plot_loss_surface",
    "plot_optimal_schedule",
    "plot_phases",
    "plot_reuse_rates",
    "plot_ridgeless_and_sgd",
    "plot_scaling_law",
    "plot_variance_bound",
    "save_picture",
]
