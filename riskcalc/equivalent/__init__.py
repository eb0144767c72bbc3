"""Road 2: the deterministic equivalent, for any model size and any dimension."""

from riskcalc.equivalent.equivalent import MOST_DIGITS, Equivalent

__all__ = ["MOST_DIGITS", "Equivalent"]
