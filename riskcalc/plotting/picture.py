"""Pictures as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskcalc.errors import InvalidInput
from riskcalc.quantity import file_path, of_type

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# without a date, the same picture is the same file
_DATELESS: dict[str, dict[str, Any]] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
_RESOLUTION = 200  # dots an inch, for PNG


def save_picture(figure: Figure, path: str | Path) -> None:
    """Write the figure as PNG, SVG or PDF, by the file's ending."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    of_type(figure, Figure, "figure", "a figure of matplotlib")
    place = file_path(path, "path")
    ending = place.suffix.lower()
    if ending not in _DATELESS:
        raise InvalidInput(f"cannot write a picture to {path}: the file must end in .png, .svg or .pdf")
    try:
        with rc_context({"svg.hashsalt": "riskcalc"}):
            figure.savefig(place, format=ending[1:], dpi=_RESOLUTION, metadata=_DATELESS[ending])
    except (OSError, ValueError) as error:
        raise InvalidInput(f"cannot write the picture to {path}: {error}") from None
