"""Pictures of curves, fits, cross-checks and phases; matplotlib is loaded with the first, its state left alone."""

from riskcalc.plotting.components import plot_component_areas, plot_components
from riskcalc.plotting.crosscheck import plot_crosscheck
from riskcalc.plotting.curves import plot_curve
from riskcalc.plotting.fits import plot_fit
from riskcalc.plotting.frontier import plot_frontier
from riskcalc.plotting.phases import plot_loss_surface, plot_phases
from riskcalc.plotting.picture import save_picture

__all__ = [
    "plot_component_areas",
    "plot_components",
    "plot_crosscheck",
    "plot_curve",
    "plot_fit",
    "plot_frontier",
    "plot_loss_surface",
    "plot_phases",
    "save_picture",
]
