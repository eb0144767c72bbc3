"""The excess of a run as a function of what may be chosen, and the search for its lowest point on one resolution."""

from riskcalc.landscape.landscape import Landscape, Road
from riskcalc.landscape.minimum import Minimum, minimise
from riskcalc.landscape.reused_landscape import ReusedLandscape
from riskcalc.landscape.search import searched

__all__ = ["Landscape", "Minimum", "ReusedLandscape", "Road", "minimise", "searched"]
