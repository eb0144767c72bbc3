"""Rule: a computed expectation against a sampled mean, by z-scores.

Formula: z = (sampled mean - computed)/standard error at every recorded step; the largest |z| may not exceed the bound
that it exceeds by chance with probability `level`. Power: the standard error is small against the excess, and there
are so many samples that their mean is normal although single runs have heavy tails. Steps at which nothing is random
(step 0) carry no z; there both sides must agree to nine digits.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from riskcalc.agreement.bounds import MARGIN, normal_bound
from riskcalc.agreement.comparison import Column, Comparison, Criterion, NegativeControl, Power, Rejection, Side
from riskcalc.agreement.digits import STATISTIC as DIGITS
from riskcalc.agreement.digits import agreeing_digits
from riskcalc.agreement.samples import Samples, Values
from riskcalc.errors import InvalidInput

RULE = "z-scores"
STATISTIC = "largest |z|"

MOST_ERROR = 0.02  # of the standard error, relative to the excess
_FEWEST_DIGITS = 9.0  # where both sides are deterministic


def compare_by_z(
    *,
    steps: tuple[int, ...],
    computed: Values,
    sampled: Samples,
    level: float,
    left: Side,
    right: Side,
    fewest: int,
    remarks: tuple[str, ...] = (),
) -> Comparison:
    """Whether the sampled mean is what was computed; fewest: samples needed for power."""
    z = _z(computed, sampled)
    worst = int(np.argmax(np.abs(z)))
    by_chance = Criterion(
        statistic=STATISTIC, worst=float(abs(z[worst])), step=steps[worst], bound=z_bound(sampled, level)
    )
    error = float(np.max(sampled.standard_error / np.abs(computed)))
    enough = error <= MOST_ERROR and sampled.count >= fewest
    advice = "" if enough else "; a smaller step size makes the tails of single runs lighter"
    return Comparison(
        rule=RULE,
        left=left,
        right=right,
        steps=steps,
        columns=(
            Column(name=left.name, values=tuple(computed.tolist())),
            Column(name="sampled", values=tuple(sampled.mean.tolist())),
            Column(name="standard error", values=tuple(sampled.standard_error.tolist())),
            Column(name="z", values=tuple(z.tolist())),
        ),
        criteria=(by_chance, *_without_chance(steps, computed, sampled)),
        power=Power(
            reached=enough,
            statement=f"{sampled.count} samples (at least {fewest} needed); standard error at most {error:.2%} of the "
            f"excess ({MOST_ERROR:.0%} allowed){advice}",
        ),
        remarks=remarks,
    )


def control_by_z(
    name: str, *, steps: tuple[int, ...], wrong: Values, right: Values, sampled: Samples, level: float
) -> NegativeControl:
    """A wrong formula put to the same samples; right: the formula it departs from."""
    z, expected, bound = _z(wrong, sampled), expected_z(wrong, right, sampled), z_bound(sampled, level)
    rejection = Rejection(
        statistic=STATISTIC,
        observed=float(np.max(np.abs(z))),
        expected=expected,
        bound=bound,
        has_power=expected >= bound + MARGIN,
    )
    columns = (Column(name="z", values=tuple(z.tolist())),)
    return NegativeControl(rule=RULE, name=name, steps=steps, columns=columns, criteria=(rejection,))


def samples_needed(
    sampled: Samples, *, right: Values, wrong: Mapping[str, Values], level: float, most: int
) -> float:
    """How many samples give power to the comparison, and to every control that `most` samples can give it to."""
    target = z_bound(sampled, level) + MARGIN
    counts = [sampled.count * (float(np.max(sampled.standard_error / np.abs(right))) / MOST_ERROR) ** 2]
    for values in wrong.values():
        expected = expected_z(values, right, sampled)
        count = sampled.count * (target / expected) ** 2 if expected > 0 else np.inf
        if count <= most:
            counts.append(count)
    return max(counts)


def expected_z(wrong: Values, right: Values, sampled: Samples) -> float:
    """The largest |z| of a wrong formula if the samples' mean were exactly right."""
    random = sampled.random
    return float(np.max(np.abs(wrong - right)[random] / sampled.standard_error[random], initial=0.0))


def z_bound(sampled: Samples, level: float) -> float:
    """The bound over the steps at which something is random."""
    tests = int(np.count_nonzero(sampled.random))
    if tests == 0:
        raise InvalidInput(
            "nothing is random at the recorded steps: record at least one step after the first update"
        )
    return normal_bound(level, tests)


def _z(computed: Values, sampled: Samples) -> Values:
    """Zero where nothing is random."""
    random = sampled.random
    return np.where(random, (sampled.mean - computed) / np.where(random, sampled.standard_error, 1.0), 0.0)


def _without_chance(steps: tuple[int, ...], computed: Values, sampled: Samples) -> tuple[Criterion, ...]:
    """The steps at which nothing is random, if there are any."""
    places = np.flatnonzero(~sampled.random)
    if places.size == 0:
        return ()
    digits = agreeing_digits(computed[places], sampled.mean[places])
    worst = int(np.argmin(digits))
    return (
        Criterion(
            statistic=f"{DIGITS} where nothing is random",
            worst=float(digits[worst]),
            step=steps[places[worst]],
            bound=_FEWEST_DIGITS,
            lower=True,
        ),
    )
