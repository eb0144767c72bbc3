"""How an answer looks where its reader sees it: one page, written as text for a terminal, as HTML for a notebook."""

from riskcalc.display.displayed import Displayed
from riskcalc.display.page import Block, Cell, Facts, Formula, Grid, Lines, Page
from riskcalc.display.text_table import text_table

__all__ = ["Block", "Cell", "Displayed", "Facts", "Formula", "Grid", "Lines", "Page", "text_table"]
