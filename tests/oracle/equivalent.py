"""The deterministic equivalent's modes (D02), on an ellipse in log(z/(z* - z)) round the spectrum, with u(z) by Newton.

z* = 2/(gamma (1 + 1/B)) is where q returns to 1: in this variable every node has |arg z| and |arg(z* - z)| below the
semi-axis, so that |q| <= 1 on the whole contour and log q lies in a sector about the negative axis, however near the
step is to its largest value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from tests.oracle.floats80 import CLD, LD, PI, OutOfReach, longdouble
from tests.oracle.measures import Measure
from tests.oracle.modes import Modes


@dataclass(frozen=True, kw_only=True)
class Dispersion:
    """z(u), z'(u) and the sums at a real model size."""

    measure: Measure
    model_size: Fraction

    def at(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """m, z', d1 and sig."""
        d1, d2, sig = self.measure.sums(u)
        m = longdouble(self.model_size)
        mean, slope = 1 - d1 / m, d2 / m - 1
        if self.measure.count < 1e6:
            spare = longdouble(Fraction(self.measure.count) - self.model_size)
            if spare < m:  # M near v: 1 - d1/M from v - M, not as a difference
                flat = np.asarray(u).reshape(-1)
                inverse = 1 / (self.measure.lam[None, :] + flat[:, None])
                w, lam = self.measure.w, self.measure.lam
                lost = (w * flat[:, None] * inverse).sum(-1).reshape(np.shape(u))
                lost2 = (w * flat[:, None] * (2 * lam + flat[:, None]) * inverse**2).sum(-1).reshape(np.shape(u))
                if np.isrealobj(u):
                    lost, lost2 = lost.real, lost2.real
                mean, slope = (lost - spare) / m, (spare - lost2) / m
        return mean, slope, d1, sig


def root(function, low: np.longdouble, high: np.longdouble, width: float = 1e-7) -> np.longdouble:
    """A sign change between two positive bounds, bisected in the logarithm down to `width`."""
    low, high = np.log(low), np.log(high)
    sign = function(np.exp(low)) > 0
    while high - low > width:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (function(np.exp(middle)) > 0) == sign:
            low = middle
        else:
            high = middle
    return np.exp((low + high) / 2)


@dataclass(frozen=True, kw_only=True)
class Landmarks:
    u0: np.longdouble
    u_right: np.longdouble
    u_left: np.longdouble
    lower: np.longdouble
    upper: np.longdouble
    floor: np.longdouble


def landmarks(dispersion: Dispersion, known: Landmarks | None = None) -> Landmarks:
    """u0 with z = 0, the edges' preimages with z' = 0, the edges, the floor u0 sig(u0); `known`: by another measure."""

    def one(u: np.longdouble) -> list[np.longdouble]:
        return [x[0] for x in dispersion.at(np.array([u], dtype=LD))]

    def polished(u: np.longdouble) -> np.longdouble:
        for _ in range(3):  # Newton on m, whose derivative is (z' + m)/(-u)
            mean, slope, _, _ = one(u)
            u = u + u * mean / (slope + mean)
        return u

    if known is not None:
        u0 = polished(known.u0)
        return replace(known, u0=u0, floor=u0 * one(u0)[3])
    top = dispersion.measure.largest
    high = top
    while one(high)[0] < 0:
        high *= 4
    low = high
    while one(low)[0] > 0:
        low /= 16
    u0 = polished(root(lambda u: one(u)[0], low, high, 1e-3))
    sig = one(u0)[3]
    low = u0
    while one(low)[1] < 0:
        low /= 16
    u_right = root(lambda u: one(u)[1], low, u0)
    near, far = top / 2, top
    while one(-top - far)[1] > 0:
        far *= 2
    while one(-top - near)[1] < 0:
        near /= 4
    u_left = -top - root(lambda w: one(-top - w)[1], near, far)
    lower, upper = -u_right * one(u_right)[0], -u_left * one(u_left)[0]
    return Landmarks(u0=u0, u_right=u_right, u_left=u_left, lower=lower, upper=upper, floor=u0 * sig)


def largest_step(dispersion: Dispersion, marks: Landmarks, batch: int) -> np.longdouble:
    """D02.8."""
    top = dispersion.measure.largest

    def excess(w: np.longdouble) -> np.longdouble:
        return dispersion.at(np.array([-top - w], dtype=LD))[2][0] + batch + 1

    near, far = top, top
    while excess(near) > 0:
        near /= 4
    while excess(far) < 0:
        far *= 2
    u_c = -top - root(excess, near, far, 1e-13)
    u = min(u_c, marks.u_left)
    z = -u * dispersion.at(np.array([u], dtype=LD))[0][0]
    return 2 / ((1 + 1 / LD(batch)) * z)


def modes(dispersion: Dispersion, marks: Landmarks, z_star: np.longdouble, axis: float, digits: float = 20) -> Modes:
    """Weights at the nodes of the upper half."""
    left, right = np.log(marks.lower / (z_star - marks.lower)), np.log(marks.upper / (z_star - marks.upper))
    f = (right - left) / 2
    psi = np.arcsinh(LD(axis) / f)
    rate = min(psi, np.arcsinh(PI / 2 / f) - psi)  # inwards to the spectrum, outwards to where q^t grows
    count = 2 * int(np.ceil(float(digits * np.log(10) / rate / 2)) + 6)
    phi = (np.arange(count // 2, dtype=LD) + LD("0.5")) * (2 * PI / count)
    y = (left + right) / 2 + f * (np.cos(phi) * np.cosh(psi) + 1j * np.sin(phi) * np.sinh(psi))
    dy = f * (-np.sin(phi) * np.cosh(psi) + 1j * np.cos(phi) * np.sinh(psi)) * (2 * PI / count)
    grown = np.exp(y)
    z = z_star * grown / (1 + grown)
    rest = z_star / (1 + grown)
    _, mean, d1, sig = _solve(dispersion, marks, z)
    dz = z * rest / z_star * dy
    factor = -dz / (2j * PI) * 2  # both halves
    return Modes(z=z, f=factor * sig / mean, k=factor * z * d1, floor=marks.floor, folded=True)


def _solve(dispersion: Dispersion, marks: Landmarks, z: np.ndarray) -> tuple[np.ndarray, ...]:
    """u(z), m, d1, sig: continued from node to node, beginning right of the spectrum, then all together to 80 bits."""
    return _refined(dispersion, z, _continued(dispersion, marks, z, marks.u_left * CLD(1.001 - 0.001j)))


def preimages(dispersion: Dispersion, marks: Landmarks, z: np.ndarray) -> np.ndarray:
    """u at points of either half plane, each reached along its ray from |z| large, where u = -z."""
    upper = np.where(z.imag < 0, z.conj(), z)
    found = np.empty(len(z), dtype=CLD)
    for n, target in enumerate(upper):
        rungs = int(np.ceil(np.log(max(1.0, float(30 * marks.upper / abs(target)))) / 0.3)) + 1
        ray = target * np.exp(LD("0.3") * np.arange(rungs, -1, -1, dtype=LD))
        found[n] = _continued(dispersion, marks, ray, -ray[0])[-1]
    found = _refined(dispersion, upper, found)[0]
    return np.where(z.imag < 0, found.conj(), found)


def _continued(dispersion: Dispersion, marks: Landmarks, z: np.ndarray, start: np.clongdouble) -> np.ndarray:
    """Newton's method from point to point, in float64 where its range allows."""
    small = float(np.log10(abs(marks.u_right))) > -140 and float(np.log10(marks.upper)) < 140
    kind = np.complex128 if small else CLD
    measure, m = dispersion.measure, kind(longdouble(dispersion.model_size))
    lam, w, tails = measure.lam.astype(kind), measure.w.astype(kind), measure.trace_tail.astype(kind)

    def newton(u: complex, target: complex) -> complex:
        for _ in range(60):
            inverse = 1 / (lam + u)
            ratio = lam * inverse
            terms = w * ratio
            d1, d2 = terms.sum(), (terms * ratio).sum()
            for k, tail in enumerate(tails, start=1):
                d1 += (-1) ** (k - 1) * tail / u**k
                d2 += (-1) ** (k - 1) * (k - 1) * tail / u**k
            step = (-u * (1 - d1 / m) - target) / (d2 / m - 1)
            if not abs(step) < abs(u) / 2:
                step *= abs(u) / (2 * abs(step))
            u = u - step
            if u.imag > 0:
                u = u.conjugate()
            if abs(step) < 1e-9 * abs(u):
                break
        return u

    found = np.empty(len(z), dtype=CLD)
    guess = kind(start)
    for n, target in enumerate(z.astype(kind)):
        if n >= 2:
            ahead = kind(found[n - 1] * found[n - 1] / found[n - 2])
            guess = ahead if ahead.imag < 0 else kind(found[n - 1])
        elif n == 1:
            guess = kind(found[0])
        found[n] = newton(guess, target)
    return found


def _refined(dispersion: Dispersion, z: np.ndarray, u: np.ndarray) -> tuple[np.ndarray, ...]:
    """One step of Newton's method in 80 bits, and what stands there; Im u < 0 for Im z > 0 names the sheet (D02)."""
    mean, slope, _, _ = dispersion.at(u)
    u = u - (-u * mean - z) / slope
    mean, _, d1, sig = dispersion.at(u)
    worst = np.max(np.abs(u * mean + z) / (np.abs(u) + np.abs(z)))
    if not (worst < 1e-16 and np.all(u.imag < 0)):
        raise OutOfReach(f"u(z) was not found: {worst:.1e}")
    return u, mean, d1, sig
