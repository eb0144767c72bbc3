"""Rule: a theory of large models against averages over sketches: its gap must shrink like 1/M, and be small.

* The relative gaps at M, 2M and 4M are fitted by c/M at every step. The largest chi^2 of the fits, of two degrees of
  freedom, may not exceed the bound that it exceeds by chance. The next order, 1/M^2, is taken to be below the error.
* The gap, of order 1/M, must be smaller than the spread of a single sketch, of order M^(-1/2): no gap may exceed one
  spread by more than chance allows.

Power: at 4M the standard error is small against the excess. An error is seen by the fit as far as it does not itself
shrink like 1/M; how large it must be is stated for every term.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from riskcalc.agreement.bounds import chi_square_bound, normal_bound, reaches, surely_seen
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
from riskcalc.agreement.gaps import Gaps, measure_gaps, where_random
from riskcalc.agreement.removal import WHOLE, Removal, scaled_by
from riskcalc.agreement.samples import Samples
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real

RULE = "gap like 1/M"
FIT = "largest chi^2 of the fit by c/M"
SPREAD = "largest gap in spreads of one sketch"

MOST_ERROR = 0.05  # of the standard error at 4M, relative to the excess


def compare_by_size(
    *,
    steps: tuple[int, ...],
    sizes: tuple[int, ...],
    theory: Sequence[Real],
    averages: Sequence[Samples],
    level: float,
    left: Side,
    right: Side,
    detectable: tuple[Detectable, ...] = (),
    remarks: tuple[str, ...] = (),
) -> Comparison:
    """Whether the gap between theory and sketch averages is small and shrinks like 1/M."""
    gaps = measure_gaps(sizes, theory, averages)
    columns = [
        Column(name=f"{left.name}, M={size}", values=tuple(part.tolist()))
        for size, part in zip(sizes, theory, strict=True)
    ]
    columns += [
        Column(name=f"average, M={size}", values=tuple(average.mean.tolist()))
        for size, average in zip(sizes, averages, strict=True)
    ]
    bounds = size_bounds(averages, level)
    counts, at = ", ".join(str(average.count) for average in averages), ", ".join(map(str, sizes))
    error = float(np.max(gaps.error[-1]))
    return Comparison(
        rule=RULE,
        left=left,
        right=right,
        steps=steps,
        columns=(*columns, *_gap_columns(sizes, gaps)),
        criteria=tuple(
            Criterion(statistic=name, worst=float(values.max()), step=steps[int(values.argmax())], bound=bounds[name])
            for name, values in _statistics(gaps).items()
        ),
        power=Power(
            reached=error <= MOST_ERROR,
            statement=f"{counts} sketches at M = {at}; at M = {sizes[-1]} the standard error is at most {error:.2%} "
            f"of the excess ({MOST_ERROR:.0%} allowed)",
        ),
        detectable=detectable,
        remarks=remarks,
    )


def detectable_by_size(
    *,
    sizes: tuple[int, ...],
    wrong: Mapping[Removal, Sequence[Real]],
    right: Sequence[Real],
    averages: Sequence[Samples],
    level: float,
) -> tuple[Detectable, ...]:
    """The smallest share of the whole excess, and of each term, that the fit by c/M sees."""
    terms = {left_out.term: [w - r for w, r in zip(values, right, strict=True)] for left_out, values in wrong.items()}
    return tuple(
        Detectable(term=term, share=_share(sizes, values, right, averages, level))
        for term, values in {WHOLE: list(right), **terms}.items()
    )


def controls_by_size(
    *,
    steps: tuple[int, ...],
    sizes: tuple[int, ...],
    wrong: Mapping[Removal, Sequence[Real]],
    right: Sequence[Real],
    averages: Sequence[Samples],
    level: float,
) -> tuple[NegativeControl, ...]:
    """Every wrong theory put to the same averages, and the right one scaled by as little as is said to be seen."""
    share = _share(sizes, right, right, averages, level)
    random = where_random(averages)
    scaled = [np.where(random, (1 + share) * theory, theory) for theory in right]
    named = [(left_out.name, values, left_out.asked) for left_out, values in wrong.items()]
    return tuple(
        control_by_size(
            name,
            steps=steps,
            sizes=sizes,
            wrong=values,
            right=right,
            averages=averages,
            level=level,
            asked=asked,
        )
        for name, values, asked in (*named, (scaled_by(share), scaled, False))
    )


def control_by_size(
    name: str,
    *,
    steps: tuple[int, ...],
    sizes: tuple[int, ...],
    wrong: Sequence[Real],
    right: Sequence[Real],
    averages: Sequence[Samples],
    level: float,
    asked: bool = False,
) -> NegativeControl:
    """A wrong theory put to the same averages; right: the theory it departs from."""
    seen = measure_gaps(sizes, wrong, averages)
    foreseen, bounds = _foreseen(sizes, wrong, right, averages), size_bounds(averages, level)
    sure = _surely_seen(bounds)
    observed = _statistics(seen)
    return NegativeControl(
        rule=RULE,
        name=name,
        steps=steps,
        columns=_gap_columns(sizes, seen),
        criteria=tuple(
            Rejection(
                statistic=statistic,
                observed=float(observed[statistic].max()),
                expected=expected,
                bound=bounds[statistic],
                has_power=reaches(expected, sure[statistic]),
            )
            for statistic, expected in foreseen.items()
        ),
        asked=asked,
    )


def sketches_needed(
    averages: Sequence[Samples],
    *,
    sizes: tuple[int, ...],
    right: Sequence[Real],
    wrong: Iterable[Sequence[Real]],
    level: float,
    most: int,
) -> list[float]:
    """How many sketches of each size give power to the comparison, and to every control that `most` can give it to.

    wrong: for each control, its theory at each size.
    """
    # the spread of a sketch is of order M^(-1/2): as many sketches at every size
    needed = [
        average.count * float(np.max(average.standard_error / np.abs(theory)) / MOST_ERROR) ** 2 * size / sizes[-1]
        for average, theory, size in zip(averages, right, sizes, strict=True)
    ]
    factors = [_more(sizes, control, right, averages, level) for control in wrong]
    largest = max(average.count for average in averages)
    factor = max((factor for factor in factors if factor * largest <= most), default=0.0)
    return [max(count, factor * average.count) for count, average in zip(needed, averages, strict=True)]


def _more(
    sizes: tuple[int, ...], wrong: Sequence[Real], right: Sequence[Real], averages: Sequence[Samples], level: float
) -> float:
    """How many times as many sketches a control needs; at most 1 where it has power, infinite where none give it."""
    foreseen = _foreseen(sizes, wrong, right, averages)
    sure = _surely_seen(size_bounds(averages, level))
    # chi^2 grows in proportion to the number of sketches; what is surely seen of the gap in spreads closes in on 2
    factors = [sure[FIT] / foreseen[FIT]] if foreseen[FIT] > 0 else []
    if foreseen[SPREAD] > 2:
        factors.append(((sure[SPREAD] - 2) / (foreseen[SPREAD] - 2)) ** 2)
    return min(factors, default=np.inf)


def size_bounds(averages: Sequence[Samples], level: float) -> dict[str, float]:
    """The bound of each statistic over the steps at which the sketch matters; each has half the level."""
    tests = int(np.count_nonzero(where_random(averages)))
    if tests == 0:
        raise InvalidInput(
            "the sketch has no influence at the recorded steps: record at least one step after the first update"
        )
    fewest = min(average.count for average in averages)
    chance = normal_bound(level / 2, tests * len(averages)) / np.sqrt(fewest)
    return {FIT: chi_square_bound(level / 2, tests), SPREAD: float(1 + chance)}


def _surely_seen(bounds: dict[str, float]) -> dict[str, float]:
    """The expected statistics from which on a control is rejected if the comparison agrees; chi is a distance."""
    return {FIT: surely_seen(float(np.sqrt(bounds[FIT]))) ** 2, SPREAD: surely_seen(bounds[SPREAD])}


def _share(
    sizes: Sequence[int],
    term: Sequence[Real],
    right: Sequence[Real],
    averages: Sequence[Samples],
    level: float,
) -> float:
    """The smallest share of a term whose loss the fit sees; infinite where the term is nothing, or shrinks like 1/M."""
    shifted = [
        Samples(count=average.count, mean=theory + part, standard_error=average.standard_error)
        for average, theory, part in zip(averages, right, term, strict=True)
    ]
    expected = float(measure_gaps(sizes, right, shifted).chi_square.max())
    return float(np.sqrt(_surely_seen(size_bounds(averages, level))[FIT] / expected)) if expected > 0 else float("inf")


def _foreseen(
    sizes: Sequence[int], wrong: Sequence[Real], right: Sequence[Real], averages: Sequence[Samples]
) -> dict[str, float]:
    """The statistics of a wrong theory if the averages were exactly what the right theory says."""
    ideal = [
        Samples(count=average.count, mean=theory, standard_error=average.standard_error)
        for average, theory in zip(averages, right, strict=True)
    ]
    return {name: float(values.max()) for name, values in _statistics(measure_gaps(sizes, wrong, ideal)).items()}


def _statistics(gaps: Gaps) -> dict[str, Real]:
    return {FIT: gaps.chi_square, SPREAD: gaps.in_spreads}


def _gap_columns(sizes: Sequence[int], gaps: Gaps) -> tuple[Column, ...]:
    columns = []
    for place, size in enumerate(sizes):
        columns += [
            Column(name=f"gap*M, M={size}", values=tuple((size * gaps.gap[place]).tolist())),
            Column(name=f"error of gap*M, M={size}", values=tuple((size * gaps.error[place]).tolist())),
        ]
    return (
        *columns,
        Column(name="c", values=tuple(gaps.constant.tolist())),
        Column(name="error of c", values=tuple(gaps.constant_error.tolist())),
        Column(name="chi^2", values=tuple(gaps.chi_square.tolist())),
        Column(name="spreads", values=tuple(gaps.in_spreads.tolist())),
    )
