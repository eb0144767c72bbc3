"""The tables of docs/fitting.md on public data, which are not shipped: where the user has them, they are fitted.

--curves DIR: the CSV files (step, lr, loss) of github thu-yao-01-luo/MultiPowerLaw, named SIZE_SCHEDULE.csv. With
--optimum the objective is also looked at on a lattice around the fit, and every valley of it followed down. --points
FILE: a table of N, D and loss (with --where, one experiment), such as those of Open-Athena/scaling-law-analysis.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np

import riskcalc as rc
from riskcalc.fitting.curve_laws import CurveLaw, MomentumLaw, MultiPowerLaw
from riskcalc.fitting.curves_fit import CURVE_LOSS, CurvesFit
from riskcalc.fitting.fit_curves import fitted
from riskcalc.fitting.robust import robust_fit
from riskcalc.fitting.theory_law import TheoryLaw
from riskcalc.quantity import Real

WARMUP = 2150
LAWS: tuple[CurveLaw, ...] = (TheoryLaw(tied=True), TheoryLaw(tied=False), MomentumLaw(), MultiPowerLaw())
SPLITS: dict[str, Callable[[str], bool]] = {
    "constant, cosine, two-stage -> the others": lambda name: name in ("constant_24000", "cosine_24000", "wsdcon_9"),
    "all runs of 24k steps -> those of 72k": lambda name: not name.endswith("_72000"),
    "one WSD run -> the others": lambda name: name == "wsd_20000_24000",
    "one cosine run -> the others": lambda name: name == "cosine_24000",
}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--curves", metavar="DIR")
    asked.add_argument("--sizes", default="25,400")
    asked.add_argument("--optimum", action="store_true")
    asked.add_argument("--points", metavar="FILE")
    asked.add_argument("--where", metavar="COLUMN=VALUE")
    given = asked.parse_args()
    if given.points:
        on_points(given.points, given.where)
    if given.curves:
        on_curves(given.curves, given.sizes.split(","), optimum=given.optimum)


def on_points(path: str, where: str | None) -> None:
    points = rc.load_points(path, where=where)
    for form in ("additive", "coupled", "theory"):
        print(rc.fit_scaling_law(points.sizes, points.samples, points.losses, form=form), "\n")


def on_curves(folder: str, sizes: list[str], *, optimum: bool) -> None:
    logs = {size: rc.load_curves(folder, pattern=f"{size}_*.csv", warmup=WARMUP) for size in sizes}
    print("| fitted -> predicted |", " | ".join(law.name for law in LAWS), "|")
    for split, is_fitted in SPLITS.items():
        row = []
        for law in LAWS:
            missed = []
            for curves in logs.values():
                by_name = {name.partition("_")[2]: curve for name, curve in curves.items()}
                fit = fitted(law, tuple(c for name, c in by_name.items() if is_fitted(name)), level=0.95)
                missed.append(fit.error_on([c for name, c in by_name.items() if not is_fitted(name)]))
                if optimum and law is LAWS[0]:  # three parameters of shape
                    print(f"  {split}: {lowest(fit)}")
            row.append(f"{np.mean(missed):.4f} ({', '.join(f'{one:.4f}' for one in missed)})")
        print(f"| {split} |", " | ".join(row), "|", flush=True)


def lowest(fit: CurvesFit) -> str:
    """Whether any valley of the objective over the shape is lower than the fit.

    At each point of a lattice of shapes, which is all that the law allows, the two coefficients are fitted: they are
    linear, and the objective is convex in them. From each point that is lower than its neighbours all parameters are
    followed down.
    """
    with np.errstate(divide="ignore"):
        own = np.concatenate([np.log(fit.coefficients), fit.shape])
    data = fit.model.values(own[None])[0] + fit.residuals
    longest = max(float(run.total[-1]) for run in fit.model.runs)
    axes = (np.linspace(-2.0, 1.4, 18), np.linspace(-1.0 - np.log(longest), 0.0, 24), np.linspace(-7, -0.7, 13))
    shapes = np.array(list(product(*axes)))
    with np.errstate(all="ignore"):
        designs = fit.law.design(fit.model.runs, shapes)
    there = (designs < 1e9).all(axis=(1, 2))  # elsewhere a loss grows without end
    coefficients, cost = np.full((len(shapes), 2), np.nan), np.full(len(shapes), np.inf)
    coefficients[there], cost[there] = _coefficients(designs[there], data)
    lattice = cost.reshape([axis.size for axis in axes])
    places = [place for place in np.ndindex(lattice.shape) if lattice[place] <= min(_around(lattice, place))]
    valleys = [np.ravel_multi_index(place, lattice.shape) for place in places if np.isfinite(lattice[place])]
    starts = np.column_stack([np.log(coefficients[valleys]), shapes[valleys]])
    every = np.repeat(data[None], len(starts), axis=0)
    ends = robust_fit(fit.model, every, starts, free=range(starts.shape[1]), loss=CURVE_LOSS, iterations=200)
    best = ends.parameters[np.argmin(ends.cost)]
    return (
        f"objective {CURVE_LOSS.value(fit.residuals).sum():.6e}, "
        f"least of {len(starts)} valleys of {len(shapes)} shapes "
        f"{ends.cost.min():.6e}; shapes {np.round(fit.shape, 3)}, {np.round(best[-fit.shape.size :], 3)}"
    )


def _coefficients(columns: Real, data: Real) -> tuple[Real, Real]:
    """Positive coefficients of each design by reweighted least squares of relative residuals, and the objective."""
    relative = columns / np.exp(data)[:, None]
    weights = np.ones(relative.shape[:2])
    for _ in range(60):
        weighted = relative * weights[:, :, None]
        normal = weighted.transpose(0, 2, 1) @ relative
        found = np.linalg.pinv(normal) @ weighted.sum(axis=1)[:, :, None]
        found = np.maximum(found, 1e-6 / np.abs(relative).mean(axis=1)[:, :, None])
        weights = CURVE_LOSS.weight(1 - (relative @ found)[:, :, 0])
    return found[:, :, 0], CURVE_LOSS.value(np.log((relative @ found)[:, :, 0])).sum(axis=1)


def _around(cost: np.ndarray, place: tuple[int, ...]) -> Iterator[float]:
    for axis, step in product(range(cost.ndim), (-1, 1)):
        other = list(place)
        other[axis] += step
        if 0 <= other[axis] < cost.shape[axis]:
            yield float(cost[tuple(other)])


if __name__ == "__main__":
    main()
