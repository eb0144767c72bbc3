"""Full-batch descent at constant step size to any number of digits: coefficients at u = infinity, and no contour.

Formula: with alpha(k) = (1/2 pi i) int kappa r_k/z dz and beta(k) = (1/2 pi i) int (sigma2 + psi) r_k/z dz,
    R(k) = beta(2k) - gamma sum_{j=k}^{2k-1} [alpha(j) beta(2k-1-j) - alpha(2k-1-j) beta(j)],
    L(k) = (1/2 pi i) int (sigma2 + psi) nu r_2k/z dz.
In w = 1/u, with l = w lambda, these are coefficients of power series: of w^(k+1) in m (w + gamma l)^k g, and of w^k in
(sigma2 + psi) (w + gamma l)^k g, g = 1 - w l'/l; those of m, nu and psi are power sums. Source: D56.
Valid: constant step size, the first few hundred steps: k of them cost k^3, and about k digits on the way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.curve.decimal_fields import decimal_fields
from riskcalc.curve.stability import Stability
from riskcalc.errors import InvalidInput
from riskcalc.numeric.agreeing import Ladder, by_what_is_missing, two_differ
from riskcalc.numeric.field import Element, Field
from riskcalc.quantity import Number
from riskcalc.schedule import constant_size
from riskcalc.spectral.precise.of_problem import precise_sums
from riskcalc.spectral.precise.power_sums import power_sums
from riskcalc.spectral.precise.roots import floor_root
from riskcalc.spectral.precise.sums import GUARD

LAST = 300  # step
_SPARE = 2
_EXTRA = (6, 12)
_LADDER = Ladder(
    attempts=5,
    higher=by_what_is_missing(spare=3),
    refusal=two_differ("precisions of the series", remedy="ask for fewer digits or steps"),
)

Series = list[Element]


@dataclass(frozen=True, kw_only=True)
class _Row:
    """unfitted: of the signal, floor and all that it adds to the noise included; used: the response to unit noise."""

    unfitted: Element
    used: Element
    training: Element


def series_curve(
    run: Run, samples: Number, *, digits: int, field: Field | None, stability: Stability
) -> RiskCurve:
    """The curve of a run with `digits` significant digits of the excess."""
    size = constant_size(run.schedule, horizon=run.horizon)
    if size is None or run.steps[-1] > LAST:
        raise InvalidInput(
            f"with a data set, digits=... are for a constant step size and at most {LAST} full-batch steps, not "
            f"{run.steps[-1]:.6g}: leave digits out"
        )
    if field is None:
        from riskcalc.numeric.arb_field import Arb

        field = Arb()
    noise = Fraction(run.problem.noise)

    def look(level: int) -> tuple[tuple[list[_Row], Element], float]:
        coarse, fine = (_rows(run, Fraction(size), samples, field, level + more) for more in _EXTRA)
        return fine, _gap(field, fine, coarse, noise, digits + GUARD)

    (rows, floor), error = _LADDER.climbed(look, first=digits + _SPARE + run.steps[-1], digits=digits + _SPARE)
    with field.working(digits + GUARD):
        bias = [field.rational(row.unfitted - floor * (1 + row.used)) for row in rows]
        variance = [field.rational((field.real(noise) + floor) * row.used) for row in rows]
        approximation = field.rational(floor)
        training = np.array([float(field.rational(row.training)) for row in rows])
    fields = decimal_fields(noise, approximation, bias, variance, digits, gap=error)
    curve = RiskCurve(
        steps=run.steps,
        claim=Claim.DETERMINISTIC_EQUIVALENT,
        warrant=Warrant.COMPUTED,
        asked=run.question,
        method={"name": "equivalent", "digits": digits, "field": field.name, "kappa": stability.kappa},
        **fields,
    )
    return replace(curve, training=training)


def _rows(
    run: Run, size: Fraction, samples: Number, field: Field, level: int
) -> tuple[list[_Row], Element]:
    """At the recorded steps, and the floor, with so many working digits."""
    floor = floor_root(precise_sums(run.problem, field), Fraction(run.model_size), level)
    with field.working(level + GUARD):
        last = 2 * run.steps[-1]
        known = _Sequences.of(run, size, Fraction(samples), field, last)
        rows = [known.row(step) for step in run.steps]
        return rows, floor.u * floor.values.sig


@dataclass(frozen=True, kw_only=True)
class _Sequences:
    """alpha, the part of beta that is the signal's, and of the training loss, at steps 0, ..., 2k; gamma and sigma2."""

    field: Field
    size: Element
    noise: Element
    alpha: Series
    beta: Series
    training: dict[int, Element]

    @classmethod
    def of(cls, run: Run, size: Fraction, samples: Fraction, field: Field, last: int) -> _Sequences:
        count = last + 2
        one, gamma, noise = field.real(1), field.real(size), field.real(Fraction(run.problem.noise))
        eigenvalues, signals = power_sums(run.problem, field, count)
        signed = [value if p % 2 == 0 else -value for p, value in enumerate(eigenvalues)]
        fitted = [value if p % 2 == 0 else -value for p, value in enumerate(signals)]

        def gap(number: Fraction) -> Series:
            return [one, *(-value / field.real(number) for value in signed[: count - 1])]

        m, nu = gap(Fraction(run.model_size)), gap(samples)
        scaled = field.convolution(m, nu)  # l
        slope = [field.real(p) * value for p, value in enumerate(scaled)]  # w l'
        g = [one - value if p == 0 else -value for p, value in enumerate(_over(field, slope, scaled))]
        factor = [gamma * value + (one if p == 1 else 0) for p, value in enumerate(scaled)]
        labels = [value + noise if p == 0 else value for p, value in enumerate(fitted)]
        rest = field.convolution(labels, nu)
        alpha, beta, training, product = [], [], {}, g
        for k in range(last + 1):
            alpha.append(_coefficient(field, m, product, k + 1))
            beta.append(_coefficient(field, fitted, product, k))
            if k % 2 == 0:
                training[k // 2] = _coefficient(field, rest, product, k)
            product = field.convolution(factor, product)
        return cls(field=field, size=gamma, noise=noise, alpha=alpha, beta=beta, training=training)

    def row(self, step: int) -> _Row:
        """As beta of the noise is 1 at every step, its response is V - 1 with V(k) = 1 - gamma sum (alpha - alpha)."""
        late = range(step, 2 * step)
        early = [2 * step - 1 - j for j in late]
        a, b = ([[values[j] for j in places] for places in (late, early)] for values in (self.alpha, self.beta))
        crossed = self.field.dot(a[0], b[1]) - self.field.dot(a[1], b[0])
        used = self.size * (sum(a[1], self.field.real(0)) - sum(a[0], self.field.real(0)))
        return _Row(unfitted=self.beta[2 * step] - self.size * crossed, used=used, training=self.training[step])


def _coefficient(field: Field, left: Sequence[Element], right: Sequence[Element], order: int) -> Element:
    return field.dot(left[: order + 1], right[order::-1])


def _over(field: Field, left: Series, right: Series) -> Series:
    """left/right, where right begins with 1."""
    found: Series = []
    for order, value in enumerate(left):
        found.append(value - field.dot(found, right[order:0:-1]))
    return found


def _gap(
    field: Field,
    fine: tuple[list[_Row], Element],
    coarse: tuple[list[_Row], Element],
    noise: Fraction,
    digits: int,
) -> float:
    """log10 of the largest difference of two precisions: of the risk's parts over the excess, of L over the risk."""
    found = -math.inf
    with field.working(digits):
        for ours, theirs in zip(fine[0], coarse[0], strict=True):
            excess = field.polar(ours.unfitted + field.real(noise) * ours.used)[0]
            risk = field.polar(ours.unfitted + field.real(noise) * (1 + ours.used))[0]
            for one, other, size in (
                (ours.unfitted, theirs.unfitted, excess),
                (ours.used, theirs.used, excess),
                (ours.training, theirs.training, risk),
            ):
                found = max(found, (field.polar(one - other)[0] - size) / math.log(10))
    return found
