"""Published figures, tables and statements recomputed, ours beside theirs, by rules stated beforehand."""

from riskcalc.reproduce.item import Item
from riskcalc.reproduce.paper import Exhibit, Paper, Recomputed
from riskcalc.reproduce.registry import PAPERS, paper
from riskcalc.reproduce.reproduction import Reproduction, recompute
from riskcalc.reproduce.verdict import Verdict

__all__ = ["PAPERS", "Exhibit", "Item", "Paper", "Recomputed", "Reproduction", "Verdict", "paper", "recompute"]
