"""Road 2: the deterministic equivalent, for any model size and any dimension."""

from riskcalc.equivalent.ensemble import descent_variances, ensemble_risk
from riskcalc.equivalent.equivalent import Equivalent
from riskcalc.equivalent.width_correction import width_correction

__all__ = ["Equivalent", "descent_variances", "ensemble_risk", "width_correction"]
