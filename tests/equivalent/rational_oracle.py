"""Short runs of the equivalent in rational arithmetic: residues at infinity, no contour, no root, no floating point.

F(t) and K(t) are coefficients of 1/u in Laurent series at u = infinity, where q(z)^t is a polynomial in u and 1/u; the
power sums T_k = sum lambda^k and H_k = sum h lambda^k are all that enters.
"""

from __future__ import annotations

from fractions import Fraction


class Laurent:
    """sum_k coefficients[k] u^(top - k), truncated to as many terms as are kept."""

    def __init__(self, top, coefficients):
        self.top, self.coefficients = top, list(coefficients)

    def __mul__(self, other):
        length = min(len(self.coefficients), len(other.coefficients))
        product = [
            sum((self.coefficients[i] * other.coefficients[k - i] for i in range(k + 1)), start=Fraction(0))
            for k in range(length)
        ]
        return Laurent(self.top + other.top, product)

    def times(self, number):
        return Laurent(self.top, [number * c for c in self.coefficients])

    def plus(self, other):
        shift = self.top - other.top
        length = len(self.coefficients)
        if shift < 0:
            return other.plus(self)
        padded = [Fraction(0)] * shift + other.coefficients
        return Laurent(self.top, [x + y for x, y in zip(self.coefficients, padded[:length], strict=True)])

    def inverse(self):
        lead = 1 / self.coefficients[0]
        found = [lead]
        for k in range(1, len(self.coefficients)):
            found.append(-lead * sum((self.coefficients[i] * found[k - i] for i in range(1, k + 1)), start=Fraction(0)))
        return Laurent(-self.top, found)

    def residue(self):
        """The coefficient of 1/u."""
        place = self.top + 1
        return self.coefficients[place] if place >= 0 else Fraction(0)


def excess(powers, signals, *, model_size, step_size, batch_size, noise, last):
    """E(0), ..., E(last). powers(k) = sum lambda^k for k >= 1, signals(k) = sum h lambda^k for k >= 0."""
    length = 2 * last + 6
    one = Laurent(0, [Fraction(1)] + [Fraction(0)] * (length - 1))
    d1 = Laurent(-1, [(-1) ** k * powers(k + 1) for k in range(length)])
    d2 = Laurent(-2, [(-1) ** k * (k + 1) * powers(k + 2) for k in range(length)])
    sig = Laurent(-1, [(-1) ** k * signals(k) for k in range(length)])
    companion = one.plus(d1.times(Fraction(-1) / model_size))
    z = Laurent(1, companion.times(Fraction(-1)).coefficients)
    slope = one.times(Fraction(-1)).plus(d2.times(Fraction(1) / model_size))
    phi, curvature = sig * companion.inverse(), step_size**2 * (1 + Fraction(1, batch_size))
    q = (z * z).times(curvature).plus(z.times(-2 * step_size)).plus(one)
    forcing, kernel = phi * slope, z * d1 * slope
    forcings, kernels, found = [], [], []
    for t in range(last + 1):
        forcings.append(-forcing.residue())
        kernels.append(-(step_size**2) / batch_size * kernel.residue())
        forcing, kernel = forcing * q, kernel * q
        found.append(forcings[t] + sum((kernels[t - 1 - k] * (found[k] + noise) for k in range(t)), start=Fraction(0)))
    return found
