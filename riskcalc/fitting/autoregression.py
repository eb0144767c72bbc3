"""The noise of one run from what a fit leaves: correlated from record to record, by an unknown amount."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.quantity import Real

FEWEST_FOR_CORRELATION = 12  # residuals to spare; fewer cannot tell a correlation from none
_CORRELATIONS = 1 - np.geomspace(1, 1e-2, 25)  # finer towards 1, where it matters
_ROUNDED = 1e-9  # relative: where a root is bracketed, more than rounding takes off


@dataclass(frozen=True, kw_only=True, eq=False)
class Noise:
    """What the residuals of one run say of linear statistics of its noise.

    correlation: of neighbouring records, its mean over what the residuals allow; None where it was not looked for.
    grid, weights, squares: correlations, how likely the residuals make each, and what they leave of the residuals.
    deviations: of the statistics, shape (correlations, k).
    """

    spare: int
    grid: Real
    weights: Real
    squares: Real
    deviations: Real

    @property
    def correlation(self) -> float | None:
        return float(self.weights @ self.grid) if self.grid.size > 1 else None

    @property
    def deviation(self) -> float:
        """Of one record."""
        return float(np.sqrt(self.weights @ self.squares / self.spare))

    def chance(self, residuals: Real, jacobian: Real, *, freedom: int) -> float:
        """How likely noise alone would take the fit as far beyond a poorer one, of these residuals and Jacobian.

        Formula: sum_phi p(phi) P(F > ((RSS' - RSS)/k) / (RSS/nu)), F with k and nu degrees of freedom.
        """
        from scipy.stats import f

        poorer = np.array([_left(residuals, jacobian, phi)[0] for phi in self.grid])
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


def residual_noise(residuals: Real, jacobian: Real, statistics: Real) -> Noise:
    """Noise of the statistics `statistics @ noise`, from residuals of a fit with this Jacobian.

    Formula: noise of variance s2 and correlation phi^|i - j| between records i and j. For each phi the restricted
        likelihood of the residuals weighs it, flat before, and s2 = RSS(phi)/(n - p); a statistic w has the variance
        s2 sum_ij w_i w_j phi^|i - j|. With fewer than FEWEST_FOR_CORRELATION residuals to spare phi is 0.
    Shapes: residuals (n,), jacobian (n, p), statistics (k, n).
    Source: D60.
    """
    spare = max(1, residuals.size - jacobian.shape[1])
    grid = _CORRELATIONS if spare >= FEWEST_FOR_CORRELATION else np.zeros(1)
    likelihood, squares, variances = [], [], []
    for phi in grid:
        left, determinant = _left(residuals, jacobian, phi)
        determinant += (residuals.size - 1) / 2 * np.log1p(-(phi**2))
        likelihood.append(-determinant - spare / 2 * np.log(left))
        squares.append(left)
        variances.append([left / spare * max(_variance(row, phi), 0.0) for row in statistics])
    weights = np.exp(np.array(likelihood) - max(likelihood))
    if grid.size > 1:
        weights *= np.gradient(grid)
    deviations = np.sqrt(np.array(variances).reshape(grid.size, len(statistics)))
    return Noise(
        spare=spare, grid=grid, weights=weights / weights.sum(), squares=np.array(squares), deviations=deviations
    )


def _left(residuals: Real, jacobian: Real, phi: float) -> tuple[float, float]:
    """What generalised least squares leaves of the residuals, and the logarithm of its determinant."""
    white = _whitened(np.column_stack([residuals, jacobian]), phi)
    basis, triangle = np.linalg.qr(white[:, 1:])
    left = white[:, 0] - basis @ (basis.T @ white[:, 0])
    determinant = float(np.log(np.maximum(np.abs(np.diag(triangle)), 1e-300)).sum())
    return max(float(left @ left), float(np.finfo(np.float64).tiny)), determinant


def _whitened(columns: Real, phi: float) -> Real:
    """Columns of noise with that correlation, made independent with the variance kept."""
    later = (columns[1:] - phi * columns[:-1]) / np.sqrt(1 - phi**2)
    return np.asarray(np.vstack([columns[:1], later]))


def _variance(row: Real, phi: float) -> float:
    """sum_ij w_i w_j phi^|i - j|."""
    from scipy.signal import lfilter

    before = lfilter([0.0, phi], [1.0, -phi], row)  # sum over j < i of phi^(i - j) w_j
    return float(row @ row + 2 * row @ before)
