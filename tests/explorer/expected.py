"""What Python says at a point, for the answers of the page."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import riskcalc as rc
from riskcalc.errors import RiskcalcError
from riskcalc.scaling.exponents import Exponents
from riskcalc.schedule import named_schedule

Point = tuple[Fraction, Fraction]
AGREE = 11  # digits; constants near a tie lose a few of double precision's sixteen
FEWER = 8  # under a schedule that moves: Python's constant of its noise states nine


def faults_in_exponents(point: Point, found: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    """Where the exact answer of the page is not that of `exponents`."""
    expected = rc.exponents(alpha=point[0], beta=point[1], **words)
    wrong: list[str] = []
    if found["edge"]:  # of what is derived, where one side alone may be answered: the page sends the reader to Python
        return wrong
    if found["loss"] != str(expected.loss_exponent):
        wrong.append(f"{point}: loss exponent {found['loss']}, not {expected.loss_exponent}")
    if not found["tie"]:
        wrong += _faults_inside(point, found, expected)
    elif not set(expected.balance) <= set(found["balance"]):
        wrong.append(f"{point}: {found['balance']} meet, not {expected.balance}")
    return wrong


def _faults_inside(point: Point, found: Mapping[str, Any], expected: Exponents) -> list[str]:
    wrong = []
    if found["phase"] != expected.phase and expected.phase is not None:
        wrong.append(f"{point}: phase {found['phase']}, not {expected.phase}")
    if tuple(found["balance"]) != expected.balance:
        wrong.append(f"{point}: {found['balance']} meet, not {expected.balance}")
    for name, one in expected.exponents.items():
        ends = [None if end is None else str(end) for end in (one.low, one.high)]
        if found["exponents"][name] != ends:
            wrong.append(f"{point}: {name} from {found['exponents'][name]}, not {one}")
    return wrong


def setting_of(point: Point, seed: int) -> dict[str, Any]:
    """Numbers for a curve: M, gamma, B, noise, v/M and steps inside the window."""
    draw, a = random.Random(seed), 2 * float(point[0])
    size, ratio, batch = 10 ** draw.randint(3, 8), draw.choice((2, 4, 10)), draw.choice((1, 2, 16, 512))
    share = draw.choice((0.05, 0.2, 0.4))
    step_size = share if a > 1 else share * (ratio * size) ** (a - 1)
    first, last = math.log10(1 / step_size), min(math.log10(size**a / step_size), 18)
    steps = sorted({round(10 ** (first + (last - first) * x)) for x in (0.1, 0.5, 0.9)})
    return {"M": size, "gamma": step_size, "B": batch, "noise": draw.choice((0, 0.01)), "r": ratio, "steps": steps}


def faults_in_curve(point: Point, setting: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """Where the curve of the page is not that of the asymptotic road; a refusal has to be one on both sides."""
    a, b = 2 * point[0], 2 * point[0] + 2 * point[1]
    dimension = None if a > 1 else setting["r"] * setting["M"]
    moves, steps = setting.get("schedule", "constant") != "constant", setting["steps"]
    try:
        problem = rc.Problem(
            spectrum=rc.PowerLaw(a=a, dimension=dimension), signal=rc.PowerLawSignal(b=b), noise=setting["noise"]
        )
        schedule = named_schedule(setting.get("schedule", "constant"), step_size=setting["gamma"], asked="schedule")
        curves = []
        for asked in [[step] for step in steps] if moves else [steps]:  # one that moves is answered at its end
            run = rc.Run(problem, model_size=setting["M"], batch_size=setting["B"], schedule=schedule, steps=asked)
            curves.append(rc.risk(run, method=rc.Asymptotic()))
    except RiskcalcError as error:
        late = not found["refusal"] and "add up to" in str(error) and min(steps) < found["first"]  # drawn from there on
        return [] if found["refusal"] or late or b == a + 1 else [f"{point}: a curve, where Python says {error}"]
    if found["refusal"]:
        return [] if b == a + 1 else [f"{point}: refused ({found['refusal']}), where Python answers"]
    if found["first"] > min(steps) * (1 + 1e-9):
        return [f"{point}: a curve from {found['first']} on, where Python answers at {min(steps)}"]
    sums = [one["excess"] for one in found["parts"]]
    return [
        *_apart(point, steps, "excess", [x for one in curves for x in one.excess], sums, FEWER if moves else AGREE),
        *_apart(point, [0], "kappa", [curves[0].method["kappa"]], [found["kappa"]], AGREE),
    ]


def _apart(point: Point, steps: Sequence[int], name: str, right: Any, said: Sequence[float], digits: int) -> list[str]:
    return [
        f"{point}, step {step}: {name} {y!r}, not {float(x)!r}"
        for step, x, y in zip(steps, right, said, strict=True)
        if not abs(y - float(x)) <= 10.0**-digits * abs(float(x))
    ]
