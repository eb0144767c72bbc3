"""Pictures of curves, cross-checks and phases; matplotlib is loaded when the first is drawn, its state left alone."""

from riskcalc.plotting.components import plot_component_areas, plot_components
from riskcalc.plotting.crosscheck import plot_crosscheck
from riskcalc.plotting.curves import plot_curve
from riskcalc.plotting.frontier import plot_frontier
from riskcalc.plotting.phases import plot_loss_surface, plot_phases
from riskcalc.plotting.picture import save_picture
from riskcalc.plotting.schedules import plot_optimal_schedule

__all__ = [
    "plot_component_areas",
    "plot_components",
    "plot_crosscheck",
    "plot_curve",
    "plot_frontier",
    "plot_loss_surface",
    "plot_optimal_schedule",
    "plot_phases",
    "save_picture",
]
