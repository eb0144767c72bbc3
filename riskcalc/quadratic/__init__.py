"""The quadratic parameterisation f = <x, v*v>: SGD on v by simulation, its mean-field chain, its stationary law."""

from riskcalc.quadratic.curve import QuadraticCurve
from riskcalc.quadratic.gamma_law import GammaLaw, quadratic_stationary
from riskcalc.quadratic.mean_field import MeanField
from riskcalc.quadratic.quadratic_risk import quadratic_risk
from riskcalc.quadratic.sgd import QuadraticSGD

__all__ = ["GammaLaw", "MeanField", "QuadraticCurve", "QuadraticSGD", "quadratic_risk", "quadratic_stationary"]
