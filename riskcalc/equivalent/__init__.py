"""Road 2: the deterministic equivalent, for any model size and any dimension."""

from riskcalc.equivalent.ensemble import descent_variances, ensemble_risk
from riskcalc.equivalent.equivalent import Equivalent

__all__ = ["Equivalent", "descent_variances", "ensemble_risk"]
