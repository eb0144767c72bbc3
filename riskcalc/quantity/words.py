"""A value in the words of an error: on one line, and short, whatever it is."""

from __future__ import annotations

import difflib
import numbers
from collections.abc import Iterable

_LONGEST = 120
_MOST = 60  # of a list, looked at one by one


def shown(value: object) -> str:
    """The value as Python writes it, numbers as the user would, without line breaks, cut where it is long.

    >>> from fractions import Fraction
    >>> shown([Fraction(1, 2), "1/2"])
    "[1/2, '1/2']"
    >>> shown("no"), shown(10**5000), shown([True, 0.5])
    ("'no'", 'a value of type int', '[True, 0.5]')
    """
    try:
        text = " ".join(_written(value).split())
    except Exception:  # a whole number of more than 4300 digits, or an object whose repr is broken
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def meant(word: str, known: Iterable[str]) -> str:
    """A question after a word that is not known: the nearest known one; nothing where none is near.

    >>> meant("cosin", ["constant", "cosine"]), meant("x", ["constant"])
    (' (cosine?)', '')
    """
    near = difflib.get_close_matches(word.lower(), known, n=1)
    return f" ({near[0]}?)" if near else ""


def _written(value: object) -> str:
    """Any kind of number without the name of its class, in a list too."""
    if isinstance(value, numbers.Number):
        return str(value)
    if type(value) in (list, tuple) and 0 < len(value) <= _MOST:  # type: ignore[arg-type]
        entries = ", ".join(_written(entry) for entry in value)  # type: ignore[attr-defined]
        return f"[{entries}]" if isinstance(value, list) else f"({entries}{',' * (len(value) == 1)})"  # type: ignore[arg-type]
    return repr(value)
