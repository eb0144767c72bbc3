"""An averaging in words: which iterates are averaged, as the command line says it."""

from __future__ import annotations

from riskcalc.curve.averaging import Averaging, ExponentialAverage, IterateAverage, LastIterate, TailAverage
from riskcalc.quantity import of_type
from riskcalc.quantity.spelling import Spelling, read_spelled

_SPELLINGS = {
    one.name: one
    for one in (
        Spelling(name="last", kind=LastIterate),
        Spelling(name="iterates", kind=IterateAverage),
        Spelling(name="tail", kind=TailAverage, bare="fraction", needs="a fraction F, as in tail:1/4", letters="F"),
        Spelling(
            name="exponential",
            kind=ExponentialAverage,
            bare="rate",
            needs="a rate, as in exponential:1/100",
            letters="RATE",
        ),
    )
}


def read_averaging(value: object, *, asked: str = "averaging") -> Averaging:
    """An averaging, or the one that a text names; the last iterate where none is given.

    >>> read_averaging("tail:1/4"), read_averaging(None)
    (TailAverage(fraction=Fraction(1, 4)), LastIterate())
    """
    if isinstance(value, str):
        named: Averaging = read_spelled(value, _SPELLINGS, asked=asked)
        return named
    examples = "LastIterate(), IterateAverage(), TailAverage(F) or ExponentialAverage(RATE), or its words, as tail:F"
    read: Averaging = of_type(LastIterate() if value is None else value, Averaging, asked, examples)
    return read
