"""Short runs given a sketch in rational arithmetic: the whole matrix of second moments, no eigenbasis, no square root.

P = E (theta - theta*)(theta - theta*)^T moves by P <- P - gamma (K P + P K) + gamma^2 ((1 + 1/B) K P K
+ (1/B) K (tr K P + sigma2 + approximation)): the fourth moments of a Gaussian, written out by hand.
"""

from __future__ import annotations

from fractions import Fraction


def product(left, right):
    return [
        [sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*right, strict=True)] for row in left
    ]


def solved(matrix, vector):
    """x with matrix x = vector, by elimination."""
    rows = [[*map(Fraction, row), Fraction(entry)] for row, entry in zip(matrix, vector, strict=True)]
    for k in range(len(rows)):
        pivot = next(i for i in range(k, len(rows)) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [entry / rows[k][k] for entry in rows[k]]
        for i in range(len(rows)):
            if i != k and rows[i][k]:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]


def curves(eigenvalues, target, sketch, step_sizes, *, batch_size, noise):
    """Approximation, and (bias, variance) before every step and after the last; everything rational."""
    approximation, covariance, found = moments(
        eigenvalues, target, sketch, step_sizes, batch_size=batch_size, noise=noise
    )
    return approximation, [(trace(covariance, bias), trace(covariance, variance)) for bias, variance in found]


def moments(eigenvalues, target, sketch, step_sizes, *, batch_size, noise):
    """Approximation, K, and the matrices P of bias and variance before every step and after the last."""
    sketch = [[Fraction(entry) for entry in row] for row in sketch]
    weighted = [[s * x for s, x in zip(row, eigenvalues, strict=True)] for row in sketch]
    covariance = product(weighted, [list(column) for column in zip(*sketch, strict=True)])
    cross = [sum(s * w for s, w in zip(row, target, strict=True)) for row in weighted]
    best = solved(covariance, cross)
    approximation = sum(x * w * w for x, w in zip(eigenvalues, target, strict=True)) - sum(
        c * x for c, x in zip(cross, best, strict=True)
    )
    size = len(best)
    bias = [[x * y for y in best] for x in best]
    variance = [[Fraction(0)] * size for _ in range(size)]
    found = [(bias, variance)]
    for gamma in step_sizes:
        drive = noise + approximation
        bias = stepped(bias, covariance, gamma, batch_size, Fraction(0))
        variance = stepped(variance, covariance, gamma, batch_size, drive)
        found.append((bias, variance))
    return approximation, covariance, found


def averaged(covariance, found, step_sizes, first, stop):
    """(bias, variance) of the mean of iterates first, ..., stop - 1: the sum over all pairs of iterates.

    E u(r') u(r)^T = (I - gamma K) ... (I - gamma K) P(r) for r' > r: fresh samples have mean K.
    """
    size, totals = range(len(covariance)), []
    for part in (0, 1):
        total = Fraction(0)
        for r in range(first, stop):
            pair, count = found[r][part], 1
            for later in range(r, stop):
                total += count * trace(covariance, pair)
                moved = product(covariance, pair)
                pair = [[pair[i][j] - step_sizes[later] * moved[i][j] for j in size] for i in size]
                count = 2
        totals.append(total / (stop - first) ** 2)
    return tuple(totals)


def trace(left, right):
    return sum(left[i][j] * right[j][i] for i in range(len(left)) for j in range(len(left)))


def stepped(moments, covariance, gamma, batch, drive):
    one, other = product(covariance, moments), product(moments, covariance)
    both, feed = product(one, covariance), (trace(covariance, moments) + drive) / batch
    size = range(len(moments))
    return [
        [
            moments[i][j]
            - gamma * (one[i][j] + other[i][j])
            + gamma**2 * ((1 + Fraction(1, batch)) * both[i][j] + covariance[i][j] * feed)
            for j in size
        ]
        for i in size
    ]
