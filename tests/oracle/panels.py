"""Smooth schedules at any horizon: the recursion of D01 required of polynomials in the step (D26).

A panel of L steps carries every mode as its values at the start and at p nodes of Radau's rule; the recursion is
required at those nodes, with y(t + 1) - y(t) = (e^(D/L) - 1) y in balls. The system is solved in float64 and refined by
its residual in the numbers of the modes. Panels double behind the start and each kink, and halve towards a vanishing
step size; without a drive they end before much of the excess has gone, so that every panel sees all its digits.

Crosses whose factor d = 1 - gamma z is negative alternate: c = p + (-1)^s w with two smooth parts, p the polynomial
that obeys the recursion at every node, w what is left at the start, multiplied by -d a step.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx

from tests.oracle import arithmetic
from tests.oracle.arithmetic import Arithmetic, middle, real
from tests.oracle.dynamics import State, step
from tests.oracle.floats80 import LD, from_ball, longdouble
from tests.oracle.modes import Modes
from tests.oracle.questions import Schedule
from tests.oracle.schedules import at, sizes, sizes_at
from tests.oracle.vanished import persistence

SHORTEST = 96
DEGREES = (28, 24)
DECAY = 6.0  # of the logarithm of the excess over one panel, without a drive
GONE = -120.0  # a logarithm of what matters to no digit
TURNING = -0.1  # crosses alternate where Re(1 - gamma z) is below


def follow(
    modes: Modes,
    state: State,
    schedule: Schedule,
    start: int,
    stop: int,
    horizon: int,
    batch: int,
    tau2: Any,
    which: int,
    *,
    average: bool,
) -> State:
    """The state at `stop`, given that at `start`."""
    numbers, t, since = arithmetic.of(modes.z), start, start
    slowest, left = LD(0), np.full(len(modes.z), -np.inf if not average else 0.0)  # left: log of what alternates
    if not average and float(tau2) == 0 and not np.iscomplexobj(modes.z):
        z, k = arithmetic.rounded(modes.z), arithmetic.rounded(modes.k)
        slowest = persistence(z, z, k, longdouble(schedule.peak), batch)
    while t < stop:
        kink = min((k for k in kinks(schedule, horizon) if k > t), default=horizon)
        ahead = min(stop, kink) - t
        length = min(ahead, t - since, (horizon - t) // 2)
        if slowest > 0 and length >= SHORTEST:
            length = min(length, int(DECAY / (slowest * sizes_at(schedule, [t, t + length], horizon).max())))
        while length >= SHORTEST and _ceases(modes, left, sizes_at(schedule, [t, t + length], horizon)):
            length //= 2
        if length >= SHORTEST:
            state = panel(modes, state, schedule, t, length, horizon, batch, tau2, DEGREES[which], average=average)
        else:
            length = min(stop - t, SHORTEST)
            gammas = sizes(schedule, t, t + length, horizon, numbers)
            state = step(modes, state, gammas, batch, tau2, average=average)
        if average:
            ends = _factors(modes, sizes_at(schedule, [t, min(t + length, horizon - 1)], horizon))
            left = left + length * np.log(np.maximum(np.abs(ends).max(axis=0), 1e-300))
        t += length
        if t >= kink:
            since = kink
    return state


def _factors(modes: Modes, gammas: np.ndarray) -> np.ndarray:
    """1 - gamma z, roughly: a row for each step size."""
    return 1 - gammas.astype(float)[:, None] * modes.z.astype(complex)


def _ceases(modes: Modes, left: np.ndarray, gammas: np.ndarray) -> bool:
    """Whether crosses that have not died out stop alternating between two step sizes."""
    first, last = _factors(modes, gammas).real
    return bool(np.any((first < TURNING) & (last >= TURNING) & (left > GONE)))


def kinks(schedule: Schedule, horizon: int) -> list[int]:
    """The last whole step before each change of formula."""
    if schedule.name != "wsd":
        return []
    found = [horizon - schedule.decay * horizon]
    if schedule.warmup:
        found.append(schedule.warmup * horizon - 1)
    return sorted(max(0, int(kink // 1)) for kink in found)


@lru_cache(maxsize=4)
def nodes(p: int) -> tuple[list[arb], arb_mat]:
    """0 and Radau's nodes on [0, 1] as balls, and the differentiation matrix on them."""
    with ctx.workprec(400):
        series = np.zeros(p + 1)
        series[p], series[p - 1] = 1, -1
        found = [arb(0)]
        for root in sorted(np.polynomial.legendre.legroots(series).real):
            x = arb(float(root))
            if root > 1 - 1e-9:
                found.append(arb(1))
                continue
            for _ in range(8):  # P_p - P_(p-1), and its slope by (1 - x^2) P_n' = n (P_(n-1) - x P_n)
                below, before, here = arb(0), arb(1), x
                for k in range(2, p + 1):
                    below, before, here = before, here, ((2 * k - 1) * x * here - (k - 1) * before) / k
                slope = (p * (before - x * here) - (p - 1) * (below - x * before)) / (1 - x * x)
                x = (x - (here - before) / slope).mid()
            found.append((1 + x) / 2)
        n = len(found)
        weights = []
        for i in range(n):
            product = arb(1)
            for j in range(n):
                if j != i:
                    product *= found[i] - found[j]
            weights.append(1 / product)
        rows = [[arb(0)] * n for _ in range(n)]
        for i in range(n):
            for j in range(n):
                if j != i:
                    rows[i][j] = weights[j] / weights[i] / (found[i] - found[j])
            rows[i][i] = -sum(rows[i], arb(0))
        return found, arb_mat(rows)


