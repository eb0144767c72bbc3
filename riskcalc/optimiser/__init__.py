"""What a step does: one method of training a file, as it is written and as a few numbers a step."""

from riskcalc.optimiser.averaged import Averaged
from riskcalc.optimiser.dana import Dana, DanaDecaying
from riskcalc.optimiser.frozen import Frozen
from riskcalc.optimiser.heavy_ball import HeavyBall
from riskcalc.optimiser.linear import Buffers, Coefficients, Optimiser, alike
from riskcalc.optimiser.nesterov import Nesterov
from riskcalc.optimiser.schedule_free import ScheduleFree
from riskcalc.optimiser.sgd import SGD
from riskcalc.optimiser.spelling import SPELLINGS
from riskcalc.optimiser.translation import from_optax, from_pytorch, to_optax, to_pytorch
from riskcalc.optimiser.two_buffer import TwoBuffer
from riskcalc.optimiser.words import optimiser_words, read_growing, read_optimiser

__all__ = [
    "SGD",
    "SPELLINGS",
    "Averaged",
    "Buffers",
    "Coefficients",
    "Dana",
    "DanaDecaying",
    "Frozen",
    "HeavyBall",
    "Nesterov",
    "Optimiser",
    "ScheduleFree",
    "TwoBuffer",
    "alike",
    "from_optax",
    "from_pytorch",
    "optimiser_words",
    "read_growing",
    "read_optimiser",
    "to_optax",
    "to_pytorch",
]
