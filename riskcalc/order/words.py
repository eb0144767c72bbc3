"""An order in words: its name with the size of its data set."""

from __future__ import annotations

from riskcalc.errors import InvalidInput
from riskcalc.order.one_pass import OnePass
from riskcalc.order.order import Order
from riskcalc.order.spelling import SPELLINGS
from riskcalc.quantity import NumberLike, of_type
from riskcalc.quantity.spelling import Spelling, read_spelled, split

_FRESH = Spelling(name="one-pass", kind=OnePass)
_EXAMPLES = "OnePass(), FullBatch(samples=N), WithReplacement(samples=N) or Reshuffled(samples=N)"


def order_words() -> str:
    """The orders that have a name, for lists of them."""
    return ", ".join(SPELLINGS)


def read_order(
    value: object, *, samples: NumberLike | None = None, asked: str = "data", asked_samples: str = "samples"
) -> Order:
    """An order, or the one that a text names; samples: the size of its data set, where the text does not say it.

    >>> read_order("full-batch:100"), read_order("Reshuffled", samples=50)
    (FullBatch(samples=Fraction(100, 1)), Reshuffled(samples=Fraction(50, 1)))
    """
    if not isinstance(value, str):
        if value is None and samples is not None:
            raise InvalidInput(
                f"{asked_samples} {samples} needs {asked}: in which order they are seen, one of {order_words()}"
            )
        given = OnePass() if value is None else value
        read: Order = of_type(given, Order, asked, f"{_EXAMPLES}, or its words, as full-batch:N")
        return read
    name, colon, _ = split(value)
    if name in SPELLINGS and not colon and samples is None:
        raise InvalidInput(f"{asked} {name} needs {asked_samples}: how many the data set has, as in {name}:1000")
    if colon and samples is not None:
        raise InvalidInput(f"{asked} {value} says its samples: leave {asked_samples} {samples} out")
    text = value if samples is None else f"{name}:{samples}"
    order: Order = read_spelled(text, {**SPELLINGS, _FRESH.name: _FRESH}, asked=asked)
    return order
