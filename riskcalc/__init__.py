"""riskcalc: the exact-theory calculator for the scaling laws of one-pass SGD on sketched regression.

The public names stand in `__init__.pyi`; the module behind a name is loaded when the name is first used.
"""

import lazy_loader

__version__ = "0.2.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
