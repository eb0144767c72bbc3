"""The built pages, read: an option of the command line outside of code has lost a dash, for two are printed as one."""

from __future__ import annotations

import re
from pathlib import Path

_CODE = re.compile(r"<(pre|code|script|style)\b.*?</\1>", flags=re.DOTALL)
_OPTION = re.compile(r"[\s(>](–[a-z][\w-]*)")


def faults(folder: Path) -> list[str]:
    """One line for each such option, by its page."""
    written = [page for page in sorted(folder.rglob("*.html")) if "_static" not in page.parts]
    found = []
    for page in written:
        prose = _CODE.sub("", page.read_text(encoding="utf-8"))
        found += [
            f"{page.relative_to(folder)} prints the option {option}: write it as code"
            for option in _OPTION.findall(prose)
        ]
    return list(dict.fromkeys(found))
