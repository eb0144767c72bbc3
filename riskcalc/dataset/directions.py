"""Which directions a power law is fitted in: asked for, or those that the rows resolve and the noise leaves visible."""

from __future__ import annotations

import math
from dataclasses import dataclass

from riskcalc.dataset.eigen import Eigen
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real, listed, number, shown

_TRUSTED = 10  # rows a direction: eigenvalue j of n rows is off by about j/n
_WIDTH = 30  # last over first direction of the window that is chosen by itself
_FEWEST = 6  # directions in a window
_VISIBLE = 1.0  # signal over noise floor, averaged over a factor of two in j, down to which a signal is fitted


@dataclass(frozen=True, kw_only=True)
class Directions:
    """first to last, counted from 1, and how they were chosen, in words."""

    first: int
    last: int
    chosen: str

    @property
    def enough(self) -> bool:
        """Whether they are enough for an exponent."""
        return self.last - self.first + 1 >= _FEWEST

    @property
    def too_few(self) -> str:
        """Why there is no exponent, where they are not enough."""
        return f"directions {self.first} to {self.last} are fewer than {_FEWEST}, too few for an exponent"


def resolved(eigen: Eigen, asked: object) -> Directions:
    """The window asked for; by default a decade and a half up to a tenth of the rows, or half of a small spectrum.

    The default may have too few directions, where there are no more.
    """
    if asked is None:
        return _by_itself(eigen)
    first, last = _ends(asked)
    if last > eigen.dimension:
        raise InvalidInput(f"the window ends at direction {last}, but there are only {eigen.dimension}")
    found = Directions(first=first, last=last, chosen="asked for")
    if not found.enough:
        raise InvalidInput(f"{found.too_few}: give a wider window")
    return found


def visible(power: Real, floor: float, window: Directions) -> Directions:
    """The same window, ended where the signal, averaged over a factor of two in j, falls below the noise floor."""
    sums = [0.0, *power.cumsum().tolist()]
    for place in range(_FEWEST + 1, window.last + 1):
        first, last = int(place / math.sqrt(2)), min(math.ceil(place * math.sqrt(2)), len(power))
        if (sums[last] - sums[first]) / (last - first) < (1 + _VISIBLE) * floor:
            sunk = place - 1
            words = "as for the spectrum, but ended where the signal sinks into the noise"
            return Directions(first=max(1, sunk // _WIDTH), last=sunk, chosen=words)
    return window


def _by_itself(eigen: Eigen) -> Directions:
    trusted = (eigen.rows - 1) // _TRUSTED
    last, words = min(max(trusted, _FEWEST), eigen.dimension), "up to a tenth of the rows"
    if eigen.dimension < trusted:
        # the end of a finite spectrum is no power law; kept where there is nothing else
        last, words = eigen.dimension, "all directions"
        if last >= 4 * _FEWEST:
            last, words = last // 2, "the first half of all directions"
    return Directions(first=max(1, last // _WIDTH), last=last, chosen=words)


def _ends(asked: object) -> tuple[int, int]:
    pair = listed(asked, "window", "None or a pair (low, high)")
    if len(pair) != 2:
        raise InvalidInput(f"window must be None or a pair (low, high), not {shown(asked)}")
    low, high = (float(number(end, "window")) for end in pair)
    if not 1 <= low < high or low != int(low) or high != int(high):
        raise InvalidInput(f"a window needs whole directions 1 <= low < high, not {low:g} to {high:g}")
    return int(low), int(high)
