"""Road 1: exact risk given the sketch, by linear algebra and the second-moment recursion."""

from riskcalc.exact.exact import Exact

__all__ = ["Exact"]
