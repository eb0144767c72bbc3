"""Road 2: the deterministic equivalent, for any model size and any dimension."""

from riskcalc.equivalent.equivalent import Equivalent

__all__ = ["Equivalent"]
