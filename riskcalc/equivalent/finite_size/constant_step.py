"""Constant step size, last iterate: what the 1/M correction adds at any step, and how the steps of one sketch covary.

Formula: with the roots x of 1 - zeta q, the transforms F^ and K^ are linear in Phi_S and T_S at x, so
E^ = (F^ + s K^)/(1 - zeta K^), s = sigma2 zeta/(1 - zeta), has the mean shift
F1^/N + r K1^/N + zeta Cov(F^, K^)/N^2 + zeta r Var(K^)/N^2, N = 1 - zeta K^, r = s + zeta E^, and the fluctuation
(dF^ + r dK^)/N. Bias and approximation likewise, with A_S as one more linear reading. Source: D52.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.equivalent.finite_size.points import Points, points_at, preimages
from riskcalc.equivalent.finite_size.readings import Reading, readings
from riskcalc.equivalent.finite_size.through import Moved, Through
from riskcalc.equivalent.known import Known
from riskcalc.quantity import Complex, Real
from riskcalc.spectral.eigenvalue_rule import EigenvalueRule


@dataclass(frozen=True, kw_only=True, eq=False)
class _Window:
    """Times that share points.

    covariance: of what the points read, not conjugated. slopes: of approximation, bias and variance in these readings
    y, (3, times, 2 points + 1); each moves by 2 Re(slopes.y).
    """

    points: Points
    covariance: Complex
    slopes: Complex
    excess: Real
    shift: Moved
    places: slice


def constant_step(
    known: Known,
    rule: EigenvalueRule,
    *,
    times: Real,
    step_size: float,
    batch_size: int,
    noise: float,
    drawn: bool,
    nodes: int,
    crossed: bool,
) -> Through:
    """What is found at these ascending times.

    crossed: whether all times are compared; else only those that share points are, the others' entries are nan.
    """
    read = list(readings(times, nodes=nodes))
    z = [_roots(one, step_size=step_size, batch_size=batch_size) for one in read]
    u = np.split(preimages(known, np.concatenate(z)), np.cumsum([one.size for one in z])[:-1])
    laid = [
        _window(
            points_at(known, rule, *each, drawn=drawn),
            one,
            step_size=step_size,
            batch_size=batch_size,
            noise=noise,
            floor=known.marks.approximation,
        )
        for one, *each in zip(read, z, u, strict=True)
    ]
    found = np.full((3, 3, times.size, times.size), np.nan)
    for place, one in enumerate(laid):
        for other in laid[: place + 1] if crossed else [one]:
            covariance = _covariance(one, other)
            found[:, :, one.places, other.places] = covariance
            found[:, :, other.places, one.places] = covariance.transpose(1, 0, 3, 2)
    return Through(
        excess=np.concatenate([one.excess for one in laid]),
        shift=Moved.joined([one.shift for one in laid]),
        covariance=found,
    )


def _covariance(one: _Window, other: _Window) -> Real:
    """(3, 3, times, other times)."""
    shape = (*one.slopes.shape[:2], *other.slopes.shape[:2])
    left, right = (window.slopes.reshape(-1, window.slopes.shape[-1]) for window in (one, other))
    plain = one.covariance if one is other else one.points.covariance(other.points)
    turned = one.points.covariance(other.points.mirrored)
    found = left @ plain @ right.T + left @ turned @ right.conj().T
    return np.asarray(2 * np.real(found).reshape(shape).transpose(0, 2, 1, 3))


def _roots(reading: Reading, *, step_size: float, batch_size: int) -> Complex:
    """The roots x1, then the roots x2, of 1 - zeta q(x) = -c (x - x1)(x - x2), c = zeta gamma^2 (1 + 1/B)."""
    zeta, spread = reading.zeta, 1 + 1 / batch_size
    bent = np.sqrt((spread - zeta / batch_size) / zeta)
    near, far = -reading.gap / (step_size * zeta * (1 + bent)), (1 + bent) / (step_size * spread)
    return np.concatenate([near, far])


def _window(
    points: Points, reading: Reading, *, step_size: float, batch_size: int, noise: float, floor: float
) -> _Window:
    zeta, gap = reading.zeta, reading.gap
    near, far = points.z.reshape(2, -1)
    share = 1 / (zeta * step_size**2 * (1 + 1 / batch_size) * (far - near))
    signs = np.concatenate([share, -share])  # of Phi in F^
    masses = step_size**2 / batch_size * signs * points.z  # of x T in K^

    def summed(values: Complex) -> Complex:
        return np.asarray(values.reshape(2, -1).sum(axis=0))

    kernel = summed(masses * points.freedom)
    left = 1 - zeta * kernel
    whole = summed(signs * points.signal)
    bias = (whole - floor / gap) / left
    fed = zeta * (noise + floor) / gap / left  # what drives the variance: zeta (E_v^ + (sigma2 + A)/(1 - zeta))
    total = (whole + noise * zeta / gap * kernel) / left
    driven = zeta * (noise / gap + total)
    traces = masses * points.z

    own, second, last = slice(points.count), slice(points.count, -1), -1
    mean, covariance = points.mean(), points.covariance(points)
    f1, k1, a1 = summed(signs * mean[own]), summed(traces * mean[second]), mean[last]
    fk, kk = _within(signs, covariance[own, second], traces), _within(traces, covariance[second, second], traces)
    ak = summed(traces * covariance[last, second])
    moved = {
        "signal": f1 / left,
        "kernel": driven * k1 / left,
        "signal_and_kernel": zeta * fk / left**2,
        "kernel_twice": zeta * driven * kk / left**2,
        "bias": (f1 - a1 / gap + zeta * bias * k1) / left + zeta * (fk - ak / gap + zeta * bias * kk) / left**2,
        "variance": (zeta / gap * kernel * a1 + fed * k1) / left + (zeta / gap * ak + zeta * fed * kk) / left**2,
    }
    read = {name: 2 * np.real(values @ reading.weights) for name, values in moved.items()}
    times = reading.weights.shape[1]
    slopes = np.zeros((3, times, 2 * points.count + 1), dtype=np.complex128)
    slopes[0, :, last] = 0.5
    weights = (reading.weights / left[:, None]).T
    twice = np.tile(weights, 2)
    slopes[1, :, own] = twice * signs
    slopes[1, :, second] = twice * np.tile(zeta * bias, 2) * traces
    slopes[1, :, last] = -weights @ (1 / gap)
    slopes[2, :, second] = twice * np.tile(fed, 2) * traces
    slopes[2, :, last] = weights @ (zeta / gap * kernel)
    shift = Moved(approximation=np.full(times, a1.real), **read)
    excess = 2 * np.real(total @ reading.weights)
    return _Window(
        points=points, covariance=covariance, slopes=slopes, excess=excess, shift=shift, places=reading.places
    )


def _within(left: Complex, covariance: Complex, right: Complex) -> Complex:
    """The covariance of two sums over the roots of each node."""
    nodes = left.size // 2
    table = (left[:, None] * covariance * right).reshape(2, nodes, 2, nodes)
    return np.asarray(np.einsum("ikjk->k", table))
