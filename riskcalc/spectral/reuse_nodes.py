"""The spectral map of a sketch and a data set at the nodes of one contour, and the two-point functions of two of them.

Formula: z = (e^y - delta)/(1 + e^y/limit), y on an ellipse round [log delta, log((z_max + delta)/(1 - z_max/limit))],
with delta = 1/(gamma k) of the latest step: a contour round [0, z_max] that begins some 1/(gamma k) below 0, so that
M < N, M > N and M = N are alike, and within |1 - gamma z| < 1 beyond the upper end. Source: D56.

At a node: kappa = u m, lambda = -z = kappa nu, g = kappa - lambda = kappa d1/N, and phi = psi/kappa + constant. Of two
nodes, with the constant gone,
    unfitted = kappa_1 kappa_2 (phi_2 - phi_1)/(lambda_1 - lambda_2),     used = (g_1 - g_2)/(lambda_1 - lambda_2):
what two ridges lambda_1 and lambda_2 on the same data leave of the signal and make of the noise. Where d1 is near M
or N, 1 - d1/M and 1 - d1/N have lost digits: of M m = N nu - (N - M) and -z/u = m nu both follow anew from z.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.contour import ellipse, node_count
from riskcalc.quantity import Complex, Number, Real
from riskcalc.spectral.contour_modes import sums_at
from riskcalc.spectral.resolvent import solve_dispersion
from riskcalc.spectral.reuse_landmarks import ReuseLandmarks
from riskcalc.spectral.sums import SpectralSums

_MOST_NODES = 6000


@dataclass(frozen=True, kw_only=True, eq=False)
class ReuseNodes:
    """Nodes in the upper half plane, conjugates understood. weight: dz/(2 pi i). Others as in the heading."""

    position: Complex
    weight: Complex
    kappa: Complex
    rest: Complex  # nu
    freedom: Complex  # d1
    level: Complex  # phi
    used: Complex  # g

    def total(self, values: Complex) -> Real:
        """Sum over all nodes (last axis), conjugates included."""
        return np.asarray(2 * np.real(values.sum(axis=-1)))


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Of a contour: the imaginary semi-axis of its ellipse, and the digits of its rule."""

    height: float
    digits: float


def reuse_nodes(
    sums: SpectralSums,
    model_size: Number,
    samples: Number,
    marks: ReuseLandmarks,
    shapes: Sequence[Shape],
    *,
    reach: float,
    limit: float,
) -> list[ReuseNodes]:
    """Contours of these shapes, u(z) found for all of them together.

    reach: the sum of the step sizes up to the latest step. limit: where |1 - gamma z| is 1 again.
    """
    nearest = min(marks.largest, 1 / reach if reach > 0 else math.inf)
    low = math.log(nearest)
    high = math.log((marks.largest + nearest) / (1 - marks.largest / limit))
    counts = [node_count(low=low, high=high, height=it.height, digits=it.digits) for it in shapes]
    if max(counts) > _MOST_NODES:
        raise ToleranceNotMet(f"a contour would need {max(counts)} nodes (at most {_MOST_NODES})")
    halves = [ellipse(low=low, high=high, height=it.height, digits=it.digits) for it in shapes]
    outwards = np.exp(np.concatenate([half.nodes for half in halves]))
    beyond = 1 + outwards / limit
    z = (outwards - nearest) / beyond
    turned = np.concatenate([half.weights for half in halves]) / (2j * np.pi)
    weight = outwards * (1 + nearest / limit) / beyond**2 * turned
    u = solve_dispersion(sums, model_size, marks.floor, np.log(z), samples=samples).u
    found = sums_at(sums, model_size, marks.sketch, u)
    first, rest = _gaps(-z / u, found.first, model_size, samples)
    kappa = u * first
    values = (z, weight, kappa, rest, found.d1, found.numerator / first, kappa * found.d1 / float(samples))
    names = ("position", "weight", "kappa", "rest", "freedom", "level", "used")
    ends = np.cumsum([half.nodes.size for half in halves])[:-1]
    return [
        ReuseNodes(**dict(zip(names, parts, strict=True)))
        for parts in zip(*(np.split(value, ends) for value in values), strict=True)
    ]


def _gaps(product: Complex, first: Complex, model_size: Number, samples: Number) -> tuple[Complex, Complex]:
    """m and nu of their product, the roots of r m^2 + (1 - r) m = m nu with r = M/N; first: m, as far as it is known.

    Of the two roots the larger is formed as a sum and the smaller from it, so that no digit is lost.
    """
    ratio = float(Fraction(model_size) / Fraction(samples))
    missing = float(1 - Fraction(model_size) / Fraction(samples))
    root = np.sqrt(missing**2 + 4 * ratio * product)
    root = np.where(np.real(root * missing) < 0, -root, root) if missing else root
    larger = -(missing + root) / (2 * ratio)
    smaller = -product / (ratio * larger)
    m = np.where(np.abs(larger - first) < np.abs(smaller - first), larger, smaller)
    return m, product / m


@dataclass(frozen=True, kw_only=True, eq=False)
class TwoPoints:
    """Two-point functions between two lists of nodes: rows in the upper half plane, columns and their conjugates.

    unfitted, used: with the weights dz_1 dz_2/((2 pi i)^2 z_1 z_2).
    """

    rows: ReuseNodes
    columns: ReuseNodes
    unfitted: Complex
    used: Complex

    def products(self, left: Complex, right: Complex) -> tuple[Real, Real]:
        """unfitted and used, of factors at the rows times factors at the columns, shape (steps, nodes) each."""
        both = np.concatenate([right, right.conj()], axis=-1)
        unfitted, used = (2 * np.real(np.einsum("ij,ij->i", left @ it, both)) for it in (self.unfitted, self.used))
        return unfitted, used

    def sizes(self, left: Complex, right: Complex) -> tuple[Real, Real]:
        """What roundings of single nodes are multiplied by in `products`: roots of the sums of squares of what each row
        and each column adds. Where M = N and a contour begins close to 0, columns of `used` cancel thousandfold.
        """
        both = np.concatenate([right, right.conj()], axis=-1)
        unfitted, used = (
            2 * (_length((left @ it) * both) + _length(left * (both @ it.T))) for it in (self.unfitted, self.used)
        )
        return unfitted, used

    @classmethod
    def of(cls, rows: ReuseNodes, columns: ReuseNodes) -> TwoPoints:
        """Of two contours that have no node in common."""

        def row(values: Complex) -> Complex:
            return values[:, None]

        def column(values: Complex) -> Complex:
            return np.concatenate([values, values.conj()])[None, :]

        distance = column(columns.position) - row(rows.position)  # lambda_1 - lambda_2
        measure = row(rows.weight / rows.position) * column(columns.weight / columns.position) / distance
        levels = column(columns.level) - row(rows.level)
        return cls(
            rows=rows,
            columns=columns,
            unfitted=row(rows.kappa) * column(columns.kappa) * levels * measure,
            used=(row(rows.used) - column(columns.used)) * measure,
        )


def _length(values: Complex) -> Real:
    return np.asarray(np.sqrt((np.abs(values) ** 2).sum(axis=-1)))
