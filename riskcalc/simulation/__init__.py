"""Road 4, Monte Carlo: SGD run on random samples. Knows no formula of the theory."""

from riskcalc.simulation.ambient import Ambient
from riskcalc.simulation.covariates import CovariateLaw, Gaussian, Rademacher, StudentT
from riskcalc.simulation.data_rows import DataRows
from riskcalc.simulation.monte_carlo import MonteCarlo
from riskcalc.simulation.reduced import Reduced

__all__ = ["Ambient", "CovariateLaw", "DataRows", "Gaussian", "MonteCarlo", "Rademacher", "Reduced", "StudentT"]
