"""Proved balls of the equivalent against twice the digits."""

from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

import riskcalc as rc
from riskcalc.errors import RiskcalcError
from tests.oracle.asking import run_of
from tests.oracle.problems import question
from tests.oracle.questions import Question


def asked(seed: int, number: int) -> Question | None:
    """A question that a ball can answer: the equivalent, a constant step size, the last iterate; else None."""
    found = question(seed, number)
    if found.road != "equivalent" or found.schedule.name != "constant" or found.tail is not None:
        return None
    if found.spectrum.logarithmic:
        return None
    return replace(found, steps=found.steps[-1:])


def balls(count: int, seed: int) -> int:
    """Prints how many of `count` balls contain the same number with twice the digits; status 1 if one does not."""
    inside = outside = refused = number = 0
    while inside + outside < count and number < 100 * count:
        one, name, number = asked(seed, number), number, number + 1
        if one is None:
            continue
        digits = int(np.random.default_rng([seed, name, 2]).integers(8, 31))
        try:
            run = run_of(one)
            ball = rc.risk(run, method=rc.Equivalent(digits=digits, certified=True)).decimals
            more = rc.risk(run, method=rc.Equivalent(digits=2 * digits)).decimals
        except RiskcalcError as error:
            refused += 1
            print(f"{name}: refused: {str(error)[:150]}", file=sys.stderr)
            continue
        gap = _gap(ball["excess"][-1], more["excess"][-1])
        if gap <= Fraction(Decimal(ball["radius"][-1])):
            inside += 1
        else:
            outside += 1
            ends = f"{ball['excess'][-1]} +/- {ball['radius'][-1]}, {more['excess'][-1]}"
            print(f"--seed {seed}, question {name}: outside: {ends}")
        print(f"\r{inside + outside}/{count}, {outside} outside", end="", file=sys.stderr, flush=True)
    print(f"\n{inside + outside} certified balls, {outside} outside, {refused} refused")
    return int(outside > 0)


def _gap(one: str, other: str) -> Fraction:
    with localcontext() as context:
        context.prec = 2000
        return abs(Fraction(Decimal(one)) - Fraction(Decimal(other)))
