"""Types that every room shares: arrays by their numbers, and what stands for a number in an argument."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Real: TypeAlias = NDArray[np.float64]
Complex: TypeAlias = NDArray[np.complex128]
Array: TypeAlias = NDArray[Any]  # real given a sketch, complex on a contour; or numbers of many digits

# what `number` and `whole` read: 2, 0.3, Fraction(17, 5), "17/5", "1e-3"
NumberLike: TypeAlias = Fraction | float | str | np.integer[Any] | np.floating[Any]
NumbersLike: TypeAlias = NumberLike | Iterable[NumberLike]  # one, or several
