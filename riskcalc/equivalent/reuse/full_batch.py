"""Full-batch gradient descent by one double integral over a contour, any schedule.

Formula: with r_k(z) = prod_s (1 - gamma_s z) and R12 of two ridges lambda = -z,
    R(k) = (1/2 pi i)^2 int int r_k(z1) r_k(z2) R12/(z1 z2) dz1 dz2,
    L(k) = -(1/2 pi i) int (sigma2 + psi)/kappa r_k^2 dz.
Nothing is random once the data are there: batches have no noise, and all there is to stability is gamma z_max < 2.
Source: D56.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from riskcalc.curve import RiskCurve, Run
from riskcalc.curve.stability import descent_stability
from riskcalc.dynamics.decay import Course
from riskcalc.equivalent.reuse.parts import LADDER, Parts, Resolution, curve_of, verified
from riskcalc.equivalent.reuse.setting import Road, Setting
from riskcalc.quantity import Complex, Real
from riskcalc.spectral.reuse_nodes import ReuseNodes, TwoPoints


def full_batch_curve(run: Run, setting: Setting, road: Road, *, force: bool) -> RiskCurve:
    """The curve of a run; `force` lets an unstable one through, which contours can seldom follow."""
    found = descent_stability(run, setting.marks.largest)
    if not force:
        found.require(peak=run.schedule.stages(horizon=run.horizon) is None)
    if road.digits is not None:
        from riskcalc.equivalent.reuse.series import series_curve

        return series_curve(run, setting.samples, digits=road.digits, field=road.field, stability=found)
    noise, tolerance = float(run.problem.noise), road.tolerance
    parts, error = verified(
        lambda resolutions: _parts(run, setting, resolutions), setting, noise=noise, tolerance=tolerance
    )
    return curve_of(run, setting, parts, error=error, tolerance=tolerance, stability=found)


def excess_at_once(run: Run, setting: Setting) -> Real:
    """Of a stable run at the recorded steps, at the resolution that checks others: for a search."""
    (parts,) = _parts(run, setting, [LADDER[0][0]])
    return np.asarray(setting.approximation + parts.bias + parts.variance)


def _parts(run: Run, setting: Setting, resolutions: Sequence[Resolution]) -> Iterator[Parts]:
    """At each resolution."""
    marks, noise, floor = setting.marks, float(run.problem.noise), setting.approximation
    peak = run.schedule.peak(horizon=run.horizon)
    ends = np.array([marks.smallest, marks.largest])
    course = Course.of(run, lambda size: size * ends)
    shapes = [shape for it in resolutions for shape in (it.rows, it.columns)]
    power, rest = setting.sums.moments().signal, np.array(run.steps) == 0
    limit = 2 / peak if peak * marks.largest < 2 else np.inf
    contours = iter(setting.nodes(shapes, reach=course.reach, limit=limit))
    for rows, columns in zip(contours, contours, strict=True):
        left, right = (_factors(course, nodes.position) for nodes in (rows, columns))
        training = training_loss(rows, left**2, noise)
        points = TwoPoints.of(rows, columns)
        unfitted, used = points.products(left, right)
        rounded = points.sizes(left, right)
        start = float(unfitted[0]), float(training[0])
        # before the first step nothing has been learnt, whatever the noise
        found = (unfitted, used, training, *rounded)
        for values, known in zip(found, (power, 0.0, power + noise, 0.0, 0.0), strict=True):
            values[1:][rest] = known
        yield Parts(
            bias=unfitted[1:] - floor * (1 + used[1:]),
            variance=(noise + floor) * used[1:],
            training=training[1:],
            start=start,
            rounded=(rounded[0] + (noise + 2 * floor) * rounded[1])[1:],
        )


def _factors(course: Course, position: Complex) -> Complex:
    """r_k at the nodes, the row of step 0 first."""
    logs = course.logs(lambda sizes: sizes * position)
    return np.stack([np.ones_like(position), *(np.exp(log) for log in logs)])


def training_loss(nodes: ReuseNodes, squared: Complex, noise: float) -> Real:
    """L, from r_k^2 or what stands for it at the nodes; the constant in phi vanishes on a contour round everything."""
    return -nodes.total((noise / nodes.kappa + nodes.level) * squared * nodes.weight)
