"""What has a page is printed as text, shown by notebooks as HTML, and set as LaTeX where one becomes a paper."""

from __future__ import annotations

from typing import Any

from riskcalc.display.page import Facts, Page

_FACTS, _LONGEST = 3, 150  # of a short name: facts, and letters


class Displayed:
    """An answer with a page: `print` writes it as the command line does, a notebook shows it with its formulas; its
    `repr` is short.
    """

    def __init_subclass__(cls, **settings: Any) -> None:
        """A dataclass leaves a `repr` alone that its class has, and would else write out every field."""
        super().__init_subclass__(**settings)
        if "__repr__" not in vars(cls):
            cls.__repr__ = _short  # type: ignore[assignment]

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


def _short(answer: Displayed) -> str:
    """The class and the first facts of the page, or what kind of answer it is."""
    page = answer.page()
    pairs = [pair for block in page.blocks if isinstance(block, Facts) for pair in block.pairs]
    text = "; ".join(f"{name}: {value}" for name, value in pairs[:_FACTS]) or page.title
    return f"{type(answer).__name__}({text if len(text) <= _LONGEST else f'{text[:_LONGEST]}...'})"
