"""Which orders of a data set the equivalent knows; a new one registers itself, and others are refused by name."""

from __future__ import annotations

from functools import singledispatch

from riskcalc.curve import LastIterate, RiskCurve, Run
from riskcalc.equivalent.reuse.setting import Road
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SGD
from riskcalc.order import FullBatch, Reshuffled, WithReplacement


@singledispatch
def reuse_curve(order: object, run: Run, road: Road, *, force: bool) -> RiskCurve:
    """The curve of a run with a data set in this order."""
    raise InvalidInput(
        f"the equivalent has no theory of the order {order}: it knows OnePass(), FullBatch(samples=N) and "
        "WithReplacement(samples=N); use MonteCarlo()"
    )


@reuse_curve.register
def _(order: FullBatch, run: Run, road: Road, *, force: bool) -> RiskCurve:
    from riskcalc.equivalent.reuse.full_batch import full_batch_curve
    from riskcalc.equivalent.reuse.setting import setting_of

    _plain(run, road)
    return full_batch_curve(run, setting_of(run, order.samples), road, force=force)


@reuse_curve.register
def _(order: WithReplacement, run: Run, road: Road, *, force: bool) -> RiskCurve:
    from riskcalc.equivalent.reuse.setting import setting_of
    from riskcalc.equivalent.reuse.with_replacement import with_replacement_curve

    _plain(run, road)
    if road.digits is not None:
        raise InvalidInput(
            "with replacement, batches of a data set are answered in float64: leave digits out, or use FullBatch(...)"
        )
    return with_replacement_curve(run, setting_of(run, order.samples), tolerance=road.tolerance, force=force)


@reuse_curve.register
def _(order: Reshuffled, run: Run, road: Road, *, force: bool) -> RiskCurve:
    raise InvalidInput(
        "the equivalent has no theory of reshuffled epochs: after the first one, which is OnePass(), each sample comes "
        "back in an order that depends on what was seen before. Use MonteCarlo(), or WithReplacement(...), which is a "
        "few per cent above it"
    )


def _plain(run: Run, road: Road) -> None:
    """Refuse methods of training whose products over a data set have not been worked out."""
    if run.optimiser != SGD() or not isinstance(run.averaging, LastIterate):
        other = run.optimiser if run.optimiser != SGD() else run.averaging
        raise InvalidInput(
            f"with a data set the equivalent is for the last iterate of SGD(), not for {other}: it is made of one "
            "factor 1 - gamma z a step, and products for a memory or an average are not derived; use MonteCarlo()"
        )
    if road.certified:
        raise InvalidInput("no radius is proved with a data set: leave certified out")
