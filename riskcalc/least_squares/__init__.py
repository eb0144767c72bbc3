"""Least squares on the sketched problem: n samples fitted at once by M features, with or without a ridge."""

from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.least_squares.equivalent import LeastSquaresEquivalent
from riskcalc.least_squares.least_squares import LeastSquares
from riskcalc.least_squares.ridge_risk import ridge_risk
from riskcalc.least_squares.simulation import LeastSquaresSimulation
from riskcalc.least_squares.two_ridges import two_ridges

__all__ = [
    "LeastSquares",
    "LeastSquaresEquivalent",
    "LeastSquaresRisk",
    "LeastSquaresSimulation",
    "ridge_risk",
    "two_ridges",
]
