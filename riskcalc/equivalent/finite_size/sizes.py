"""What the 1/M correction adds to the average over sketches, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from riskcalc.quantity import Real


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
        return self.signal + self.kernel + self.signal_and_kernel + self.kernel_twice

    @classmethod
    def joined(cls, parts: Sequence[Moved]) -> Moved:
        """One after the other."""
        return cls(**{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)})
