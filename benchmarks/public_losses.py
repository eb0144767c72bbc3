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
from riskcalc.fitting.fit_curves import _used, fitted
from riskcalc.fitting.joint_model import JointModel
from riskcalc.fitting.robust import robust_fit
from riskcalc.fitting.theory_law import TheoryLaw

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
                if optimum and law is LAWS[0]:
                    print(f"  {split}: {lowest(fit)}")
            row.append(f"{np.mean(missed):.4f} ({', '.join(f'{one:.4f}' for one in missed)})")
        print(f"| {split} |", " | ".join(row), "|", flush=True)


def lowest(fit: CurvesFit) -> str:
    """Whether any valley of the objective over the shape is lower than the fit.

    At each point of a lattice of shapes the two coefficients, in which log L is nearly linear, are fitted; from each
    point that is lower than its neighbours all parameters are followed down.
    """
    runs, losses = _used(fit.curves, fit.unit, 100)
    model, data = JointModel(law=fit.law, runs=runs, columns=2), np.log(losses)
    own = float(CURVE_LOSS.value(data - model.values(_parameters(fit)[None])[0]).sum())
    longest = max(float(run.total[-1]) for run in runs)
    axes = (np.linspace(-1.8, 1.2, 9), np.arange(-1.0, 10.0) - np.log(longest), np.linspace(-6, -0.7, 7))
    shapes = list(product(*axes))
    starts = np.array([[*_parameters(fit)[:2], *shape] for shape in shapes])
    found = robust_fit(
        model, np.repeat(data[None], len(starts), axis=0), starts, free=(0, 1), loss=CURVE_LOSS, iterations=20
    )
    cost = np.where(np.isfinite(found.cost), found.cost, np.inf).reshape([axis.size for axis in axes])
    valleys = [place for place in np.ndindex(cost.shape) if cost[place] <= min(_around(cost, place))]
    rows = np.array([found.parameters[np.ravel_multi_index(place, cost.shape)] for place in valleys])
    ends = robust_fit(
        model, np.repeat(data[None], len(rows), axis=0), rows, free=range(5), loss=CURVE_LOSS, iterations=200
    )
    return f"objective {own:.6e}; least of {len(rows)} valleys of {cost.size} shapes {ends.cost.min():.6e}"


def _parameters(fit: CurvesFit) -> np.ndarray:
    return np.concatenate([np.log(np.maximum(fit.coefficients, 1e-12)), fit.shape])


def _around(cost: np.ndarray, place: tuple[int, ...]) -> Iterator[float]:
    for axis, step in product(range(cost.ndim), (-1, 1)):
        other = list(place)
        other[axis] += step
        if 0 <= other[axis] < cost.shape[axis]:
            yield float(cost[tuple(other)])


if __name__ == "__main__":
    main()
