"""The lowest versions that pyproject.toml says the package runs with, as constraints for pip."""

from __future__ import annotations

import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
needed = [*project["dependencies"], *extras["plot"], *extras["data"]]
for requirement in needed:
    name, floor, version = requirement.partition(">=")
    if not floor:
        raise SystemExit(f"{requirement}: no lowest version is stated")
    print(f"{name}=={version}")
print("pyparsing<3.3")  # the oldest matplotlib calls it by names that later ones warn of
