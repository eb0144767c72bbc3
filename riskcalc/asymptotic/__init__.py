"""Road 3: leading-order theory, by Mellin residues of spectral sums.

Engine, road and crossover functions are each loaded when a name of theirs is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
