"""Pictures as files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskcalc.errors import InvalidInput
from riskcalc.files import check_folder, check_place, write_bytes
from riskcalc.plotting.canvas import check_drawing
from riskcalc.quantity import file_path, of_type

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# without a date, the same picture is the same file
_DATELESS: dict[str, dict[str, Any]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
_WHAT = "the picture"
_RESOLUTION = 200  # dots an inch, for PNG


def save_picture(figure: Figure, path: str | Path) -> None:
    """Write the figure as PNG, SVG or PDF, by the file's ending: all of it, or nothing.

    Parameters
    ----------
    figure : Figure
        Of matplotlib, such as `plot_curve` returns.
    path : str or Path
        The file; it ends in .png, .svg or .pdf.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    MissingDependency
        If the package that is needed is not installed.

    Notes
    -----
    Valid: a folder that is there and can be written; the same picture is the same file, without a date.

    Source: D01, for what its curves are.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run, risk
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3), noise="1/10")
    >>> curve = risk(Run(problem, model_size=100, schedule=Constant("3/10"), steps=[0, 10, 1000]))
    >>> from riskcalc import plot_curve
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "curve.svg"
    >>> save_picture(plot_curve(curve), path)
    >>> path.stat().st_size > 1000
    True
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    of_type(figure, Figure, "figure", "a figure of matplotlib")
    ending = _ending(path)
    drawn = io.BytesIO()  # in memory: matplotlib would leave half a file where the disk is full
    try:
        with rc_context({"svg.hashsalt": "riskcalc"}):
            figure.savefig(drawn, format=ending[1:], dpi=_RESOLUTION, metadata=_DATELESS[ending])
    except ValueError as error:
        raise InvalidInput(f"cannot draw the picture for {path}: {error}") from None
    write_bytes(path, drawn.getvalue(), what=_WHAT)


def check_picture(path: str | Path) -> None:
    """Refuse a picture that could not be written, before anything is computed for it.

    What must hold: matplotlib is there, the ending is known, and the file can be written where it is to stand.
    """
    _ending(path)
    check_drawing()
    check_place(path, what=_WHAT)


def check_folder_of_pictures(folder: str | Path) -> None:
    """The same for a folder of pictures, which is made where there is none."""
    check_drawing()
    check_folder(folder, what="pictures")


def _ending(path: str | Path) -> str:
    ending = file_path(path, "path").suffix.lower()
    if ending not in _DATELESS:
        raise InvalidInput(f"cannot write a picture to {path}: the file must end in .png, .svg or .pdf")
    return ending