@lru_cache(maxsize=4)
def derivatives(p: int) -> list[arb_mat]:
    """D^k/k!, k = 1..p, after which there is none."""
    with ctx.workprec(300):
        _, d = nodes(p)
        found = [d]
        for k in range(2, p + 1):
            found.append(found[-1] * d * (1 / arb(k)))
        return found


@lru_cache(maxsize=4)
def rounded(p: int) -> np.ndarray:
    """The same to 80 bits, one above the other."""
    return np.array([[[from_ball(x) for x in row] for row in matrix.tolist()] for matrix in derivatives(p)], dtype=LD)


@lru_cache(maxsize=400)
def difference(p: int, length: int, *, balls: bool = False) -> np.ndarray:
    """The matrix of y(t + 1) - y(t); the short panels' from balls, because its series cancels there."""
    if length > 20_000 and not balls:
        scale = LD(length) ** -np.arange(1, p + 1, dtype=LD)
        return (rounded(p) * scale[:, None, None]).sum(0)
    with ctx.workprec(400):
        total = derivatives(p)[0] * (1 / arb(length))
        for k, matrix in enumerate(derivatives(p)[1:], start=2):
            total = total + matrix * (1 / arb(length) ** k)
        if balls:
            return np.array([[x.mid() for x in row] for row in total.tolist()], dtype=object)
        return np.array([[from_ball(x) for x in row] for row in total.tolist()], dtype=LD)


def panel(
    modes: Modes,
    state: State,
    schedule: Schedule,
    t: int,
    length: int,
    horizon: int,
    batch: int,
    tau2: Any,
    p: int,
    *,
    average: bool,
) -> State:
    """The state after one panel."""
    numbers = arithmetic.of(modes.z)
    delta = difference(p, length, balls=numbers.balls)
    places = [x.mid() if numbers.balls else from_ball(x) for x in nodes(p)[0]]
    gammas = at(schedule, t, np.array(places, dtype=numbers.dtype) * numbers.number(length), horizon, numbers)
    y = _moments(modes, state.x, gammas[1:], delta, batch, tau2)
    if not average:
        return replace(state, x=y[:, :, -1])
    whole = np.concatenate([state.x[:, :, None], y], axis=2)
    decay = 1 - gammas * modes.z[:, None]
    turning = np.all(decay.astype(complex).real < TURNING, axis=1)
    c, extra = np.zeros_like(whole), 0
    kept = ~turning
    c[:, kept] = _driven(delta, 1 - decay[kept], (decay * whole)[:, kept], state.c[:, kept])
    end = c[:, :, -1]
    if np.any(turning):
        c[:, turning] = _smooth(delta, 1 - decay[turning], (decay * whole)[:, turning])
        left = state.c[:, turning] - c[:, turning, 0]
        w = _driven(delta, 1 + decay[turning], np.zeros_like(whole[:, turning]), left)
        sums = _smooth(delta, np.full_like(decay[turning], numbers.number(2)), w)
        sign = -1 if length % 2 else 1
        end[:, turning] = c[:, turning, -1] + sign * w[:, :, -1]
        extra = 2 * real(sums[:, :, 0] - sign * sums[:, :, -1]).sum(-1)
    added = real(2 * c + whole).sum(axis=1)[:, None, :]
    a = _driven(delta, np.zeros_like(real(decay[:1])), added, state.a[:, None])
    return State(x=y[:, :, -1], c=end, a=a[:, 0, -1] + extra)


