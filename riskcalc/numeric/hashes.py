"""Whether a value can be a key: what is kept for later is found again by it."""

from __future__ import annotations


def has_hash(value: object) -> bool:
    """Classes of a user's own may have none, nor those that hold an array.

    Examples
    --------
    >>> has_hash(1), has_hash([1])
    (True, False)
    """
    try:
        hash(value)
    except TypeError:
        return False
    return True
