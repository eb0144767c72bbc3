"""Methods with a memory: the slow reference against itself and thirty digits, and stated errors against true ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx

from tests.oracle import arithmetic, memory
from tests.oracle.examination import examine
from tests.oracle.floats80 import LD, ball, from_ball
from tests.oracle.memory_problems import NAMES, remembering
from tests.oracle.modes import Modes
from tests.oracle.questions import Memory

SEED = 1
SUITE = (3, 5, 7, 8, 9, 11, 13, 17, 19)
NAMED = {  # found by a longer list: low ellipses that a spectrum of few features bulges out of
    "schedule-free, few features": (2, 9),
    "DANA, few features": (2, 15),
}
HEAVY = Memory(name="heavy-ball", beta=Fraction(9, 10))


def six(b: str, floor: str) -> Modes:
    """z_j = j^-2, f_j = j^-b, k_j = z_j^2 in balls."""
    with ctx.workprec(memory.BITS):
        z = [arb(1) / (j * j) for j in range(1, 7)]
        f = [arb(j) ** -ball(Fraction(b)) for j in range(1, 7)]
        k, rest = [x * x for x in z], ball(Fraction(floor))
        listed = (np.array(each, dtype=object) for each in (z, f, k))
        return Modes(**dict(zip("zfk", listed, strict=True)), floor=rest, balls=(z, f, k, rest))


@pytest.mark.parametrize(
    ("method", "size", "batch", "noise", "t", "modes", "expected"),
    [
        (HEAVY, "1/20", 1, "1/20", 200, ("13/5", "1/100"), "0.0633589596146398244"),
        (
            Memory(name="dana", delta=Fraction(1, 5), decay=Fraction(1, 2), memory=Fraction(6)),
            "3/10", 2, "1/100", 300, ("12/5", "1/200"), "0.00822504492556480808",
        ),
    ],
    ids=["heavy ball", "DANA"],
)  # fmt: skip
def test_the_reference_knows_thirty_digits(method, size, batch, noise, t, modes, expected):
    """By all second moments, with those of different modes, in another program."""
    found = six(*modes)
    with ctx.workprec(memory.BITS):
        sizes = np.array([ball(Fraction(size))] * t, dtype=object)
        tau2 = found.floor + ball(Fraction(noise))
        ((bias, variance),) = memory.followed(method, found, sizes, (t,), batch, tau2)
        assert abs(found.floor + bias + variance - arb(expected)) < arb("1e-19")


@pytest.mark.parametrize("name", ["nesterov", "two-buffer"])
def test_powers_are_all_steps(name):
    method = Memory(name=name, beta=Fraction(4, 5), delta=Fraction(1, 50), rate=Fraction(1, 7))
    found = six("2", "1/100")
    with ctx.workprec(memory.BITS):
        sizes = np.array([ball(Fraction(1, 20))] * 40, dtype=object)
        steps = memory.followed(method, found, sizes, (0, 7, 40), 3, found.floor + ball(Fraction(1, 5)))
        powers = memory.by_powers(method, found, Fraction(1, 20), (0, 7, 40), 3, Fraction(1, 5))
        for one, other in zip(steps, powers, strict=True):
            assert all(abs(a - b) < arb("1e-60") for a, b in zip(one, other, strict=True))


def test_a_memory_of_nothing_is_sgd():
    """beta = 0: x <- q x + (gamma^2/B) k (E + tau)."""
    found, plain = six("2", "1/100"), []
    z, k, x = (np.array([from_ball(one) for one in each]) for each in (found.z, found.k, found.f))
    rest = 1 - LD(1) / 10 * z * (2 - LD(4) / 3 / 10 * z)
    for _ in range(30):
        x = rest * x + LD(1) / 300 * k * x.sum()
    floats = replace(found, z=z, f=np.array([from_ball(one) for one in found.f]), k=k, floor=LD(0))
    sizes = np.array([LD(1) / 10] * 30)
    for name in ("heavy-ball", "nesterov", "lookahead"):
        ((bias, _),) = memory.followed(Memory(name=name), floats, sizes, (30,), 3, LD(0))
        plain.append(float(bias / x.sum() - 1))
    assert np.abs(plain).max() < 1e-17
    assert arithmetic.of(floats.z).dtype == LD


@pytest.mark.every_case
@pytest.mark.parametrize("number", SUITE)
def test_stated_error_holds(number):
    found = examine(SEED, number, memory=True)
    assert found.outcome == "held", found


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMED)
def test_named(name):
    """Once refused, by a sum rule that is the package's own."""
    found = examine(*NAMED[name], memory=True)
    assert found.outcome == "held", found


@pytest.mark.slow
@pytest.mark.parametrize("number", range(24, 64))
def test_stated_errors_hold(number):
    found = examine(SEED, number, memory=True)
    assert found.outcome in ("held", "refused", "incomparable"), found


@pytest.mark.slow
def test_all_kinds_are_asked():
    """Every method, road, and schedule, with and without a mean."""
    asked = [remembering(SEED, number) for number in range(40)]
    assert {one.memory.name for one in asked} == set(NAMES)
    assert {one.road for one in asked} == {"exact", "unsketched", "equivalent"}
    assert {one.schedule.name for one in asked} == {"constant", "cosine", "geometric", "polynomial"}
    assert {one.memory.rate is None for one in asked} == {True, False}
    assert remembering(SEED, 3) == remembering(SEED, 3)
