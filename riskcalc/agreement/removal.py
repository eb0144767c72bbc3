"""What is left out of a formula on purpose: the negative controls that every sampled comparison is put to.

The first group leaves out a whole part of the risk, the second one way in which the noise of the samples acts, the
third is no term but a time. A comparison says of each how small a share of it would still have been seen.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Removal:
    """term: what is left out. name: of the formula without it. asked: whether the question itself asked for it."""

    term: str
    name: str
    asked: bool = False


APPROXIMATION = Removal(term="approximation", name="the approximation error left out")
BIAS = Removal(term="bias", name="the bias left out")
VARIANCE = Removal(term="variance", name="the variance left out")
LABEL_NOISE = Removal(term="label noise", name="label noise left out", asked=True)
NOISE_OF_ONE = Removal(term="label noise of one output", name="the label noise of one of several outputs left out")

FEEDBACK = Removal(term="feedback of the error", name="noise without the feedback of the error")
APPROXIMATION_AS_NOISE = Removal(term="approximation error as noise", name="noise without the approximation error")
SQUARE = Removal(term="square term of q", name="q without its square term")
CROSS_TERMS = Removal(term="products of iterates", name="iterates averaged as if independent")
OWN = Removal(term="own part of the noise", name="noise without a coordinate's own error")
CROSS = Removal(term="noise of two buffers", name="noise that moves one buffer at a time")
SKETCH = Removal(term="sketch", name="the spectrum cut at M, without a sketch")

STEP = Removal(term="one step of time", name="one step behind")

SHIFT = Removal(term="shift of the average", name="the equivalent without its shift")
SHIFT_PARTS = {
    "signal": Removal(term="mean of the signal", name="the shift without the mean of the signal"),
    "kernel": Removal(term="mean of the noise kernel", name="the shift without the mean of the noise kernel"),
    "signal_and_kernel": Removal(
        term="covariance of signal and kernel", name="the shift without the covariance of signal and kernel"
    ),
    "kernel_twice": Removal(term="variance of the kernel", name="the shift without the variance of the kernel"),
}

WHOLE = "whole excess"


def scaled_by(share: float) -> str:
    """The name of the formula whose whole excess is too large by this share.

    >>> scaled_by(0.0291)
    'the whole excess scaled by 1.0291'
    """
    return f"the whole excess scaled by {1 + share:.5g}"
