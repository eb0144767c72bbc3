"""The label noise behind measured coefficients, from the tail of the spectrum, and whether that tail is flat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.dataset.eigen import Eigen
from riskcalc.quantity import Real

_LEVEL = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelNoise:
    """What the tail says of the label noise.

    Formula: with y = f + noise, E <u_j, y>^2/n = <u_j, f>^2/n + sigma2/n, so sigma2 is estimated by the mean of <u_j,
        y>^2 over the directions beyond the first `beyond`, rounded-off ones included.
    Valid: unbiased where f has no power beyond `beyond` directions; otherwise too large, an upper bound. decay: power
        of the nearer half of the tail over that of the farther half, 1 for pure noise; p_value: of so large a ratio by
        chance (normal noise; of several outputs as if they were one, which is careful). Where no tail lies inside the
        kernel's directions, both are None: nothing can be said about what the kernel cannot see.
    Source: D36.
    variances: sigma2 of each output, shape (P,). freedom: directions in the tail.
    """

    variances: Real
    beyond: int
    freedom: int
    decay: float | None
    p_value: float | None

    @property
    def variance(self) -> float:
        """Of all outputs together; the labels have variance 1."""
        return float(self.variances.sum())

    @property
    def upper_bound(self) -> bool:
        """Whether the tail still decays, so that some of what counts as noise is signal."""
        return self.p_value is not None and self.p_value < _LEVEL

    def describe(self) -> str:
        """The estimate in words."""
        if self.p_value is None:
            return f"residual of all {self.beyond} directions; it counts what this kernel cannot express as noise"
        words = f"tail beyond direction {self.beyond}, its nearer half {self.decay:.2f} times the farther one"
        if self.upper_bound:
            return f"{words} (p = {self.p_value:.1g}): not flat, so an upper bound"
        return f"{words} (p = {self.p_value:.2g}): no decay seen"

    def to_dict(self) -> dict[str, Any]:
        return {
            "variance": self.variance,
            "each_output": self.variances.tolist(),
            "beyond": self.beyond,
            "freedom": self.freedom,
            "decay": self.decay,
            "p_value": self.p_value,
            "upper_bound": self.upper_bound,
            "source": self.describe(),
        }


def label_noise(eigen: Eigen) -> LabelNoise:
    """Estimate the noise from the second half of all n - 1 directions, or from beyond the last if there are fewer."""
    from scipy.stats import f

    directions = eigen.rows - 1
    beyond = min(eigen.dimension, directions // 2)
    freedom = directions - beyond
    powers = eigen.coefficients**2
    variances = (powers[beyond:].sum(axis=0) + eigen.residual) * eigen.rows / freedom
    tail = eigen.dimension - beyond
    if tail < freedom // 2:
        return LabelNoise(variances=variances, beyond=beyond, freedom=freedom, decay=None, p_value=None)
    half = tail // 2
    near, far = (part.sum(axis=1).mean() for part in (powers[beyond : beyond + half], powers[-half:]))
    decay = float(near / far) if far > 0 else float("inf")
    chance = float(f.sf(decay, half, half)) if np.isfinite(decay) else 0.0
    return LabelNoise(variances=variances, beyond=beyond, freedom=freedom, decay=decay, p_value=chance)
