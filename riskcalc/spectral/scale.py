"""Which eigenvalues float64 carries: the dynamics squares them, and the step sizes that go with them."""

from __future__ import annotations

from riskcalc.errors import InvalidInput

_LARGEST = 1e150  # of eigenvalues; their squares are floats, and so are those of the step sizes beside them


def check_scale(largest: float) -> None:
    """Refuse a spectrum whose largest eigenvalue has no square among floats."""
    if not 1 / _LARGEST <= largest <= _LARGEST:
        raise InvalidInput(
            f"the largest eigenvalue is {largest:.3g}, and float64 carries those from {1 / _LARGEST:.0e} to "
            f"{_LARGEST:.0e}, whose squares it holds: give the features another unit, which divides the eigenvalues "
            "and multiplies the step size"
        )
