"""The flags --samples and --order: a data set that is seen many times."""

from __future__ import annotations

from riskcalc.errors import InvalidInput
from riskcalc.order import SPELLINGS, OnePass, Order
from riskcalc.quantity import number

ORDERS = ", ".join(SPELLINGS)


def read_order(order: str | None, *, samples: str | None) -> Order:
    """The order that the two flags ask for together; one pass where neither is given.

    >>> read_order("full-batch", samples="100")
    FullBatch(samples=Fraction(100, 1))
    """
    if order is None and samples is None:
        return OnePass()
    if order is None:
        raise InvalidInput(f"--samples {samples} needs --order: in which order they are seen, one of {ORDERS}")
    if order not in SPELLINGS:
        raise InvalidInput(f"--order must be one of {ORDERS}, not {order!r}")
    if samples is None:
        raise InvalidInput(f"--order {order} needs --samples: how many samples the data set has")
    found: Order = SPELLINGS[order](samples=number(samples, "--samples"))
    return found
