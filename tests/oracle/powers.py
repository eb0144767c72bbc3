"""Real modes at any step by powers of the step matrix in balls: no transform, no eigenvalues, every rounding bounded.

The linear map of (x, c, a, 1) under one step of size gamma (D01, D24) is a small matrix; T steps of it are its T-th
power, by squaring.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb, arb_mat, ctx

from tests.oracle.floats80 import ball
from tests.oracle.modes import Modes
from tests.oracle.questions import Question
from tests.oracle.schedules import stages

LARGEST = 10  # modes that always go this way
WORK = 400_000  # products in one squaring of every stage's matrix, about two seconds in all


def affordable(question: Question, modes: Modes) -> bool:
    """Whether more modes may be taken by powers."""
    if modes.balls is None:
        return False
    size = len(modes.z) * (1 if question.tail is None else 2)
    return size**3 * len(stages(question.schedule, question.horizon)) <= WORK


def matrix(modes: Modes, gamma: Fraction, batch: int, source: arb, *, average: bool) -> arb_mat:
    """One step; `source` is what the noise of every sample adds (0 for the bias, tau^2 for the variance)."""
    z, _, k, _ = modes.balls
    n = len(z)
    size = 2 * n + 2 if average else n + 1
    g, b = ball(gamma), ball(Fraction(1, batch))
    rows = [[arb(0)] * size for _ in range(size)]
    for i in range(n):
        feed = g * g * b * k[i]
        for j in range(n):
            rows[i][j] = arb(feed)
        rows[i][i] += 1 - 2 * g * z[i] + g * g * (1 + b) * z[i] * z[i]
        rows[i][size - 1] = feed * source
        if average:
            rows[n + i][i] = rows[n + i][n + i] = 1 - g * z[i]
            rows[2 * n][i], rows[2 * n][n + i] = arb(1), arb(2)
    if average:
        rows[2 * n][2 * n] = arb(1)
    rows[size - 1][size - 1] = arb(1)
    return arb_mat(rows)


def follow(
    modes: Modes, parts: list[tuple[int, Fraction]], vector: arb_mat, batch: int, source: arb, *, average: bool
) -> arb_mat:
    """The vector after stretches of constant step size."""
    for length, gamma in parts:
        square = matrix(modes, gamma, batch, source, average=average)
        left = length
        while left:
            if left & 1:
                vector = square * vector
            left >>= 1
            if left:
                square = square * square
    return vector


def curve(
    modes: Modes, stretches, steps: tuple[int, ...], firsts: list[int | None], batch: int, noise: Fraction
) -> list[tuple[arb, arb]]:
    """Bias and variance at each step as balls; `stretches(start, stop)` lists the stages between two steps."""
    n = len(modes.balls[0])
    with ctx.workprec(320):
        rows = []
        for start, source in ((modes.balls[1], arb(0)), ([arb(0)] * n, modes.balls[3] + ball(noise))):
            state, at, values = arb_mat([[x] for x in [*start, arb(1)]]), 0, []
            order = [(t if first is None else first, t, first) for t, first in zip(steps, firsts, strict=True)]
            for to, t, first in sorted(order, key=lambda three: three[:2]):
                state, at = follow(modes, stretches(at, to), state, batch, source, average=False), to
                if first is None or t == 0:
                    values.append((t, sum((state[i, 0] for i in range(n)), arb(0))))
                else:
                    long = arb_mat([[state[i, 0]] for i in range(n)] + [[arb(0)]] * (n + 1) + [[arb(1)]])
                    long = follow(modes, stretches(first, t), long, batch, source, average=True)
                    values.append((t, long[2 * n, 0] / (arb(t - first) ** 2)))
            rows.append(dict(values))
        return [(rows[0][t], rows[1][t]) for t in steps]
