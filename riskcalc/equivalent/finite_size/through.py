"""What the 1/M correction adds to the average over sketches, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from riskcalc.quantity import Real

BY_CAUSE = ("signal", "kernel", "signal_and_kernel", "kernel_twice")


@dataclass(frozen=True, kw_only=True, eq=False)
class Moved:
    """One value a step each.

    By what moves: signal (the mean of the signal's resolvent), kernel (that of the noise kernel), signal_and_kernel
    (their covariance), kernel_twice (the variance of the kernel, fed back); these four add up to the shift of the
    excess. By what is moved: approximation, bias, variance, which add up to it too.
    """

    signal: Real
    kernel: Real
    signal_and_kernel: Real
    kernel_twice: Real
    approximation: Real
    bias: Real
    variance: Real

    @property
    def total(self) -> Real:
        """The shift of the excess."""
        return np.asarray(sum(getattr(self, name) for name in BY_CAUSE))

    @classmethod
    def joined(cls, parts: Sequence[Moved]) -> Moved:
        """One after the other."""
        return cls(**{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)})


@dataclass(frozen=True, kw_only=True, eq=False)
class Through:
    """What a resolution finds at the recorded steps.

    excess: of the equivalent. covariance: of one sketch's approximation, bias and variance, (3, 3, steps, steps); nan
    where steps were not compared.
    """

    excess: Real
    shift: Moved
    covariance: Real

    @property
    def spread(self) -> Real:
        """Standard deviation of one sketch's excess."""
        return deviation(np.diagonal(self.covariance.sum(axis=(0, 1))))

    def at_rest(self, step: int, *, drawn: bool) -> Through:
        """With nothing moved at this place: before the first step a model is zero whatever its sketch.

        What the best one gains there, the bias loses. drawn: targets, and with them the excess, scatter there too.
        """
        values = {one.name: getattr(self.shift, one.name).copy() for one in fields(Moved)}
        for name, value in values.items():
            value[step] = {"approximation": 1.0, "bias": -1.0}.get(name, 0.0) * self.shift.approximation[step]
        shift = Moved(**values)
        if drawn:
            return replace(self, shift=shift)
        covariance = self.covariance.copy()
        covariance[1, :, step], covariance[2, :, step] = -covariance[0, :, step], 0.0
        covariance[:, 1, :, step], covariance[:, 2, :, step] = -covariance[:, 0, :, step], 0.0
        return replace(self, shift=shift, covariance=covariance)

    def apart(self, other: Through) -> float:
        """The largest relative difference of excess, shift or spread from another resolution's."""
        size = np.abs([getattr(self.shift, name) for name in BY_CAUSE]).sum(axis=0)
        pairs = (
            (self.excess, other.excess, self.excess),
            (self.shift.total, other.shift.total, size),
            (self.spread, other.spread, self.spread),
        )
        return max(_relative(np.abs(one - two), scale) for one, two, scale in pairs)


def deviation(variance: Real) -> Real:
    """Its root, 0 where rounding left less."""
    return np.sqrt(np.maximum(variance, 0.0))


def _relative(gap: Real, scale: Real) -> float:
    return float(np.max(np.divide(gap, scale, out=np.where(gap > 0, np.inf, 0.0), where=scale > 0), initial=0.0))
