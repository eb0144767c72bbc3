"""mpmath in a context of this package's own: its precision is not the one that `mpmath.mp` keeps for everybody.

A thread of the caller's that works with mpmath, if only by default precision, changes that one all the time (mpmath
raises it within its own functions). Numbers of both contexts mix, and the left operand decides the precision, so inside
the package only this context is used, and numbers that leave it are handed out as ordinary mpmath numbers.
"""

from __future__ import annotations

from typing import Any

import mpmath
from mpmath.ctx_mp import MPContext

mp: Any = MPContext()
# functions that are computed in a second context look for it under these names
mp._mp, mp._fp, mp._iv = mp, mpmath.fp, mpmath.iv


def ordinary(value: Any) -> Any:
    """The same number, exactly, as one of `mpmath.mp`.

    >>> ordinary(mp.mpf(1) / 3) == mpmath.mpf(1) / 3, type(ordinary(mp.mpf(1))) is mpmath.mpf
    (True, True)
    """
    return mpmath.mpmathify(value)
