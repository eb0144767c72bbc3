"""What a spectral sum spends its time on, for mpmath, as plainly as it can be written: the twin of `arb_sums`.

Formula: the derivatives of f at x are the coefficients of its power series in (place - x)/x, and that of 1/(x^-a + u)
comes from one series division. Source: D03, section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from riskcalc.numeric.field import Element, Sums
from riskcalc.numeric.mpmath_context import mp


def pole_sums(poles: Sequence[Element], rows: Sequence[Sequence[Element]]) -> Sums:
    """u -> sum_j row_j/(pole_j + u), and sum_j row_j pole_j/(pole_j + u)^2."""
    ones, twos = _forms(rows), _forms([[w * x for w, x in zip(row, poles, strict=True)] for row in rows])

    def at(u: Element) -> tuple[list[Element], list[Element]]:
        inverses = [1 / (pole + u) for pole in poles]
        return ones(inverses), twos([x * x for x in inverses])

    return at


def end_terms(*, a: Fraction, powers: Sequence[Fraction], place: int, sign: int, count: int) -> Sums:
    """u -> what one end of a tail adds."""
    order = 2 * count
    # the coefficient of h^(2k-1) is multiplied with B_2k/(2k) x^-(2k-1), x (1 + h) being the place
    weights = [mp.mpf(0)] * order
    for i in range(1, order, 2):
        weights[i] = sign * mp.bernoulli(i + 1) / (i + 1) / mp.mpf(place) ** i
    weights[0] = mp.mpf(1) / 2  # half of the term itself
    eigenvalue = _power_series(-a, place, order)
    ones = _forms([_correlation(weights, _power_series(-p, place, order)) for p in powers])
    twos = _forms([_correlation(weights, _power_series(-p - a, place, order)) for p in powers])
    edges = [sign * place * _power_series(-p, place, 1)[0] * a.denominator / a.numerator for p in powers]
    first, rest = eigenvalue[0], eigenvalue[1:]

    def at(u: Element) -> tuple[list[Element], list[Element]]:
        lead = 1 / (first + u)
        found = [lead]
        for k in range(1, order):
            found.append(-lead * mp.fdot(rest[:k], found[::-1]))
        second = twos(_square(found))
        return ones(found), [two + edge * lead for two, edge in zip(second, edges, strict=True)]

    return at


def _power_series(exponent: Fraction, x: int, order: int) -> list[Element]:
    """Coefficients in h of (x (1 + h))^exponent."""
    top, bottom, series = exponent.numerator, exponent.denominator, []
    current = mp.exp(mp.mpf(top) / bottom * mp.log(x))
    for k in range(order):
        series.append(current)
        current = current * (top - k * bottom) / ((k + 1) * bottom)
    return series


def _correlation(left: list[Element], right: list[Element]) -> list[Element]:
    """sum_m left_m right_{m-i} for i = 0, 1, ..."""
    return [mp.fdot(left[i:], right[: len(right) - i]) for i in range(len(left))]


def _forms(rows: Sequence[Sequence[Element]]) -> Callable[[list[Element]], list[Element]]:
    kept = [list(row) for row in rows]
    return lambda vector: [mp.fdot(row, vector) for row in kept]


def _square(series: list[Element]) -> list[Element]:
    backward, length = series[::-1], len(series)
    return [mp.fdot(series[: k + 1], backward[length - 1 - k :]) for k in range(length)]
