"""Road 1: exact risk given the sketch, by linear algebra and the second-moment recursion."""

from riskcalc.exact.exact import Exact
from riskcalc.exact.fourth_moments import FourthMoments
from riskcalc.exact.moment_tensor import Moments
from riskcalc.exact.unsketched import Unsketched

__all__ = ["Exact", "FourthMoments", "Moments", "Unsketched"]
