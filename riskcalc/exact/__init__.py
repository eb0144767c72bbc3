"""Road 1: exact risk given the sketch, by linear algebra and the second-moment recursion."""

from riskcalc.exact.exact import Exact
from riskcalc.exact.unsketched import Unsketched

__all__ = ["Exact", "Unsketched"]