def _moments(
    modes: Modes, start: np.ndarray, gamma: np.ndarray, delta: np.ndarray, batch: int, tau2: Any
) -> np.ndarray:
    """x at the nodes behind the start, for the step sizes there."""
    numbers = arithmetic.of(modes.z)
    sample, p = numbers.number(Fraction(1, batch)), len(gamma)
    loss = gamma * modes.z[:, None] * (2 - gamma * (1 + sample) * modes.z[:, None])
    drive = gamma * gamma * sample
    inner, kind = delta[1:, 1:], _rough(modes.z)
    inverse = np.linalg.inv(inner.astype(kind)[None] + loss.astype(kind)[:, :, None] * np.eye(p))
    moved = np.einsum("nij,n,j->ij", inverse, modes.k.astype(kind), drive.astype(kind)).real
    system = np.linalg.inv(np.eye(p) - moved)
    source = np.array([numbers.number(0), tau2])
    y = np.zeros((2, len(modes.z), p), dtype=modes.z.dtype)
    y0 = start[:, :, None] * delta[1:, 0]
    for _ in range(_rounds(numbers)):
        total = real(y).sum(axis=1) + source[:, None]
        residual = y0 + y @ inner.T + loss * y - modes.k[:, None] * (drive * total)[:, None, :]
        size, known = _sized(residual, kind)
        lone = np.einsum("nij,rnj->rni", inverse, known)
        joint = lone.sum(axis=1).real @ system.T
        push = modes.k[:, None] * (drive * joint)[:, None, :]
        y = middle(y - size * (lone + np.einsum("nij,rnj->rni", inverse, push.astype(kind))))
    return y


def _driven(delta: np.ndarray, rate: np.ndarray, right: np.ndarray, start: np.ndarray) -> np.ndarray:
    """y with y(t + 1) - y(t) + rate y(t) = right behind the start, for each row and mode; start included."""
    known = start[:, :, None] * delta[1:, 0] - right[:, :, 1:]
    return np.concatenate([start[:, :, None], _solved(delta[1:, 1:], rate[:, 1:], -known)], axis=2)


def _smooth(delta: np.ndarray, rate: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The polynomial with y(t + 1) - y(t) + rate y(t) = right at every node: the smooth solution where rate > 1."""
    return _solved(delta, rate, right)


def _solved(delta: np.ndarray, rate: np.ndarray, right: np.ndarray) -> np.ndarray:
    if right.size == 0:  # every mode alternates
        return right
    kind = _rough(rate)
    inverse = np.linalg.inv(delta.astype(kind)[None] + rate.astype(kind)[:, :, None] * np.eye(len(delta)))
    y = np.zeros_like(right)
    for _ in range(_rounds(arithmetic.of(delta))):
        size, known = _sized(y @ delta.T + rate * y - right, kind)
        y = middle(y - size * np.einsum("nij,rnj->rni", inverse, known))
    return y


def _rough(values: np.ndarray) -> type:
    return complex if np.iscomplexobj(values) else float


def _rounds(numbers: Arithmetic) -> int:
    return 8 if numbers.balls else 5


def _sized(residual: np.ndarray, kind: type) -> tuple[np.ndarray, np.ndarray]:
    """Each row's size, and the row divided by it."""
    residual = middle(residual)
    size = np.max(np.abs(residual), axis=(1, 2), keepdims=True)
    size[size == 0] = 1
    return size, (residual / size).astype(kind)
