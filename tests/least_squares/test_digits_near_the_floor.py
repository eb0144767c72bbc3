"""Ridges that hardly close a gap, and parts that hardly anything is due to: float64 against sums of 60 digits."""

from __future__ import annotations

import mpmath

import riskcalc as rc

NUMBER, NOISE = 12, "1/10"
A, B = 1.5, 2


def problem():
    return rc.Problem(
        spectrum=rc.PowerLaw(a="3/2", dimension=NUMBER), signal=rc.PowerLawSignal(b=B), noise=NOISE
    )


def products(size, samples, ridge):
    """D70.1 without noise as it is written, by bisection: one fit, two sketches, two data sets, neither; then the
    training loss with noise, and the response to unit noise."""
    with mpmath.workdps(60):
        size, samples, ridge = (mpmath.mpf(str(value)) for value in (size, samples, ridge))
        spectrum = [mpmath.mpf(j) ** -A for j in range(1, NUMBER + 1)]
        power = [mpmath.mpf(j) ** -B for j in range(1, NUMBER + 1)]

        def sums(u):
            d1, d2 = (mpmath.fsum((one / (one + u)) ** order for one in spectrum) for order in (1, 2))
            first, second = (
                mpmath.fsum(h * (u / (one + u)) ** order for h, one in zip(power, spectrum, strict=True))
                for order in (1, 2)
            )
            return d1, d2, first, second

        def surplus(u):
            d1 = sums(u)[0]
            return -1 if d1 > min(size, samples) else u * (1 - d1 / size) * (1 - d1 / samples) - ridge

        low, high = mpmath.mpf(10) ** -45, 100 * (ridge + 1)
        for _ in range(180):
            middle = mpmath.sqrt(low * high)
            low, high = (middle, high) if surplus(middle) < 0 else (low, middle)
        d1, d2, first, second = sums(high)
        rho = (size - d1) / (size - d2)
        unfitted, used = (1 - rho) * first + rho * second, (d1 - rho * (d1 - d2)) / samples
        risks = unfitted / (1 - used), second / (1 - d2 / samples), unfitted, second
        noise = used / (1 - used)
        training = (1 - d1 / samples) ** 2 * (risks[0] + (1 + noise) / 10)
        return risks, training, noise


def relative(found, expected):
    return abs(float(found / expected - 1))


def test_a_ridge_that_hardly_closes_the_gap():
    """At M = n the risk is of order 1/sqrt(ridge); with a gap by subtraction it is lost from 1e-20 on."""
    for size, samples in (("6", "6"), ("6", "6.000001"), ("6.000001", "6"), (str(NUMBER), str(NUMBER))):
        for ridge in ("1e-10", "1e-25"):
            risks, training, noise = products(size, samples, ridge)
            found = rc.ridge_risk(problem(), model_size=size, samples=samples, ridge=ridge)
            assert relative(found.excess, risks[0] + noise / 10) < 1e-13, (size, samples, ridge)
            assert relative(found.training, training) < 1e-13, (size, samples, ridge)


def test_parts_that_little_is_due_to():
    """Down to 1e-20 of the excess: as differences of the four products the small ones are lost, or negative."""
    for size, samples, ridge in [
        (5, 8, "1/100"),
        (10**6, 10**6, "1/1000"),
        (10**15, 10**4, "1/1000"),
        (8, 10**15, "1/1000"),
        (30, 40, "1e-9"),
    ]:
        (one, own_sketches, own_data, neither), _, noise = products(size, samples, ridge)
        found = rc.ridge_variances(problem(), model_size=size, samples=samples, ridge=ridge)
        with mpmath.workdps(60):
            expected = {
                "bias": neither,
                "sketch": own_data - neither,
                "data": own_sketches - neither,
                "interaction": one - own_sketches - own_data + neither,
                "noise": noise / 10,
            }
            for name, value in expected.items():
                assert relative(getattr(found, name), value) < 1e-13, (name, size, samples)
