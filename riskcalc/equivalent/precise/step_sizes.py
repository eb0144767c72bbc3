"""The step sizes of a schedule to any number of digits, under the name by which this road knows them."""

from riskcalc.dynamics.step_sizes import step_sizes

__all__ = ["step_sizes"]
