"""Methods of training, and averages of their iterates: one a file, a few numbers a step each."""

from riskcalc.dynamics.methods.averaged import Summed
from riskcalc.dynamics.methods.sgd import Sgd

__all__ = ["Sgd", "Summed"]
