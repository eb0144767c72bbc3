"""In which order a run sees its data: every sample fresh, or the same N samples again and again; one order a file."""

from riskcalc.order.full_batch import FullBatch
from riskcalc.order.one_pass import OnePass
from riskcalc.order.order import Order, Rows
from riskcalc.order.reshuffled import Reshuffled
from riskcalc.order.spelling import SPELLINGS
from riskcalc.order.with_replacement import WithReplacement
from riskcalc.order.words import order_words, read_order

__all__ = [
    "SPELLINGS",
    "FullBatch",
    "OnePass",
    "Order",
    "Reshuffled",
    "Rows",
    "WithReplacement",
    "order_words",
    "read_order",
]
