"""The noise of runs from what a fit leaves: correlated from record to record, by an unknown amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from riskcalc.quantity import Real

FEWEST_FOR_CORRELATION = 12  # residuals to spare; fewer cannot tell a correlation from none
_PLACES = np.linspace(-1.2, 3.8, 61)  # artanh of the correlations looked at, from -0.83 to 0.999
_FALL = 3.0  # of the density before, by the artanh of a positive correlation
_WALK = 2.6  # artanh from which on the noise is as good as a random walk
_EVEN, _RARER = 12.0, 2.3  # residuals to spare at which a walk is as likely as not, and the power by which it fades
_ROUNDED = 1e-9  # relative: where a root is bracketed, more than rounding takes off


@dataclass(frozen=True, kw_only=True, eq=False)
class Noise:
    """What the residuals of runs say of linear statistics of their noise.

    grid, weights, squares: correlations, how likely the residuals make each, and what they leave of the residuals.
    deviations: of the statistics, shape (correlations, k).
    """

    spare: int
    grid: Real
    weights: Real
    squares: Real
    deviations: Real
    begins: tuple[int, ...]

    @property
    def correlation(self) -> float | None:
        """Of neighbouring records, the median over what the residuals allow; None where it was not looked for."""
        return float(self.grid[self._middle]) if self.grid.size > 1 else None

    @property
    def deviation(self) -> float:
        """Of one record, at that correlation."""
        return float(np.sqrt(self.squares[self._middle] / self.spare))

    @property
    def _middle(self) -> int:
        return int(np.searchsorted(np.cumsum(self.weights), 0.5).clip(0, self.grid.size - 1))

    def chance(self, residuals: Real, jacobian: Real, *, freedom: int) -> float:
        """How likely noise alone would take the fit as far beyond a poorer one, of these residuals and Jacobian.

        Formula: sum_phi p(phi) P(F > ((RSS' - RSS)/k) / (RSS/nu)), F with k and nu degrees of freedom.
        """
        from scipy.stats import f

        poorer = np.array([_left(residuals, jacobian, phi, self.begins)[0] for phi in self.grid])
        return float(self.weights @ f.sf((poorer / self.squares - 1) * self.spare / freedom, freedom, self.spare))

    def reach(self, level: float) -> Real:
        """Half the length of the interval of each statistic.

        Formula: sum_phi p(phi) P(|t_nu| > x/sd(phi)) = 1 - level, solved for x.
        """
        from scipy.optimize import brentq
        from scipy.stats import t

        widest = t.ppf((1 + level) / 2, self.spare)
        found = []
        for column in self.deviations.T:
            if column.max() <= 0:
                found.append(0.0)
                continue

            def missed(x: float, column: Real = column) -> float:
                return float(self.weights @ (2 * t.sf(x / column, self.spare))) - (1 - level)

            low, high = (float(edge) * widest for edge in (column.min(), column.max()))
            # nearly all weight may stand at one end, which rounding would put on the wrong side of the root
            low, high = low * (1 - _ROUNDED), high * (1 + _ROUNDED)
            found.append(brentq(missed, low, high, xtol=1e-12 * high))
        return np.array(found)


def residual_noise(residuals: Real, jacobian: Real, statistics: Real, *, begins: Sequence[int] = (0,)) -> Noise:
    """Noise of the statistics `statistics @ noise`, from residuals of a fit with this Jacobian.

    Formula: noise of variance s2 and correlation phi^|i - j| between records i and j of a run. For each phi the
        restricted likelihood of the residuals weighs it, times a density before under which limits hold about as
        often whatever phi is, and s2 = RSS(phi)/(n - p); a statistic w has the variance s2 sum_ij w_i w_j phi^|i - j|.
        With fewer than FEWEST_FOR_CORRELATION residuals to spare phi is 0.
    Shapes: residuals (n,), jacobian (n, p), statistics (k, n). begins: where each run begins in them.
    Source: D60.
    """
    spare, runs = max(1, residuals.size - jacobian.shape[1]), tuple(begins)
    grid, before = correlations(spare)
    likelihood, squares, variances = [], [], []
    for phi in grid:
        left, determinant = _left(residuals, jacobian, phi, runs)
        determinant += (residuals.size - len(runs)) / 2 * np.log1p(-(phi**2))
        likelihood.append(-determinant - spare / 2 * np.log(left))
        squares.append(left)
        variances.append([left / spare * max(_variance(row, phi, runs), 0.0) for row in statistics])
    weights = np.exp(np.array(likelihood) - max(likelihood)) * before
    deviations = np.sqrt(np.array(variances).reshape(grid.size, len(statistics)))
    return Noise(
        spare=spare,
        grid=grid,
        weights=weights / weights.sum(),
        squares=np.array(squares),
        deviations=deviations,
        begins=runs,
    )


def correlations(spare: int) -> tuple[Real, Real]:
    """Correlations from record to record that are looked at, and their weights before."""
    if spare < FEWEST_FOR_CORRELATION:
        return np.zeros(1), np.ones(1)
    return np.tanh(_PLACES), _before(spare)


def _before(spare: int) -> Real:
    """Weights of the correlations before the residuals are seen: near none, or near a random walk.

    What lies between needs few residuals to be recognised, the two ends many; the share of walks is chosen so that
    limits hold about as often at any correlation.
    Source: D60.
    """
    plain, walk = np.exp(-_FALL * np.maximum(_PLACES, 0.0)), (_PLACES > _WALK).astype(np.float64)
    share = 1 / (1 + (spare / _EVEN) ** _RARER)
    return np.asarray((1 - share) * plain / plain.sum() + share * walk / walk.sum())


def _left(residuals: Real, jacobian: Real, phi: float, begins: tuple[int, ...]) -> tuple[float, float]:
    """What generalised least squares leaves of the residuals, and the logarithm of its determinant."""
    white = whitened(np.column_stack([residuals, jacobian]), phi, begins)
    basis, triangle = np.linalg.qr(white[:, 1:])
    left = white[:, 0] - basis @ (basis.T @ white[:, 0])
    determinant = float(np.log(np.maximum(np.abs(np.diag(triangle)), 1e-300)).sum())
    return max(float(left @ left), float(np.finfo(np.float64).tiny)), determinant


def whitened(columns: Real, phi: float, begins: tuple[int, ...]) -> Real:
    """Columns of noise with that correlation in each run, made independent with the variance kept."""
    white = columns.copy()
    white[1:] = (columns[1:] - phi * columns[:-1]) / np.sqrt(1 - phi**2)
    firsts = list(begins)
    white[firsts] = columns[firsts]
    return np.asarray(white)


def _variance(row: Real, phi: float, begins: tuple[int, ...]) -> float:
    """sum_ij w_i w_j phi^|i - j|, over pairs of one run."""
    from scipy.signal import lfilter

    found = 0.0
    for first, last in pairwise((*begins, row.size)):
        part = row[first:last]
        before = lfilter([0.0, phi], [1.0, -phi], part)  # sum over j < i of phi^(i - j) w_j
        found += float(part @ part + 2 * part @ before)
    return found
