"""The dynamics of modes in 80-bit floats: step by step (D01, D24), and a stage of one step size at once (D03, D24).

A state holds two responses, bias and variance, as rows: moments x and, for averages of iterates, crosses c and the sum
a. The inverse transform runs on a hyperbola of its own, p = (mu/T) (1 - sin(alpha - i theta)), whose asymptotes stand
at 0.8 from the negative axis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.oracle.floats80 import CLD, LD, PI, OutOfReach
from tests.oracle.modes import Modes

AT_ONCE = 96  # stages from this length on are crossed by the transform
HYPERBOLAS = ((LD("0.70"), LD(10), LD("0.072"), 40), (LD("0.76"), LD("9.5"), LD("0.063"), 48))  # alpha, mu, h, nodes/2


@dataclass
class State:
    """x and c: (2, n); a: (2,). The rows are bias and variance."""

    x: np.ndarray
    c: np.ndarray
    a: np.ndarray

    @staticmethod
    def start(modes: Modes) -> State:
        x = np.stack([modes.f, np.zeros_like(modes.f)])
        return State(x=x, c=np.zeros_like(x), a=np.zeros(2, dtype=modes.floor.dtype))

    def averaged(self) -> State:
        """The same moments, with an average that starts here."""
        return State(x=self.x.copy(), c=np.zeros_like(self.x), a=np.zeros_like(self.a))


def totals(state: State) -> np.ndarray:
    """Bias and variance of the last iterate."""
    return state.x.real.sum(axis=-1)


def step(modes: Modes, state: State, gammas: np.ndarray, batch: int, tau2: np.longdouble, *, average: bool) -> State:
    """The recursion, one step size after the other."""
    real = modes.floor.dtype.type
    x, c, a = state.x, state.c, state.a
    source = np.array([[0], [tau2]], dtype=real)
    twice, square = 2 * modes.z, (1 + 1 / real(batch)) * modes.z * modes.z
    before = None
    for gamma in gammas.astype(real):
        if gamma != before:
            q, g = 1 - gamma * (twice - gamma * square), gamma * gamma / batch * modes.k
            decay, before = 1 - gamma * modes.z, gamma
        total = x.real.sum(axis=-1, keepdims=True)
        if average:
            a = a + 2 * c.real.sum(axis=-1) + total[:, 0]
            c = decay * (c + x)
        x = q * x + g * (total + source)
    return State(x=x, c=c, a=a)


def may_cross(modes: Modes, gamma: np.longdouble, length: int, *, average: bool) -> bool:
    """Whether the transform may be used: crosses whose factor 1 - gamma z is negative must have died out (D24)."""
    if length < AT_ONCE:
        return False
    if not average:
        return True
    factor = np.abs(1 - gamma * modes.z[(gamma * modes.z).real > 0.9])
    return bool(np.all(length * np.log(np.maximum(factor, 1e-300)) < -48)) if len(factor) else True


def hyperbola(which: int, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """zeta, 1 - zeta and the weights e^(pT) dp/(2 pi i) on the whole hyperbola."""
    alpha, mu, h, half = HYPERBOLAS[which]
    theta = (np.arange(-half, half, dtype=LD) + LD("0.5")) * h
    slant = CLD(alpha) - 1j * theta
    scaled = mu * (1 - np.sin(slant))
    weights = np.exp(scaled) * mu * np.cos(slant) * 1j * h / (2j * PI) / LD(length)
    p = scaled / LD(length)
    lost = np.expm1(-p.real) * np.cos(p.imag) - 2 * np.sin(p.imag / 2) ** 2 - 1j * np.exp(-p.real) * np.sin(p.imag)
    return 1 + lost, -lost, weights


def stage(
    modes: Modes,
    state: State,
    gamma: np.longdouble,
    length: int,
    batch: int,
    tau2: np.longdouble,
    which: int,
    *,
    average: bool,
) -> State:
    """The state after `length` steps of one size."""
    zeta, one, weights = hyperbola(which, length)
    zeta, one = zeta[:, None], one[:, None]
    z, k, x, c = modes.z, modes.k, state.x, state.c
    if modes.folded:  # sums run over the conjugates too
        z, k = np.concatenate([z, z.conj()]), np.concatenate([k, k.conj()]) / 2
        x, c = np.concatenate([x, x.conj()], axis=1) / 2, np.concatenate([c, c.conj()], axis=1) / 2
    loss = gamma * z * (2 - gamma * (1 + 1 / LD(batch)) * z)
    inverse = 1 / (one + zeta * loss)
    g = gamma * gamma / batch * k
    feedback = (g * inverse).sum(-1, keepdims=True)
    closed = 1 - zeta * feedback
    if modes.margin is not None and gamma == modes.margin[0]:  # 1 - zeta K = 1 - kappa + (1 - zeta) sum g/(loss D)
        closed = modes.margin[1] + one * (g * inverse / loss).sum(-1, keepdims=True)
    parts = []
    for row in range(2):
        source = tau2 * zeta / one if row else LD(0)
        total = ((x[row] * inverse).sum(-1, keepdims=True) + source * feedback) / closed
        drive = zeta * total + source
        parts.append((x[row] + g * drive) * inverse)
    n = len(modes.z)
    fold = 2 if modes.folded else 1
    new_x = np.stack([fold * (weights[:, None] * part[:, :n]).sum(0) for part in parts])
    real = np.isrealobj(modes.z)
    if real:
        new_x = new_x.real
    if not average:
        return State(x=new_x, c=state.c, a=state.a)
    cross = 1 / (one + zeta * gamma * z)
    decay = zeta * (1 - gamma * z)
    new_c = np.stack(
        [fold * (weights[:, None] * ((c[row] + decay * parts[row]) * cross)[:, :n]).sum(0) for row in range(2)]
    )
    if real:
        new_c = new_c.real
    sums = [((2 * c[row] + (1 + decay) * parts[row]) * cross).sum(-1) for row in range(2)]
    added = [(weights * zeta[:, 0] / one[:, 0] * total).sum().real for total in sums]
    return State(x=new_x, c=new_c, a=state.a + np.array(added))


def advance(
    modes: Modes,
    state: State,
    parts: list[tuple[int, np.ndarray | np.longdouble]],
    batch: int,
    tau2: np.longdouble,
    which: int,
    *,
    average: bool,
) -> State:
    """Through stretches: (length, one step size) or (length, an array of them)."""
    for length, gamma in parts:
        if isinstance(gamma, np.ndarray):
            state = step(modes, state, gamma, batch, tau2, average=average)
        elif may_cross(modes, gamma, length, average=average):
            state = stage(modes, state, gamma, length, batch, tau2, which, average=average)
        elif length <= 200_000:
            state = step(modes, state, np.full(length, gamma), batch, tau2, average=average)
        else:
            raise OutOfReach("crosses alternate for too long")
    return state
