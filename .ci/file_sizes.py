"""The file-size rule: no file of the package over 400 lines, no room without a subject."""

from __future__ import annotations

import sys
from pathlib import Path

LONGEST = 400
NAMELESS = {"utils", "helpers", "common", "misc", "core"}

package = Path(__file__).resolve().parent.parent / "riskcalc"
problems = []
for path in sorted(package.rglob("*.py")):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > LONGEST:
        problems.append(f"{path.relative_to(package.parent)}: {lines} lines, more than {LONGEST}")
    if path.stem in NAMELESS or path.parent.name in NAMELESS:
        problems.append(f"{path.relative_to(package.parent)}: a name without a subject")
print("\n".join(problems) or "file sizes and names are fine")
sys.exit(bool(problems))
