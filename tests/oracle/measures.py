"""A spectrum and its signal as nodes: sum_j g(lambda_j) = sum_i w_i g(lambda_i), for any length at a bounded cost.

A short spectrum is itself. In a long one the first J - 1 eigenvalues are kept, and the rest is Euler and Maclaurin's
formula: the integral by Gauss's rule in log x, panel by panel, and the derivatives at the ends by Cauchy's formula on a
small circle, whose (complex) points become nodes too. In infinite dimension what lies beyond the last panel, where
lambda << |u|, is the series sum_k (-1)^(k-1) T_k u^-k. Valid for u at an angle of about 0.4 from the negative axis, or
near the listed head.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

from tests.oracle.floats80 import CLD, LD, PI, longdouble
from tests.oracle.questions import Signal, Spectrum

SHORT = 3000
BERNOULLI = [Fraction(1, 6), Fraction(-1, 30), Fraction(1, 42), Fraction(-1, 30), Fraction(5, 66), Fraction(-691, 2730),
             Fraction(7, 6), Fraction(-3617, 510), Fraction(43867, 798), Fraction(-174611, 330),
             Fraction(854513, 138), Fraction(-236364091, 2730)]  # fmt: skip
ORDERS = 6


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Nodes lam with weights w (how many eigenvalues) and h (signal power); trace_tail and signal_tail: the T_k."""

    lam: np.ndarray
    w: np.ndarray
    h: np.ndarray
    trace_tail: np.ndarray
    signal_tail: np.ndarray
    count: float

    @property
    def largest(self) -> np.longdouble:
        return self.lam.real.max()

    def sums(self, u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """d1, d2 and sig at each u."""
        u = np.asarray(u)
        flat = u.reshape(-1)
        d1, d2, sig = (np.empty(flat.shape, dtype=CLD) for _ in range(3))
        block = max(1, 200_000 // len(self.lam))
        for start in range(0, len(flat), block):
            part = slice(start, start + block)
            inverse = 1 / (self.lam[None, :] + flat[part, None])
            ratio = self.lam * inverse
            d1[part], d2[part] = (self.w * ratio).sum(-1), (self.w * ratio * ratio).sum(-1)
            sig[part] = (self.h * inverse).sum(-1)
        for k, (trace, signal) in enumerate(zip(self.trace_tail, self.signal_tail, strict=True), start=1):
            sign = (-1) ** (k - 1)
            d1 += sign * trace / flat**k
            d2 += sign * (k - 1) * trace / flat**k
            sig += sign * signal / flat**k
        shape = u.shape
        if np.isrealobj(u):
            return d1.real.reshape(shape), d2.real.reshape(shape), sig.real.reshape(shape)
        return d1.reshape(shape), d2.reshape(shape), sig.reshape(shape)

    def total_signal(self) -> np.longdouble:
        """sum_j h_j."""
        return self.h.sum().real + self.signal_tail[:1].sum()


@cache
def gauss(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss and Legendre's rule on [-1, 1] to 80 bits, by Newton's method on the recurrence."""
    x = np.cos(PI * (np.arange(n, dtype=LD) + LD("0.75")) / (LD(n) + LD("0.5")))
    for _ in range(6):
        before, here = np.ones_like(x), x
        for k in range(2, n + 1):
            before, here = here, ((2 * k - 1) * x * here - (k - 1) * before) / k
        slope = n * (x * here - before) / (x * x - 1)
        x = x - here / slope
    return x, 2 / ((1 - x * x) * slope * slope)


def _power(x: np.ndarray, exponent: np.longdouble) -> np.ndarray:
    return np.exp(exponent * np.log(x))


def eigenvalue(spectrum: Spectrum, x: np.ndarray) -> np.ndarray:
    """lambda at real or complex index."""
    a = longdouble(spectrum.a)
    if spectrum.logarithmic:
        return longdouble(spectrum.scale) / x * _power(np.log(x) + np.log1p(1 / x), -a)
    return longdouble(spectrum.scale) * _power(x, -a)


def power(spectrum: Spectrum, signal: Signal, x: np.ndarray) -> np.ndarray:
    """lambda w^2 at real or complex index."""
    if signal.b is None:
        return longdouble(signal.scale) * eigenvalue(spectrum, x)
    return longdouble(signal.scale) * _power(x, -longdouble(signal.b))


def listed(spectrum: Spectrum, signal: Signal) -> tuple[np.ndarray, np.ndarray]:
    """All eigenvalues and signal powers of a short or explicit spectrum."""
    if spectrum.listed:
        lam = np.array(spectrum.listed, dtype=LD)
        index = np.arange(1, len(lam) + 1, dtype=LD)
    else:
        index = np.arange(1, spectrum.dimension + 1, dtype=LD)
        lam = eigenvalue(spectrum, index)
    if signal.listed:
        return lam, lam * np.array(signal.listed, dtype=LD) ** 2
    if signal.b is None:
        return lam, longdouble(signal.scale) * lam
    return lam, power(spectrum, signal, index)


def _ends(x: np.longdouble, radius: np.longdouble, sign: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of g(x)/2 and the corrections of Euler and Maclaurin at one end (sign -1: the lower one)."""
    count = 48
    turn = np.exp(2j * PI * np.arange(count, dtype=LD) / count).astype(CLD)
    weights = np.zeros(count, dtype=CLD)
    for k, number in enumerate(BERNOULLI, start=1):
        order = 2 * k - 1
        weights += sign * longdouble(number / (2 * k)) * turn ** (-order) / radius**order / count
    return np.append(x + radius * turn, CLD(x)), np.append(weights, CLD(LD("0.5")))


def measure(spectrum: Spectrum, signal: Signal, smallest: float, finer: float = 1.0) -> Measure:
    """The nodes; `smallest`: the least |u| at which sums are wanted. finer > 1: another, finer set."""
    none = np.zeros(0, dtype=LD)
    if spectrum.listed or (spectrum.dimension is not None and spectrum.dimension <= SHORT):
        lam, h = listed(spectrum, signal)
        keep = lam > 0
        lam, h = lam[keep], h[keep]
        return Measure(lam=lam, w=np.ones_like(lam), h=h, trace_tail=none, signal_tail=none, count=len(lam))
    a = 1.0 if spectrum.logarithmic else float(spectrum.a)
    start = int(finer * (40 + 24 * a))
    head = np.arange(1, start, dtype=LD)
    radius = LD(start) / LD(3 * max(a, 3))
    circle, corrections = _ends(LD(start), radius, -1)
    xs, ws = [head.astype(CLD), circle], [np.ones(len(head), dtype=CLD), corrections]
    if spectrum.dimension is None:
        deep = 52 if spectrum.logarithmic else 10
        end = (deep - math.log(smallest) + math.log(float(spectrum.scale))) / a
        end = max(end, math.log(start) + 1 / a)
    else:
        end = float(np.log(LD(spectrum.dimension)))
        circle, corrections = _ends(LD(spectrum.dimension), radius, +1)
        xs.append(circle)
        ws.append(corrections)
    low, high = np.log(LD(start)), LD(end)
    if spectrum.dimension is not None:
        high = np.log(LD(spectrum.dimension))
    panels = math.ceil(float(high - low) * max(a, 1.0) / 1.6 * finer) + 1
    edges = low + (high - low) * np.arange(panels + 1, dtype=LD) / panels
    nodes, weights = gauss(32)
    half = (edges[1:] - edges[:-1])[:, None] / 2
    s = ((edges[1:] + edges[:-1])[:, None] / 2 + half * nodes).reshape(-1)
    x = np.exp(s)
    xs.append(x.astype(CLD))
    ws.append(((half * weights).reshape(-1) * x).astype(CLD))
    x, w = np.concatenate(xs), np.concatenate(ws)
    lam = eigenvalue(spectrum, x)
    h = w * power(spectrum, signal, x)
    trace_tail, signal_tail = none, none
    if spectrum.dimension is None:
        trace_tail, signal_tail = _tails(spectrum, signal, high)
    count = math.inf if spectrum.dimension is None else spectrum.dimension
    return Measure(lam=lam, w=w, h=h, trace_tail=trace_tail, signal_tail=signal_tail, count=count)


def _tails(spectrum: Spectrum, signal: Signal, s: np.longdouble) -> tuple[np.ndarray, np.ndarray]:
    """int_X^oo lambda^k dx and int_X^oo h lambda^(k-1) dx, exponents formed from the exact numbers; X = e^s."""
    scale, size = longdouble(spectrum.scale), longdouble(signal.scale)
    if spectrum.logarithmic:
        c = spectrum.a - 1
        trace = scale * s ** (-longdouble(c)) / longdouble(c)
        b = None if signal.b is None else longdouble(signal.b - 1)
        return np.array([trace]), np.array([size * trace if b is None else size * np.exp(-b * s) / b])
    trace, power_ = [], []
    for k in range(1, ORDERS + 1):
        e = longdouble(k * spectrum.a - 1)
        trace.append(scale**k * np.exp(-e * s) / e)
        first = spectrum.a if signal.b is None else signal.b
        f = longdouble(first - 1 + (k - 1) * spectrum.a)
        factor = size * (scale if signal.b is None else 1) * scale ** (k - 1)
        power_.append(factor * np.exp(-f * s) / f)
    return np.array(trace), np.array(power_)
