"""The two axes of a risk curve: steps and risk, both logarithmic, with room for step 0."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.curve import RiskCurve
from riskcalc.errors import InvalidInput
from riskcalc.plotting.style import GREY
from riskcalc.quantity import Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.ticker import Locator

_MOST_LABELS = 9
_LARGEST = 1e200  # beyond it, or below its inverse, the margins of an axis would overflow
_GROWN = 1e4  # times its first value: a curve beyond that diverges
_DECADES_BELOW = 2.0  # a horizontal line farther below the curves than this would flatten them


def drawable(values: Real) -> Real:
    """The values with nan for what a logarithmic axis cannot show: zero, negative, (nearly) infinite."""
    return np.where((values >= 1 / _LARGEST) & (values <= _LARGEST), values, np.nan)


def held_in(values: Real) -> Real:
    """The values as far as an axis has to hold them: not those of a curve that has grown beyond all others."""
    shown = drawable(values)
    first = shown[np.isfinite(shown)][:1]
    return np.where(shown <= _GROWN * first, shown, np.nan) if first.size else values


def divergence(curve: RiskCurve, values: Real) -> str:
    """What a legend adds to the name of a curve that leaves the picture; nothing of any other."""
    shown = drawable(values)
    first = shown[np.isfinite(shown)][:1]
    beyond = np.flatnonzero(values > _GROWN * first) if first.size else np.array([])
    if not beyond.size:
        return ""
    place = int(beyond[0])
    return f" (diverges: off the picture from step {curve.steps[place]} on)"


def step_axis(ax: Axes, curves: Iterable[RiskCurve]) -> None:
    """Logarithmic from step 1 on; where step 0 was recorded, it stands to the left of a break."""
    from matplotlib.ticker import MaxNLocator

    steps = {step for curve in curves for step in curve.steps}
    first, last = min(steps), max(1, *steps)
    decades = math.log10(last / max(1, first))
    margin = 10 ** (0.02 * max(decades, 1)) if first < last else 2.0
    if first == 0:
        ax.set_xscale("symlog", linthresh=1.0, linscale=max(0.5, decades / 16))
        ax.set_xlim(-0.25, last * margin)
        where = ax.get_xaxis_transform()
        ax.text(0.5, 0.0, "//", transform=where, ha="center", va="center", fontsize=9, color=GREY)
    else:
        ax.set_xscale("log")
        ax.set_xlim(first / margin, last * margin)
    if first == 0 or decades >= 1:
        _label_powers_of_ten(ax, first, last)
    else:
        _label_plainly(ax.xaxis, MaxNLocator(nbins=7, integer=True))
    ax.set_xlabel("SGD steps done, $t$")


def risk_axis(ax: Axes, series: Iterable[Real], *, label: str) -> tuple[float, float]:
    """Logarithmic, over the range of the drawable values; returns that range."""
    shown = np.concatenate([np.ravel(drawable(values)) for values in series])
    shown = shown[np.isfinite(shown)]
    if shown.size == 0:
        raise InvalidInput("there is nothing to draw on a logarithmic axis: no value is positive and finite")
    low, high = float(shown.min()), float(shown.max())
    ax.set_ylabel(label)
    set_range(ax, low, high)
    return low, high


def set_range(ax: Axes, low: float, high: float, *, bottom: float | None = None) -> None:
    """Limits with a margin, and labels that can be read however short the range is."""
    from matplotlib.ticker import LogLocator, MaxNLocator

    ax.set_yscale("log", nonpositive="clip")  # again each time: it takes back labels for another range
    decades = math.log10(high) - math.log10(low)
    margin = 10 ** (0.06 * max(decades, 0.1))
    ax.set_ylim(low / margin if bottom is None else bottom, high * margin)
    if decades < 1.8:
        rough = LogLocator(subs=(1, 2, 5), numticks=20)
        _label_plainly(ax.yaxis, MaxNLocator(nbins=7) if decades < 0.6 else rough)


def near(value: float, low: float) -> bool:
    """Whether a horizontal line at `value` can be shown without flattening curves that go down to `low`."""
    return value > 0 and math.isfinite(value) and value >= low / 10**_DECADES_BELOW


def dress(ax: Axes) -> None:
    """Grid and frame that stay behind the data."""
    ax.grid(which="major", color="#DDDDDD", linewidth=0.7)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.tick_params(labelsize=9)


def _label_plainly(axis: Axis, locator: Locator) -> None:
    """Numbers as such, for ranges in which powers of ten are too few."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axis.set_major_locator(locator)
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.6g}"))
    axis.set_minor_formatter(NullFormatter())


def _label_powers_of_ten(ax: Axes, first: int, last: int) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter

    powers = range(math.floor(math.log10(max(1, first))), math.floor(math.log10(last)) + 1)
    between = [digit * 10.0**power for power in powers for digit in range(2, 10)]
    labelled = [10.0**power for power in powers[:: -(-len(powers) // _MOST_LABELS)]]
    if len(powers) <= 2:
        labelled = [digit * power for power in labelled for digit in (1, 2, 5)]
    labelled = [step for step in labelled if first <= step <= last]
    ax.xaxis.set_major_locator(FixedLocator(([0.0] if first == 0 else []) + labelled))
    ax.xaxis.set_major_formatter(FuncFormatter(_step_label))
    ax.xaxis.set_minor_locator(FixedLocator(between if len(powers) <= _MOST_LABELS else []))


def _step_label(step: float, _: object) -> str:
    if step < 100:
        return f"{step:.0f}"
    power = math.floor(math.log10(step) + 1e-9)
    digit = round(step / 10.0**power)
    return f"$10^{{{power}}}$" if digit == 1 else rf"${digit} \times 10^{{{power}}}$"
