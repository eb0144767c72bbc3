"""Smooth schedules at any horizon: the recursion of D01 required of polynomials in the step (D26), in 80-bit floats.

A panel of L steps carries every mode as its values at the start and at p nodes of Radau's rule; the recursion is
required at those nodes, with y(t + 1) - y(t) = (e^(D/L) - 1) y in balls. The system is solved in float64 and refined by
its residual in 80 bits. Panels double behind the start and each kink, and halve towards a vanishing step size.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from flint import arb, arb_mat, ctx

from tests.oracle.dynamics import State, may_cross, step
from tests.oracle.floats80 import LD, OutOfReach, from_ball, longdouble
from tests.oracle.modes import Modes
from tests.oracle.questions import Schedule
from tests.oracle.schedules import at, sizes

SHORTEST = 96
DEGREES = (28, 24)


def follow(
    modes: Modes,
    state: State,
    schedule: Schedule,
    start: int,
    stop: int,
    horizon: int,
    batch: int,
    tau2: np.longdouble,
    which: int,
    *,
    average: bool,
) -> State:
    """The state at `stop`, given that at `start`."""
    if average and not may_cross(modes, longdouble(schedule.peak), SHORTEST, average=True):
        raise OutOfReach("crosses alternate for too long")
    t, since = start, start
    while t < stop:
        kink = min((k for k in kinks(schedule, horizon) if k > t), default=horizon)
        ahead = min(stop, kink) - t
        length = min(ahead, t - since, (horizon - t) // 2)
        if length >= SHORTEST:
            state = panel(modes, state, schedule, t, length, horizon, batch, tau2, DEGREES[which], average=average)
        else:
            length = min(stop - t, SHORTEST)
            state = step(modes, state, sizes(schedule, t, t + length, horizon), batch, tau2, average=average)
        t += length
        if t >= kink:
            since = kink
    return state


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
def difference(p: int, length: int) -> np.ndarray:
    """The matrix of y(t + 1) - y(t); the short panels' from balls, because its series cancels there."""
    if length > 20_000:
        scale = LD(length) ** -np.arange(1, p + 1, dtype=LD)
        return (rounded(p) * scale[:, None, None]).sum(0)
    with ctx.workprec(300):
        total = derivatives(p)[0] * (1 / arb(length))
        for k, matrix in enumerate(derivatives(p)[1:], start=2):
            total = total + matrix * (1 / arb(length) ** k)
        return np.array([[from_ball(x) for x in row] for row in total.tolist()], dtype=LD)


def panel(
    modes: Modes,
    state: State,
    schedule: Schedule,
    t: int,
    length: int,
    horizon: int,
    batch: int,
    tau2: np.longdouble,
    p: int,
    *,
    average: bool,
) -> State:
    """The state after one panel."""
    delta = difference(p, length)
    tau = np.array([from_ball(x) for x in nodes(p)[0]], dtype=LD)[1:]
    gamma = at(schedule, t, tau * LD(length), horizon)
    loss = gamma * modes.z[:, None] * (2 - gamma * (1 + 1 / LD(batch)) * modes.z[:, None])
    drive = gamma * gamma / LD(batch)
    inner = delta[1:, 1:]
    kind = complex if np.iscomplexobj(modes.z) else float
    inverse = np.linalg.inv(inner.astype(kind)[None] + loss.astype(kind)[:, :, None] * np.eye(p))
    moved = np.einsum("nij,n,j->ij", inverse, modes.k.astype(kind), drive.astype(kind)).real
    system = np.linalg.inv(np.eye(p) - moved)
    source = np.array([LD(0), tau2])
    y = np.zeros((2, len(modes.z), p), dtype=modes.z.dtype)
    y0 = state.x[:, :, None] * delta[1:, 0]
    for _ in range(5):
        total = y.sum(axis=1).real + source[:, None]
        residual = y0 + y @ inner.T + loss * y - modes.k[:, None] * (drive * total)[:, None, :]
        size = _size(residual)
        lone = np.einsum("nij,rnj->rni", inverse, (residual / size).astype(kind))
        joint = lone.sum(axis=1).real @ system.T
        push = modes.k[:, None] * (drive * joint)[:, None, :]
        y = y - size * (lone + np.einsum("nij,rnj->rni", inverse, push.astype(kind)))
    if not average:
        return replace(state, x=y[:, :, -1])
    decay = 1 - gamma * modes.z[:, None]
    c = _driven(delta, 1 - decay, decay * y, state.c)
    added = (2 * c + y).sum(axis=1).real[:, None, :]
    a = _driven(delta, np.zeros((1, p), dtype=LD), added, state.a[:, None])
    return State(x=y[:, :, -1], c=c[:, :, -1], a=a[:, 0, -1])


def _size(residual: np.ndarray) -> np.ndarray:
    size = np.max(np.abs(residual), axis=(1, 2), keepdims=True)
    size[size == 0] = 1
    return size


def _driven(delta: np.ndarray, rate: np.ndarray, right: np.ndarray, start: np.ndarray) -> np.ndarray:
    """y with y(t + 1) - y(t) + rate y(t) = right at the nodes, for each row and mode."""
    inner, kind = delta[1:, 1:], complex if np.iscomplexobj(rate) else float
    inverse = np.linalg.inv(inner.astype(kind)[None] + rate.astype(kind)[:, :, None] * np.eye(len(inner)))
    y, known = np.zeros_like(right), start[:, :, None] * delta[1:, 0] - right
    for _ in range(4):
        residual = known + y @ inner.T + rate * y
        size = _size(residual)
        y = y - size * np.einsum("nij,rnj->rni", inverse, (residual / size).astype(kind))
    return y
