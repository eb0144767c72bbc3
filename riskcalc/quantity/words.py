"""A value in the words of an error: on one line, and short, whatever it is."""

from __future__ import annotations

_LONGEST = 120


def shown(value: object) -> str:
    """The value as Python writes it, without line breaks, cut where it is long.

    >>> shown("no"), shown(10**5000)
    ("'no'", 'a value of type int')
    """
    try:
        text = " ".join(repr(value).split())
    except Exception:  # a whole number of more than 4300 digits, or an object whose repr is broken
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
