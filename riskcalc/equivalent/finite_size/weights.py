"""One sketch in the eyes of a contour: mode weights that differ from the equivalent's, at unchanged positions.

Formula: df_n = -(dz/2 pi i) dPhi(z_n), dk_n = -(dz/2 pi i) z_n^2 dT(z_n), and the floor by itself. Their covariance is
written as a signed sum of squares of a few directions: C = sum_r s_r v_r v_r^T, from the eigenvectors of their
correlations, so that small weights, which late times read, keep their digits. Source: D53.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.equivalent.finite_size.points import points_at, preimages
from riskcalc.equivalent.known import Known
from riskcalc.quantity import Complex, Real
from riskcalc.spectral.eigenvalue_rule import EigenvalueRule
from riskcalc.spectral.modes import Modes

_NEGLIGIBLE = 1e-15  # of a direction, beside the largest


@dataclass(frozen=True, kw_only=True, eq=False)
class MovedWeights:
    """The mean move of signal weights, kernel weights and floor; and directions of their scatter, each with its sign.

    signal, kernel: (n,). floor: one number. signals, kernels: (directions, n). floors, signs: (directions,).
    """

    signal: Complex
    kernel: Complex
    floor: float
    signals: Complex
    kernels: Complex
    floors: Real
    signs: Real


def moved_weights(known: Known, rule: EigenvalueRule, modes: Modes, *, drawn: bool) -> MovedWeights:
    """What the weights of a contour's modes owe the equivalent, and how they scatter."""
    points = points_at(known, rule, modes.position, preimages(known, modes.position), drawn=drawn)
    weight = modes.kernel / (modes.position * points.freedom)  # -dz/(2 pi i)
    count = points.count
    scale = np.concatenate([weight, weight * modes.position**2, [1.0]])
    mean = points.mean() * scale
    plain = points.covariance(points) * scale * scale[:, None]
    turned = points.covariance(points.mirrored) * scale.conj() * scale[:, None]
    signs, directions = _directions(_written_out(plain, turned, floor=2 * count))
    parts = directions[:, : 2 * count] + 1j * directions[:, 2 * count : 4 * count]
    return MovedWeights(
        signal=mean[:count],
        kernel=mean[count : 2 * count],
        floor=float(mean[-1].real),
        signals=parts[:, :count],
        kernels=parts[:, count:],
        floors=directions[:, -1],
        signs=signs,
    )


def _written_out(plain: Complex, turned: Complex, *, floor: int) -> Real:
    """The covariance of real and imaginary parts, and of the floor, from E y y^T and E y y^H."""
    both = np.block(
        [
            [np.real(turned + plain), np.imag(plain - turned)],
            [np.imag(plain + turned), np.real(turned - plain)],
        ]
    )
    kept = np.delete(np.arange(len(both)), floor)  # real parts, imaginary parts; the floor, which has none, last
    kept = np.append(kept[:-1], floor)
    return np.asarray(both[np.ix_(kept, kept)] / 2)


def _directions(covariance: Real) -> tuple[Real, Real]:
    """Signs, and directions as rows."""
    size = np.sqrt(np.abs(np.diagonal(covariance)))
    size[size == 0] = 1.0
    values, vectors = np.linalg.eigh((covariance + covariance.T) / (2 * np.multiply.outer(size, size)))
    kept = np.abs(values) > _NEGLIGIBLE * np.abs(values).max()
    return np.sign(values[kept]), (vectors[:, kept] * np.sqrt(np.abs(values[kept]))).T * size
