"""Rule: a computed expectation against a sampled mean, by z-scores.

Formula: z = (sampled mean - computed)/standard error at every recorded step; the largest |z| may not exceed the bound
that it exceeds by chance with probability `level`. Steps at which nothing is random (step 0) carry no z; there both
sides must agree to nine digits.

Power: the standard error is small against the excess at every step; an excess that is wrong by one factor throughout
is seen from LEAST_SEEN on; and there are so many samples that their mean is normal although single runs have heavy
tails. What an error in a single term must be to be seen is stated with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from riskcalc.agreement.bounds import normal_bound, reaches, surely_seen
from riskcalc.agreement.comparison import (
    Column,
    Comparison,
    Criterion,
    Detectable,
    NegativeControl,
    Power,
    Rejection,
    Side,
)
from riskcalc.agreement.digits import STATISTIC as DIGITS, agreeing_digits
from riskcalc.agreement.removal import WHOLE, Removal, scaled_by
from riskcalc.agreement.samples import Samples
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real

RULE = "z-scores"
STATISTIC = "largest |z|"
SEEN = "smallest error seen"

MOST_ERROR = 0.02  # of the standard error, relative to the excess
LEAST_SEEN = 0.03  # of an error in the whole excess, the same at every step
_FEWEST_DIGITS = 9.0  # where both sides are deterministic


def compare_by_z(
    *,
    steps: tuple[int, ...],
    computed: Real,
    sampled: Samples,
    level: float,
    left: Side,
    right: Side,
    fewest: int,
    wrong: Mapping[Removal, Real] | None = None,
    remarks: tuple[str, ...] = (),
) -> Comparison:
    """Whether the sampled mean is what was computed.

    fewest: samples needed for power. wrong: what would have been computed without one term, for each.
    """
    z = _z(computed, sampled)
    worst = int(np.argmax(np.abs(z)))
    bound = z_bound(sampled, level)
    by_chance = Criterion(statistic=STATISTIC, worst=float(abs(z[worst])), step=steps[worst], bound=bound)
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
            Column(name=SEEN, values=tuple((surely_seen(bound) * _relative_error(computed, sampled)).tolist())),
        ),
        criteria=(by_chance, *_without_chance(steps, computed, sampled)),
        power=_power(computed, sampled, level, fewest),
        detectable=(
            Detectable(term=WHOLE, share=smallest_share(computed, sampled, level)),
            *(
                Detectable(term=left_out.term, share=_share(values - computed, sampled, level))
                for left_out, values in (wrong or {}).items()
            ),
        ),
        remarks=remarks,
    )


def controls_by_z(
    *, steps: tuple[int, ...], wrong: Mapping[Removal, Real], right: Real, sampled: Samples, level: float
) -> tuple[NegativeControl, ...]:
    """Every wrong formula put to the same samples, and the right one scaled by as little as is said to be seen."""
    share = smallest_share(right, sampled, level)
    scaled = np.where(sampled.random, (1 + share) * right, right)
    named = [(left_out.name, values, left_out.asked) for left_out, values in wrong.items()]
    return tuple(
        control_by_z(name, steps=steps, wrong=values, right=right, sampled=sampled, level=level, asked=asked)
        for name, values, asked in (*named, (scaled_by(share), scaled, False))
    )


def control_by_z(
    name: str,
    *,
    steps: tuple[int, ...],
    wrong: Real,
    right: Real,
    sampled: Samples,
    level: float,
    asked: bool = False,
) -> NegativeControl:
    """A wrong formula put to the same samples; right: the formula it departs from."""
    z, expected, bound = _z(wrong, sampled), expected_z(wrong, right, sampled), z_bound(sampled, level)
    rejection = Rejection(
        statistic=STATISTIC,
        observed=float(np.max(np.abs(z))),
        expected=expected,
        bound=bound,
        has_power=reaches(expected, surely_seen(bound)),
    )
    columns = (Column(name="z", values=tuple(z.tolist())),)
    return NegativeControl(rule=RULE, name=name, steps=steps, columns=columns, criteria=(rejection,), asked=asked)


def samples_needed(
    sampled: Samples, *, right: Real, wrong: Iterable[Real], level: float, most: float
) -> float:
    """How many samples give power to the comparison, and to every control that `most` samples can give it to."""
    needed = samples_for_power(sampled, right, level)
    target = surely_seen(z_bound(sampled, level))
    for values in wrong:
        expected = expected_z(values, right, sampled)
        count = sampled.count * (target / expected) ** 2 if expected > 0 else np.inf
        if count <= most:
            needed = max(needed, count)
    return needed


def samples_for_power(sampled: Samples, right: Real, level: float) -> float:
    """How many samples make the standard error small at every step, and a wrong factor seen from LEAST_SEEN on."""
    error = float(np.max(_relative_error(right, sampled)))
    seen = smallest_share(right, sampled, level)
    return sampled.count * max(error / MOST_ERROR, seen / LEAST_SEEN) ** 2


def smallest_share(right: Real, sampled: Samples, level: float) -> float:
    """By how little of itself the whole excess may be wrong, at every step alike, and still be seen."""
    return _share(right, sampled, level)


def expected_z(wrong: Real, right: Real, sampled: Samples) -> float:
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


def _power(computed: Real, sampled: Samples, level: float, fewest: int) -> Power:
    error, seen = float(np.max(_relative_error(computed, sampled))), smallest_share(computed, sampled, level)
    enough = error <= MOST_ERROR and seen <= LEAST_SEEN and sampled.count >= fewest
    needed = max(fewest, samples_for_power(sampled, computed, level))
    advice = f"; about {needed:.2g} samples would do, and a smaller step size makes the tails of single runs lighter"
    return Power(
        reached=enough,
        statement=f"{sampled.count} samples (at least {fewest} needed); standard error at most {error:.2%} of the "
        f"excess ({MOST_ERROR:.0%} allowed); the whole excess is seen to be wrong from {seen:.2%} on "
        f"({LEAST_SEEN:.0%} needed){'' if enough else advice}",
    )


def _share(term: Real, sampled: Samples, level: float) -> float:
    """The smallest share of a term whose loss is seen; infinite where the term is nothing."""
    expected = expected_z(term, np.zeros_like(term), sampled)
    return surely_seen(z_bound(sampled, level)) / expected if expected > 0 else float("inf")


def _relative_error(right: Real, sampled: Samples) -> Real:
    return np.asarray(sampled.standard_error / np.abs(right))


def _z(computed: Real, sampled: Samples) -> Real:
    """Zero where nothing is random."""
    random = sampled.random
    return np.where(random, (sampled.mean - computed) / np.where(random, sampled.standard_error, 1.0), 0.0)


def _without_chance(steps: tuple[int, ...], computed: Real, sampled: Samples) -> tuple[Criterion, ...]:
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
