"""Constant step size, last iterate: what the 1/M correction adds at any step, and how the steps of one sketch covary.

Formula: with the roots x of 1 - zeta q, the transforms F^ and K^ are linear in Phi_S and T_S at x, so
E^ = (F^ + s K^)/(1 - zeta K^), s = sigma2 zeta/(1 - zeta), has the mean shift
F1^/N + r K1^/N + zeta Cov(F^, K^)/N^2 + zeta r Var(K^)/N^2, N = 1 - zeta K^, r = s + zeta E^, and the fluctuation
(dF^ + r dK^)/N. Bias and approximation likewise, with A_S as one more linear reading. Source: D52.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.equivalent.finite_size.points import Points, points_at
from riskcalc.equivalent.finite_size.readings import Reading, readings
from riskcalc.equivalent.finite_size.sizes import Moved
from riskcalc.equivalent.known import Known
from riskcalc.quantity import Complex, Real
from riskcalc.spectral.eigenvalue_rule import EigenvalueRule


@dataclass(frozen=True, kw_only=True, eq=False)
class _Window:
    """Times that share points. slopes: of approximation, bias and variance in what the points read, (3, times, 2P+1);
    of the variables y a risk moves by 2 Re(slopes.y).
    """

    points: Points
    slopes: Complex
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
) -> tuple[Moved, Real]:
    """Shift, and covariance of the parts between these ascending times from 1 on, (3, 3, times, times).

    crossed: whether all times are compared; else only those that share points are, the others' entries are nan.
    """
    laid = [
        _window(known, rule, reading, step_size=step_size, batch_size=batch_size, noise=noise, drawn=drawn)
        for reading in readings(times, nodes=nodes)
    ]
    found = np.full((3, 3, times.size, times.size), np.nan)
    for place, one in enumerate(laid):
        for other in laid[: place + 1] if crossed else [one]:
            covariance = _covariance(one, other)
            found[:, :, one.places, other.places] = covariance
            found[:, :, other.places, one.places] = covariance.transpose(1, 0, 3, 2)
    return Moved.joined([one.shift for one in laid]), found


def _covariance(one: _Window, other: _Window) -> Real:
    """(3, 3, times, other times)."""
    shape = (*one.slopes.shape[:2], *other.slopes.shape[:2])
    left, right = (window.slopes.reshape(-1, window.slopes.shape[-1]) for window in (one, other))
    plain = left @ one.points.covariance(other.points) @ right.T
    turned = left @ one.points.covariance(other.points.mirrored) @ right.conj().T
    return np.asarray(2 * np.real(plain + turned).reshape(shape).transpose(0, 2, 1, 3))


def _window(
    known: Known,
    rule: EigenvalueRule,
    reading: Reading,
    *,
    step_size: float,
    batch_size: int,
    noise: float,
    drawn: bool,
) -> _Window:
    zeta, gap, spread = reading.zeta, reading.gap, 1 + 1 / batch_size
    # 1 - zeta q(x) = -c (x - x1)(x - x2), c = zeta gamma^2 (1 + 1/B)
    bent = np.sqrt((spread - zeta / batch_size) / zeta)
    near, far = -gap / (step_size * zeta * (1 + bent)), (1 + bent) / (step_size * spread)
    points = points_at(known, rule, np.concatenate([near, far]), drawn=drawn)
    share = 1 / (zeta * step_size**2 * spread * (far - near))
    signs = np.concatenate([share, -share])  # of Phi in F^
    masses = step_size**2 / batch_size * signs * points.z  # of x T in K^

    def summed(values: Complex) -> Complex:
        return values.reshape(2, -1).sum(axis=0)

    kernel = summed(masses * points.freedom)
    left, floor = 1 - zeta * kernel, known.marks.approximation
    whole = summed(signs * points.signal)
    bias = (whole - floor / gap) / left
    fed = zeta * (noise + floor) / gap / left  # what drives the variance: zeta (E_v^ + (sigma2 + A)/(1 - zeta))
    driven = zeta * (noise / gap + (whole + noise * zeta / gap * kernel) / left)
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
    return _Window(points=points, slopes=slopes, shift=shift, places=reading.places)


def _within(left: Complex, covariance: Complex, right: Complex) -> Complex:
    """The covariance of two sums over the roots of each node."""
    nodes = left.size // 2
    table = (left[:, None] * covariance * right).reshape(2, nodes, 2, nodes)
    return np.asarray(np.einsum("ikjk->k", table))
