"""Notebooks as pages, as they stand: what was run and what came out; nothing is run again."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

from citations import in_markdown

_MOST_LINES = 60  # of one printed output


def write(notebook: Path, folder: Path) -> None:
    """The page and its pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    parts: list[str] = []
    for index, cell in enumerate(cells):
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(in_markdown(text.replace(".ipynb)", ".md)")))
        elif text.strip():
            parts.append(f"```python\n{text.rstrip()}\n```")
            for number, output in enumerate(cell["outputs"]):
                parts += _output(output, folder, f"{notebook.stem}_{index}_{number}.png")
    parts.insert(1, f"*This is the notebook {{download}}`{notebook.name} <{notebook.name}>`, as it was run.*")
    shutil.copy(notebook, folder / notebook.name)
    (folder / f"{notebook.stem}.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _output(output: dict[str, Any], folder: Path, picture: str) -> list[str]:
    data = output.get("data", {})
    if "image/png" in data:
        (folder / picture).write_bytes(base64.b64decode("".join(data["image/png"])))
        return [f"![output of the cell above]({picture})"]
    text = "".join(output.get("text", data.get("text/plain", ""))).rstrip()
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES // 2], "...", *lines[-_MOST_LINES // 2 :]]
    shown = "\n".join(lines)
    return [f"````text\n{shown}\n````"] if shown else []
