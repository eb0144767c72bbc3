"""Kernels with their exact spectra and eigenfunctions; problems and covariates made from them."""

from riskcalc.kernel.arc_cosine import ArcCosine
from riskcalc.kernel.brownian import Brownian
from riskcalc.kernel.brownian_bridge import BrownianBridge
from riskcalc.kernel.decay import Decay
from riskcalc.kernel.dot_product import DotProduct
from riskcalc.kernel.expansion import Expansion
from riskcalc.kernel.features import KernelFeatures
from riskcalc.kernel.gaussian_line import GaussianLine
from riskcalc.kernel.kernel import Kernel
from riskcalc.kernel.nystrom import nystrom
from riskcalc.kernel.periodic_matern import PeriodicMatern
from riskcalc.kernel.periodic_sobolev import PeriodicSobolev
from riskcalc.kernel.piecewise import PiecewisePolynomial
from riskcalc.kernel.zonal import Zonal

__all__ = [
    "ArcCosine",
    "Brownian",
    "BrownianBridge",
    "Decay",
    "DotProduct",
    "Expansion",
    "GaussianLine",
    "Kernel",
    "KernelFeatures",
    "PeriodicMatern",
    "PeriodicSobolev",
    "PiecewisePolynomial",
    "Zonal",
    "nystrom",
]
