"""What has a page is printed as text, shown by notebooks as HTML, and set as LaTeX where one becomes a paper."""

from __future__ import annotations

from riskcalc.display.page import Page


class Displayed:
    """An answer with a page: `print` writes it as the command line does, a notebook shows it with its formulas."""

    def page(self) -> Page:
        """What there is to say."""
        raise NotImplementedError

    def __str__(self) -> str:
        from riskcalc.display.as_text import as_text

        return as_text(self.page())

    def _repr_html_(self) -> str:
        from riskcalc.display.as_html import as_html

        return as_html(self.page())

    def _repr_latex_(self) -> str:
        from riskcalc.display.as_latex import as_latex

        return as_latex(self.page())
