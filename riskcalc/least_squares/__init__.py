"""Least squares on the sketched problem: n samples fitted at once by M features, with or without a ridge."""

from riskcalc.least_squares.bayes import BayesRisk, bayes_risk
from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.least_squares.equivalent import LeastSquaresEquivalent
from riskcalc.least_squares.least_squares import LeastSquares
from riskcalc.least_squares.ridge_risk import ridge_risk
from riskcalc.least_squares.several_fits import ensemble_ridge, ridge_variances
from riskcalc.least_squares.simulation import LeastSquaresSimulation
from riskcalc.least_squares.tuned_ridge import TunedRidge, tuned_ridge
from riskcalc.least_squares.two_ridges import two_ridges
from riskcalc.least_squares.under_curve import floor_under

__all__ = [
    "BayesRisk",
    "LeastSquares",
    "LeastSquaresEquivalent",
    "LeastSquaresRisk",
    "LeastSquaresSimulation",
    "TunedRidge",
    "bayes_risk",
    "ensemble_ridge",
    "floor_under",
    "ridge_risk",
    "ridge_variances",
    "tuned_ridge",
    "two_ridges",
]
