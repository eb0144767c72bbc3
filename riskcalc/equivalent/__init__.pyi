"""The names of this room, for editors, type checkers and the loader in `__init__.py`."""

from .ensemble import descent_variances as descent_variances, ensemble_risk as ensemble_risk
from .equivalent import Equivalent as Equivalent
from .width_correction import width_correction as width_correction
