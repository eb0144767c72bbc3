"""What an order of the data is: how many samples there are, how many a step takes, and which ones come next."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from riskcalc.quantity import Number


class Rows(Protocol):
    """The endless sequence of samples, by number, that one run sees."""

    def take(self, count: int) -> NDArray[np.intp]:
        """The numbers of the next `count` samples."""


@runtime_checkable
class Order(Protocol):
    """In which order samples are seen."""

    @property
    def samples(self) -> Number | None:
        """N, the size of the data set; None where every sample is fresh."""

    def check(self, batch_size: int) -> None:
        """Refuse batches that this order does not know."""

    def seen(self, batch_size: int) -> int:
        """Samples that a step takes."""

    def rows(self, generator: np.random.Generator, samples: int) -> Rows:
        """The samples of one run, drawn from a whole number of them."""

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON values."""
