"""An optimal schedule beside the named ones: step sizes against the share of the run that remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import axes_or_new
from riskcalc.plotting.captions import common_settings
from riskcalc.plotting.finishing import finished
from riskcalc.plotting.style import BLACK, CURVE_COLOURS, CURVE_LINES, FLOOR_LINE, GREY
from riskcalc.quantity import of_type, whole
from riskcalc.schedule import Schedule, listed_sizes, spelled_out
from riskcalc.tuning import OptimalSchedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LOWEST = 1e-3  # of the bound, in the picture
_MOST = 6  # named schedules shown


def plot_optimal_schedule(found: OptimalSchedule, *, shown: int = 3, ax: Axes | None = None) -> Figure:
    """Draw gamma_s against s/N: the optimum, the `shown` best named schedules, and the bound.

    The legend gives what each adds to the optimum's final excess, in percent.

    Parameters
    ----------
    found : OptimalSchedule
        What `optimal_schedule` returns.
    shown : int, default 3
        How many named schedules, 0 to 6.
    ax : Axes or None, default None
        Axes to draw into; None: a figure of its own.

    Returns
    -------
    Figure
        Of matplotlib, drawn and not shown: `save_picture` writes it, a notebook shows it.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    MissingDependency
        If the package that is needed is not installed.

    Notes
    -----
    Valid: what it is given comes from the function that it names; needs the extra `plot`.

    Source: D27.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem, optimal_schedule
    >>> spectrum, signal = PowerLaw(a=2, dimension=40), PowerLawSignal(b=3)
    >>> problem = Problem(spectrum=spectrum, signal=signal, noise="1/10")
    >>> plot_optimal_schedule(optimal_schedule(problem, model_size=10, horizon=40)).axes[0].get_xlabel()
    'share of the run done, $s/N$'
    """
    of_type(found, OptimalSchedule, "found", "an OptimalSchedule, as optimal_schedule returns it")
    many = whole(shown, "shown")
    if many > _MOST:
        raise InvalidInput(f"shown goes from 0 to {_MOST} named schedules, not {many}")
    ax = axes_or_new(ax)
    steps = found.schedule.values.size
    place = np.arange(steps) / steps
    for number, one in enumerate(found.named[:many]):
        lap, colour = divmod(number, len(CURVE_COLOURS))
        sizes = listed_sizes(one.schedule, 0, steps, horizon=steps)
        more = 100 * (one.excess / found.excess - 1)
        ax.plot(
            place,
            np.where(sizes >= _LOWEST * found.largest / 2, sizes, np.nan),
            color=CURVE_COLOURS[colour],
            linestyle=CURVE_LINES[(number + 1 + lap) % len(CURVE_LINES)],
            label=f"{_words(one.schedule)}: +{more:.1f} %",
        )
    best = np.where(found.schedule.values > 0, found.schedule.values, np.nan)
    ax.plot(place, best, color=BLACK, linewidth=2.2, label=f"optimal: excess {found.excess:.4g}")
    ax.axhline(found.largest, color=GREY, linestyle=FLOOR_LINE, linewidth=1, label="largest step size allowed")
    ax.set_yscale("log")
    ax.set_ylim(_LOWEST * found.largest, 1.6 * found.largest)
    ax.set_xlim(0, 1)
    ax.set_xlabel("share of the run done, $s/N$")
    ax.set_ylabel(r"step size $\gamma_s$")
    settings = "" if found.asked is None else f"{common_settings([found.asked])}, "
    return finished(ax, f"{settings}$N = {steps}$")


def _words(schedule: Schedule) -> str:
    """A schedule as the command line spells it, without its step size."""
    said = schedule.describe()
    return spelled_out(said["name"], {key: said[key] for key in said if key not in ("name", "step_size")})
