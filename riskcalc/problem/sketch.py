"""The random sketch S: M features out of v coordinates, entries independent N(0, 1/M)."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Read, Real, real_array

MaybeSketch: TypeAlias = Read[ArrayLike | None, Real | None]  # a field that `read_sketch` reads

LARGEST_SKETCH = 500_000_000  # entries (4 GB)


def gaussian_sketch(
    *, model_size: int, dimension: int | None, seed: int | np.random.SeedSequence
) -> Real:
    """Draw S, shape (model_size, dimension).

    The same seed gives the same sketch on every road, so that "given this sketch" means the same thing for all.

    >>> gaussian_sketch(model_size=2, dimension=3, seed=0).shape
    (2, 3)
    """
    if dimension is None:
        raise InvalidInput(
            f"a sketch of an infinite-dimensional problem cannot be drawn: give a finite dimension, "
            f"for example {10 * model_size} (10 times the model size), or use the equivalent road"
        )
    if model_size * dimension > LARGEST_SKETCH:
        raise InvalidInput(
            f"a sketch of {model_size} x {dimension} entries does not fit in memory "
            f"(at most {LARGEST_SKETCH} entries): use the equivalent road, or a smaller problem"
        )
    entries = np.random.default_rng(seed).standard_normal((model_size, dimension))
    entries /= np.sqrt(model_size)  # in place: it may be large
    return entries


def read_sketch(sketch: object) -> Real | None:
    """A sketch passed in by the user, as a read-only matrix; None where there is none."""
    if sketch is None:
        return None
    array = real_array(sketch, "the sketch", needed="a matrix of real numbers")
    if array.ndim != 2 or array.size == 0:
        raise InvalidInput(f"the sketch must be a matrix of shape (model size, dimension), not of shape {array.shape}")
    if not np.isfinite(array).all():
        raise InvalidInput("the sketch has entries that are not finite")
    array.setflags(write=False)
    return array


def checked_sketch(array: Real, *, model_size: int, dimension: int | None) -> Real:
    """A sketch that was read, if its shape is that of the run."""
    if dimension is None or array.shape != (model_size, dimension):
        raise InvalidInput(
            f"the sketch has shape {array.shape}, but model size {model_size} and dimension "
            f"{dimension or 'infinity'} need shape ({model_size}, {dimension or 'finite'})"
        )
    return array
