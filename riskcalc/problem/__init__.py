"""What is learnt: spectra, signals, noise, the random sketch, and the papers' letters for them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
