"""The dynamics of modes: step by step (D01, D24), and a stage of one step size at once (D03, D24).

A state holds two responses, bias and variance, as rows: moments x and, for averages of iterates, crosses c and the sum
a. The inverse transform runs on a hyperbola of its own, p = (mu/T) (1 - sin(alpha - i theta)), whose asymptotes stand
at 0.8 from the negative axis. Two things are kept off it: what decays as fast as everything does without a drive is
divided out (a shift of p), and crosses whose factor 1 - gamma z is negative, which alternate, are residues.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from tests.oracle import arithmetic
from tests.oracle.arithmetic import Arithmetic, middle, real
from tests.oracle.modes import Modes
from tests.oracle.vanished import persistence

AT_ONCE = 96  # stages from this length on are crossed by the transform
HYPERBOLAS = (  # alpha, mu, h, nodes/2, for twenty digits
    (Fraction("0.70"), Fraction(10), Fraction("0.072"), 40),
    (Fraction("0.76"), Fraction("9.5"), Fraction("0.063"), 48),
)


@dataclass
class State:
    """x and c: (2, n); a: (2,). The rows are bias and variance."""

    x: np.ndarray
    c: np.ndarray
    a: np.ndarray

    @staticmethod
    def start(modes: Modes) -> State:
        x = np.stack([modes.f, np.zeros_like(modes.f)])
        return State(x=x, c=np.zeros_like(x), a=np.zeros(2, dtype=arithmetic.of(modes.z).dtype))

    def averaged(self) -> State:
        """The same moments, with an average that starts here."""
        return State(x=self.x.copy(), c=np.zeros_like(self.x), a=np.zeros_like(self.a))


def totals(state: State) -> np.ndarray:
    """Bias and variance of the last iterate."""
    return real(state.x).sum(axis=-1)


def step(modes: Modes, state: State, gammas: np.ndarray, batch: int, tau2: Any, *, average: bool) -> State:
    """The recursion, one step size after the other."""
    numbers = arithmetic.of(modes.z)
    number = numbers.number
    x, c, a = state.x, state.c, state.a
    source = np.array([[number(0)], [tau2]])
    sample = number(Fraction(1, batch))
    twice, square = 2 * modes.z, (1 + sample) * modes.z * modes.z
    before = None
    for gamma in gammas.astype(numbers.dtype):
        if gamma != before:
            q, g = 1 - gamma * (twice - gamma * square), gamma * gamma * sample * modes.k
            decay, before = 1 - gamma * modes.z, gamma
        total = real(x).sum(axis=-1, keepdims=True)
        if average:
            a = a + 2 * real(c).sum(axis=-1) + total[:, 0]
            c = decay * (c + x)
        x = q * x + g * (total + source)
    return State(x=x, c=c, a=a)


def hyperbola(
    which: int, length: int, numbers: Arithmetic = arithmetic.FLOATS80, shift: Any = 0, *, half: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """zeta = e^-p, 1 - zeta and the weights e^(pT) dp/(2 pi i), on the whole hyperbola or (doubled) its upper half.

    `shift` moves it: p is e^-shift slower a step than what the contour must see.
    """
    number, unit = numbers.number, numbers.unit
    alpha, mu, h, count = HYPERBOLAS[which]
    mu, h, count = number(mu * numbers.finer), number(h / numbers.finer), int(count * numbers.finer)
    theta = numbers.array(Fraction(2 * k + 1, 2) for k in range(0 if half else -count, count)) * h
    slant = number(alpha) - unit * theta
    p = mu * (1 - np.sin(slant)) / number(length)
    weights = np.exp(p * number(length)) * mu * np.cos(slant) * h / (2 * numbers.pi() * number(length))
    if half:
        weights = 2 * weights
    if shift:
        p, weights = p - shift, weights * np.exp(-number(length) * shift)
    if numbers.balls:
        zeta = np.exp(-p)
        return zeta, 1 - zeta, weights
    lost = np.expm1(-p.real) * np.cos(p.imag) - 2 * np.sin(p.imag / 2) ** 2 - 1j * np.exp(-p.real) * np.sin(p.imag)
    return 1 + lost, -lost, weights


@dataclass
class Responses:
    """What one step size makes of the modes: x's transforms at any zeta, a column of them (D03)."""

    modes: Modes
    gamma: Any
    batch: int
    z: np.ndarray
    k: np.ndarray

    def __post_init__(self) -> None:
        sample = arithmetic.of(self.z).number(Fraction(1, self.batch))
        self.loss = self.gamma * self.z * (2 - self.gamma * (1 + sample) * self.z)
        self.g = self.gamma * self.gamma * sample * self.k

    def transforms(self, x: np.ndarray, source: Any, zeta: np.ndarray, one: np.ndarray) -> list[np.ndarray]:
        """X(zeta) of both rows."""
        inverse = 1 / (one + zeta * self.loss)
        feedback = (self.g * inverse).sum(-1, keepdims=True)
        closed, margin = 1 - zeta * feedback, self.modes.margin
        if margin is not None and self.gamma == margin[0]:  # 1 - zeta K = 1 - kappa + (1 - zeta) sum g/(loss D)
            closed = margin[1] + one * (self.g * inverse / self.loss).sum(-1, keepdims=True)
        parts = []
        for row, driven in enumerate((None, source * zeta / one)):
            total = (x[row] * inverse).sum(-1, keepdims=True)
            drive = zeta * total / closed if driven is None else zeta * (total + driven * feedback) / closed + driven
            parts.append((x[row] + self.g * drive) * inverse)
        return parts


