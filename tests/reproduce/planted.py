"""Wrong values, planted in recomputed items: none of them may pass."""

from __future__ import annotations

from dataclasses import replace

from riskcalc.reproduce import Item, Reproduction, Verdict


def planted(item: Item) -> tuple[Item, ...]:
    """The item with ours wrong: a tenth off what is printed to either side, far off, and with another text.

    A tenth off ours may be nearer to what is printed than ours itself.
    """
    assert item.ours is not None
    right = _printed(getattr(item.rule, "value", item.published), item.ours.value)
    size = max(abs(right), 0.1)
    values = (right + 0.1 * size, right - 0.1 * size, 1e9)
    wrong = [replace(item.ours, text=f"{item.ours.text} + 1", value=value) for value in values]
    return tuple(replace(item, ours=each) for each in wrong)


def _printed(published: str, ours: float) -> float:
    """The published number; ours, where it is no number."""
    try:
        return float(published)
    except ValueError:
        return ours


def accepted(found: Reproduction) -> list[str]:
    """The items that still pass, or hold by construction, with a wrong value."""
    good = (Verdict.PASSED, Verdict.CORRECTED, Verdict.IDENTITY)
    compared = [item for item in found.items if item.verdict in good]
    assert compared
    return [item.what for item in compared if any(wrong.verdict in good for wrong in planted(item))]
