"""An option that takes one of a few words: capitals or not, and the nearest one is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from riskcalc.quantity import nearest


class Word(click.Choice[str]):
    """One of these words."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(words, case_sensitive=False)

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """What click says, and the word that was probably meant."""
        return f"{super().get_invalid_choice_message(value, ctx).rstrip('.')}{nearest(str(value), self.choices)}"
