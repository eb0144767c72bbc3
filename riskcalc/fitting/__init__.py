"""Empirical exponents: power laws fitted to any curve, with intervals whose coverage is measured."""

from riskcalc.fitting.curves_fit import CurvesFit
from riskcalc.fitting.exponents import fit_exponents
from riskcalc.fitting.files import load_table
from riskcalc.fitting.fit_curves import fit_curves
from riskcalc.fitting.interval import BCa, Percentile, Studentised
from riskcalc.fitting.loss import Huber, SoftL1
from riskcalc.fitting.loss_curves import LossCurve, load_curve, load_curves, loss_curve
from riskcalc.fitting.points import LossPoints, load_points
from riskcalc.fitting.report import ExponentFit, Term
from riskcalc.fitting.scaling_law import Allocation, HoldOut, Prediction, ScalingLawFit
from riskcalc.fitting.slopes import LocalExponents, local_exponents
from riskcalc.fitting.surface import fit_scaling_law
from riskcalc.fitting.table import Table

__all__ = [
    "Allocation",
    "BCa",
    "CurvesFit",
    "ExponentFit",
    "HoldOut",
    "Huber",
    "LocalExponents",
    "LossCurve",
    "LossPoints",
    "Percentile",
    "Prediction",
    "ScalingLawFit",
    "SoftL1",
    "Studentised",
    "Table",
    "Term",
    "fit_curves",
    "fit_exponents",
    "fit_scaling_law",
    "load_curve",
    "load_curves",
    "load_points",
    "load_table",
    "local_exponents",
    "loss_curve",
]
