"""Ridges that hardly close a gap, and parts that hardly anything is due to: float64 against sums of 60 digits."""

from __future__ import annotations

import mpmath
import pytest

import riskcalc as rc

NUMBER, NOISE = 12, "1/10"
A, B = 1.5, 2


def problem():
    return rc.Problem(
        spectrum=rc.PowerLaw(a="3/2", dimension=NUMBER), signal=rc.PowerLawSignal(b=B), noise=NOISE
    )


def sums(u):
    """d1, d2, and the signal that is unfitted once and twice."""
    spectrum = [mpmath.mpf(j) ** -A for j in range(1, NUMBER + 1)]
    power = [mpmath.mpf(j) ** -B for j in range(1, NUMBER + 1)]
    d1, d2 = (mpmath.fsum((one / (one + u)) ** order for one in spectrum) for order in (1, 2))
    first, second = (
        mpmath.fsum(h * (u / (one + u)) ** order for h, one in zip(power, spectrum, strict=True)) for order in (1, 2)
    )
    return d1, d2, first, second


def solution(size, samples, ridge):
    """u (1 - d1/M)(1 - d1/n) = ridge, above the floor, by bisection."""

    def surplus(u):
        d1 = sums(u)[0]
        return -1 if d1 > min(size, samples) else u * (1 - d1 / size) * (1 - d1 / samples) - ridge

    low, high = mpmath.mpf(10) ** -45, 100 * (ridge + 1)
    for _ in range(180):
        middle = mpmath.sqrt(low * high)
        low, high = (middle, high) if surplus(middle) < 0 else (low, middle)
    return high


def products(size, samples, ridge):
    """D70.1 without noise as it is written, by bisection: one fit, two sketches, two data sets, neither; then the
    training loss with noise, and the response to unit noise."""
    with mpmath.workdps(60):
        size, samples, ridge = (mpmath.mpf(str(value)) for value in (size, samples, ridge))
        d1, d2, first, second = sums(solution(size, samples, ridge))
        rho = (size - d1) / (size - d2)
        unfitted, used = (1 - rho) * first + rho * second, (d1 - rho * (d1 - d2)) / samples
        risks = unfitted / (1 - used), second / (1 - d2 / samples), unfitted, second
        noise = used / (1 - used)
        training = (1 - d1 / samples) ** 2 * (risks[0] + (1 + noise) / 10)
        return risks, training, noise


def product_of_two(size, samples, ridges):
    """D55 as it is written, at 60 digits: the excess."""
    with mpmath.workdps(60):
        size, samples = mpmath.mpf(size), mpmath.mpf(samples)
        kappas, levels = [], []
        for ridge in map(mpmath.mpf, ridges):
            u = solution(size, samples, ridge)
            d1, _, first, _ = sums(u)
            kappas.append(u * (1 - d1 / size))
            levels.append(first + mpmath.mpf("0.1"))
        apart = mpmath.mpf(ridges[0]) - mpmath.mpf(ridges[1])
        return (kappas[0] * levels[1] - kappas[1] * levels[0]) / apart - mpmath.mpf("0.1")


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


def test_products_of_two_fits_whose_ridges_are_near_each_other_or_far():
    """As a quotient of differences they lose what the ridges have in common, and all of it at tiny ridges."""
    for size, samples, ridges in (
        (5, 9, (".01", ".0100000105")),
        (9, 5, ("1.00001e-20", "1e-20")),
        (9, 5, ("1e-8", "1e6")),
        (20, 30, ("1.1e-12", "1e-12")),
    ):
        found = rc.two_ridges(problem(), model_size=size, samples=samples, ridges=ridges)
        assert relative(found.excess, product_of_two(size, samples, ridges)) < 1e-13, (size, samples, ridges)
    fits = {"model_size": 20, "samples": 30}
    none, hardly = (rc.two_ridges(problem(), ridges=(ridge, ".01"), **fits).excess for ridge in (0, "1e-30"))
    assert none == pytest.approx(hardly, rel=1e-13)
