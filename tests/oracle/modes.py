"""Modes: what the dynamics needs of a problem (D03), and the two exact problems' modes, by eigenvectors in Arb.

x_n(0) = f_n, x_n(t+1) = q_n x_n(t) + (gamma_t^2/B) k_n (E(t) + sigma2), E = floor + sum_n x_n. Real and positive given
a sketch. On a contour complex: the upper half is kept (`folded`) with doubled weights, and sums are their real parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from flint import acb_mat, arb, arb_mat, ctx

from tests.oracle.floats80 import ball, from_ball, from_balls
from tests.oracle.questions import Question, Signal, Spectrum

BITS = 320


@dataclass(frozen=True, kw_only=True)
class Modes:
    z: np.ndarray
    f: np.ndarray
    k: np.ndarray
    floor: np.longdouble
    folded: bool = False
    balls: tuple[list[arb], list[arb], list[arb], arb] | None = None
    margin: tuple[np.longdouble, np.longdouble] | None = None  # a step size and its 1 - kappa, known exactly


def eigenvalues(spectrum: Spectrum) -> list[arb]:
    """All eigenvalues as balls."""
    if spectrum.listed:
        return [ball(value) for value in spectrum.listed]
    a, scale = ball(spectrum.a), ball(spectrum.scale)
    if spectrum.logarithmic:
        return [scale / j / arb(j + 1).log() ** a for j in range(1, spectrum.dimension + 1)]
    return [scale * arb(j) ** (-a) for j in range(1, spectrum.dimension + 1)]


def powers(signal: Signal, lam: list[arb]) -> list[arb]:
    """The signal power of each direction, lambda_j w_j^2 or its mean."""
    if signal.listed:
        return [eigenvalue * ball(w) ** 2 for eigenvalue, w in zip(lam, signal.listed, strict=True)]
    scale = ball(signal.scale)
    if signal.b is None:
        return [scale * eigenvalue for eigenvalue in lam]
    return [scale * arb(j) ** (-ball(signal.b)) for j in range(1, len(lam) + 1)]


def _signs(signal: Signal, v: int) -> list[int]:
    return [-1 if w < 0 else 1 for w in signal.listed] or [1] * v


def unsketched(question: Question) -> Modes:
    """D01 with the identity for a sketch."""
    with ctx.workprec(BITS):
        lam = eigenvalues(question.spectrum)
        h = powers(question.signal, lam)
        kept = [(x, y) for x, y in zip(lam, h, strict=True) if x > 0]
        z, f = [x for x, _ in kept], [y for _, y in kept]
        return _real(z, f, [x * x for x in z], arb(0))


def sketched(question: Question) -> Modes:
    """D01: the eigenvectors of S Lambda S^T, every entry of S being the binary fraction that it is."""
    with ctx.workprec(BITS):
        lam = eigenvalues(question.spectrum)
        h = powers(question.signal, lam)
        sketch = arb_mat([[ball(float(entry)) for entry in row] for row in question.sketch])
        m, v = sketch.nrows(), sketch.ncols()
        scaled = arb_mat([[sketch[i, j] * lam[j] for j in range(v)] for i in range(m)])
        covariance = scaled * sketch.transpose()
        middle = acb_mat([[(covariance[i, j].mid() + covariance[j, i].mid()) / 2 for j in range(m)] for i in range(m)])
        values, vectors = middle.eig(right=True, algorithm="approx")
        z, f = [], []
        halves = [x.sqrt() for x in lam]
        signs = _signs(question.signal, v)
        directed = [y.sqrt() * sign for y, sign in zip(h, signs, strict=True)]
        for i in range(m):
            column = [vectors[r, i].real.mid() for r in range(m)]
            norm = sum((x * x for x in column), arb(0)).sqrt()
            column = arb_mat([[x / norm for x in column]])
            row = column * sketch
            parts = [row[0, j] * halves[j] for j in range(v)]
            eigenvalue = sum((x * x for x in parts), arb(0)).mid()
            if question.signal.prior:
                weight = sum((x * x * y for x, y in zip(parts, h, strict=True)), arb(0))
            else:
                weight = sum((x * y for x, y in zip(parts, directed, strict=True)), arb(0)) ** 2
            assert abs(float((eigenvalue / values[i].real.mid() - 1).mid())) < 1e-40, "eigenvectors lost their digits"
            z.append(eigenvalue)
            f.append((weight / eigenvalue).mid())
        whole = m == sum(x > 0 for x in lam)  # every feature is kept: nothing is left to approximate
        floor = arb(0) if whole else (sum(h, arb(0)) - sum(f, arb(0))).mid()
        return _real(z, f, [x * x for x in z], floor)


def _real(z: list[arb], f: list[arb], k: list[arb], floor: arb) -> Modes:
    return Modes(z=from_balls(z), f=from_balls(f), k=from_balls(k), floor=from_ball(floor), balls=(z, f, k, floor))
