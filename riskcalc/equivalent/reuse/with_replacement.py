"""Many passes with replacement: one-pass dynamics on the modes of the data set, and what it makes of fresh samples.

Formula: L(t) = L_0(t) + sum_s K_tr(t-1-s) L(s) and R(t) = R_0(t) + sum_s K_te(t-1-s) L(s), with q of one pass,
    L_0 = -(1/2 pi i) int (sigma2 + psi)/kappa q^t dz,     K_tr = -(gamma^2/B)(1/2 pi i) int z d1 q^t dz,
    R_0 = (1/2 pi i)^2 int int [(1 - gamma z1)(1 - gamma z2) + (gamma^2/B) z1 z2]^t R12/(z1 z2) dz1 dz2,
    K_te = (gamma^2/B)(1/2 pi i) int kappa d1 q^t dz.
Only L is fed back: it is the excess of modes f = -(sigma2 + psi)/kappa dz, k = -z d1 dz without a floor and without
noise, by any schedule that the dynamics of one pass can follow. As K_te has the weights of K_tr over nu, what the
feedback makes of the risk is read from the same state: sum_n (x_n(t) - prod q_n f_n)/nu_n. Source: D58.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from riskcalc.curve import RiskCurve, Run
from riskcalc.dynamics import Modes
from riskcalc.dynamics.decay import Course
from riskcalc.dynamics.response import goes_one_by_one
from riskcalc.dynamics.walk import Walk
from riskcalc.equivalent.reuse.parts import Parts, Resolution, curve_of, verified
from riskcalc.equivalent.reuse.setting import Setting
from riskcalc.equivalent.stability import stability
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.optimiser import SGD
from riskcalc.quantity import Array, Complex, Real
from riskcalc.spectral.reuse_nodes import ReuseNodes, TwoPoints

_MOST_WORK = 4e9  # factors of pairs of nodes: a minute or two


def with_replacement_curve(run: Run, setting: Setting, *, tolerance: float, force: bool) -> RiskCurve:
    """The curve of a stable run."""
    found = stability(
        setting.sums,
        setting.model_size,
        setting.marks,
        step_size=run.schedule.peak(horizon=run.horizon),
        batch_size=run.batch_size,
        samples=setting.samples,
    )
    if force and not found.stable:
        raise InvalidInput(
            f"an unstable run of many passes cannot be followed on contours, forced or not (kappa = {found.kappa:.6g}, "
            f"largest stable step size {found.largest_step_size:.6g}): use MonteCarlo(), or a smaller step size"
        )
    found.require(peak=run.schedule.stages(horizon=run.horizon) is None)
    noise = float(run.problem.noise)
    parts, error = verified(
        lambda resolutions: _parts(run, setting, resolutions, found.kappa), setting, noise=noise, tolerance=tolerance
    )
    return curve_of(run, setting, parts, error=error, tolerance=tolerance, stability=found)


def _parts(run: Run, setting: Setting, resolutions: Sequence[Resolution], kappa: float) -> Iterator[Parts]:
    """At each resolution."""
    marks, noise, floor = setting.marks, float(run.problem.noise), setting.approximation
    spread, ends = 1 + 1 / run.batch_size, np.array([marks.smallest, marks.largest])
    limit = 2 / (run.schedule.peak(horizon=run.horizon) * spread)
    course = Course.of(run, lambda size: size * ends * (2 - spread * size * ends), patience=1 / (1 - kappa))
    shapes = [shape for it in resolutions for shape in (it.rows, it.columns, it.modes)]
    contours = iter(setting.nodes(shapes, reach=course.reach, limit=limit))
    laid = zip(contours, contours, contours, strict=True)
    for resolution, (rows, columns, followed) in zip(resolutions, laid, strict=True):
        pair = TwoPoints.of(rows, columns)
        own = np.array(list(_undriven(course, pair)))
        fed, training, start = _driven(course, followed, resolution, floor, noise)
        yield Parts(
            bias=own[:, 0] - floor * (1 + own[:, 1]) + fed[:, 0],
            variance=(noise + floor) * own[:, 1] + fed[:, 1],
            training=training,
            start=(float(2 * np.real(pair.unfitted.sum())), start),
        )


def _undriven(course: Course, pair: TwoPoints) -> Iterator[tuple[float, float]]:
    """What R_0 has of the signal and of the noise."""
    rows = pair.rows.position[:, None]
    columns = np.concatenate([pair.columns.position, pair.columns.position.conj()])[None, :]
    added, product = rows + columns, (1 + 1 / course.run.batch_size) * rows * columns
    distinct = 1 if course.run.schedule.stages(horizon=course.run.horizon) is not None else course.last
    if distinct * product.size > _MOST_WORK:
        raise ToleranceNotMet(
            f"{course.last} step sizes at {product.size} pairs of nodes are too many: use a constant or a "
            "geometric schedule"
        )
    for log in course.logs(lambda sizes: sizes * added - sizes**2 * product):
        factor = np.exp(log).ravel()
        unfitted, used = (2 * float(np.real(table.ravel() @ factor)) for table in (pair.unfitted, pair.used))
        yield unfitted, used


def _driven(
    course: Course, nodes: ReuseNodes, resolution: Resolution, floor: float, noise: float
) -> tuple[Real, Real, float]:
    """What the feedback makes of the risk, in bias and variance; the training loss, and that at step 0."""
    run, z = course.run, nodes.position
    signals = np.stack([nodes.level - floor / nodes.kappa, (noise + floor) / nodes.kappa]) * -nodes.weight
    modes = Modes(
        position=z, signal=signals[0], kernel=-z * nodes.freedom * nodes.weight, floor=0.0, paired=True
    )
    walk = Walk(
        modes=modes,
        schedule=run.schedule,
        horizon=run.horizon,
        batch_size=run.batch_size,
        noise=0.0,
        nodes=resolution.points,
        degree=resolution.degree,
        one_by_one=goes_one_by_one(run.schedule, last=course.last, horizon=run.horizon),
        unstable=False,
    )
    spread = 1 + 1 / run.batch_size
    states = _states(walk, signals[:, None, :], course)
    logs = course.logs(lambda sizes: sizes * z * (2 - spread * sizes * z))
    fed, training = [], []
    for state, log in zip(states, logs, strict=True):
        fed.append(modes.total((state - signals * np.exp(log)) / nodes.rest))
        training.append(math.fsum(modes.total(state)))
    return np.array(fed), np.array(training), float(modes.total(signals).sum())


def _states(walk: Walk, state: Array, course: Course) -> Iterator[Complex]:
    """The bias and the variance of every mode at the recorded steps."""
    at, method = 0, SGD()
    for step in course.steps:
        state, at = walk.state_at(method, state, start=at, end=step), step
        yield state[:, 0]
