"""Road 1: exact risk given the sketch, by linear algebra and the second-moment recursion."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
