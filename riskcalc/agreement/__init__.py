"""The rules by which independent roads are compared, for users and for the tests."""

from riskcalc.agreement.comparison import Comparison, NegativeControl
from riskcalc.agreement.cross_check import CrossCheck
from riskcalc.agreement.effort import Effort
from riskcalc.agreement.rules import all_roads, crosscheck

__all__ = ["Comparison", "CrossCheck", "Effort", "NegativeControl", "all_roads", "crosscheck"]
