"""One pass: every sample is fresh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.order.order import Rows


@dataclass(frozen=True)
class OnePass:
    """Each step takes samples that were never seen before, from the distribution itself.

    Notes
    -----
    Valid: any run; it is the order by default.

    Source: D01.

    Examples
    --------
    >>> OnePass()
    OnePass()
    """

    @property
    def samples(self) -> None:
        return None

    def check(self, batch_size: int) -> None:
        """Any batch is fresh."""

    def seen(self, batch_size: int) -> int:
        return batch_size

    def rows(self, generator: np.random.Generator, samples: int) -> Rows:
        raise InvalidInput("one pass sees no sample twice: there is no data set to take them from")

    def describe(self) -> dict[str, Any]:
        return {"name": "one-pass"}
