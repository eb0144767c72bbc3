"""The names of this room, for editors, type checkers and the loader in `__init__.py`."""

from .exact import Exact as Exact
from .fourth_moments import FourthMoments as FourthMoments
from .moment_tensor import Moments as Moments
from .unsketched import Unsketched as Unsketched