def stage(
    modes: Modes, state: State, gamma: Any, length: int, batch: int, tau2: Any, which: int, *, average: bool
) -> State:
    """The state after `length` steps of one size."""
    numbers, plain = arithmetic.of(modes.z), not np.iscomplexobj(modes.z)
    shift = numbers.number(0)
    if plain and not average and float(tau2) == 0:
        shift = numbers.number(float(-np.log1p(-_slowest(modes, gamma, batch))))
    zeta, one, weights = (x[:, None] for x in hyperbola(which, length, numbers, shift, half=plain))
    z, k, x, c = modes.z, modes.k, state.x, state.c
    if modes.folded:  # sums run over the conjugates too
        z, k = np.concatenate([z, z.conj()]), np.concatenate([k, k.conj()]) / 2
        x, c = np.concatenate([x, x.conj()], axis=1) / 2, np.concatenate([c, c.conj()], axis=1) / 2
    n, fold = len(modes.z), 2 if modes.folded else 1

    def kept(values: np.ndarray) -> np.ndarray:
        values = fold * values[..., :n]
        return middle(real(values)) if plain else values

    responses = Responses(modes=modes, gamma=gamma, batch=batch, z=z, k=k)
    parts = responses.transforms(x, tau2, zeta, one)
    new_x = kept(np.stack([(weights * part).sum(0) for part in parts]))
    if not average:
        return State(x=new_x, c=state.c, a=state.a)
    decay = 1 - gamma * z
    turning, residues = _alternating(responses, decay, x, c, tau2, length)
    cross = 1 / (one + zeta * gamma * z)
    crosses = [(c[row] + zeta * decay * parts[row]) * cross for row in range(2)]
    new_c = np.stack([(weights * part).sum(0) for part in crosses])
    new_c[:, turning] = new_c[:, turning] + residues
    added = [real((weights * zeta / one * (2 * crosses[row] + parts[row])).sum(-1)).sum() for row in range(2)] + real(
        2 * residues / (decay[turning] - 1)
    ).sum(-1)
    return State(x=new_x, c=kept(new_c), a=state.a + added)


def _slowest(modes: Modes, gamma: Any, batch: int) -> float:
    """1 - the largest eigenvalue of a step, or 0 where it is not below 1."""
    z, k, size = (arithmetic.rounded(np.asarray(values)) for values in (modes.z, modes.k, gamma))
    return float(size * persistence(z, z, k, size, batch))


def _alternating(
    responses: Responses, decay: np.ndarray, x: np.ndarray, c: np.ndarray, tau2: Any, length: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which crosses have Re(1 - gamma z) < 0 and have not died out, and their residues at zeta = 1/(1 - gamma z)."""
    digits = 20 * arithmetic.of(decay).finer
    rough = decay.astype(complex)
    alive = length * np.log(np.maximum(np.abs(rough), 1e-300)) > -float(digits) * np.log(10)
    turning = np.flatnonzero((rough.real < 0) & alive)
    if not len(turning):
        return turning, np.zeros((2, 0), dtype=x.dtype)
    zeta = (1 / decay[turning])[:, None]
    parts = responses.transforms(x, tau2, zeta, 1 - zeta)
    diagonal = np.arange(len(turning))
    at_poles = np.stack([c[row, turning] + parts[row][diagonal, turning] for row in range(2)])
    sign = -1 if length % 2 else 1
    number = arithmetic.of(decay).number
    return turning, sign * np.exp(number(length) * np.log(-decay[turning])) * at_poles


def advance(
    modes: Modes, state: State, parts: list[tuple[int, Any]], batch: int, tau2: Any, which: int, *, average: bool
) -> State:
    """Through stretches: (length, one step size) or (length, an array of them)."""
    for length, gamma in parts:
        if not isinstance(gamma, np.ndarray) and length >= AT_ONCE:
            state = stage(modes, state, gamma, length, batch, tau2, which, average=average)
        else:
            sizes = gamma if isinstance(gamma, np.ndarray) else np.array([gamma] * length)
            state = step(modes, state, sizes, batch, tau2, average=average)
    return state
