"""Build the documentation site, offline: `python docs/site/build.py [FOLDER]`, after `pip install ".[docs]"`.

The pages of the repository are copied as they are, beside pages made from the package itself: the glossary from
`riskcalc/notation.py`, the commands from click, the reference from the docstrings. Warnings are errors, every
link between pages is checked, and so are options of the command line, which lose a dash outside of code. MathJax comes
from an installed package, so that no page asks for anything outside.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT)]


def main() -> int:
    """Stage, build, check; the status of sphinx."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", default=str(ROOT / "build" / "site"), type=Path)
    asked.add_argument("--small", action="store_true", help="an explorer of the constant schedule alone")
    given = asked.parse_args()
    folder = Path(given.folder).resolve()
    source, pages = folder / "source", folder / "html"
    for one in (source, pages):
        shutil.rmtree(one, ignore_errors=True)

    from staging import stage

    stage(ROOT, source, explorer=["constant"] if given.small else None)
    _mathjax(source / "_static")

    from sphinx.cmd.build import main as sphinx

    failed = sphinx(["-q", "-W", "--keep-going", "-c", str(HERE), str(source), str(pages)])
    if not failed:
        import dashes
        import links

        found = [*links.faults(pages), *dashes.faults(pages)]
        told = f"{pages / 'index.html'}: built, every link leads somewhere, nothing outside is asked for"
        print("\n".join(found) or told)
        failed = bool(found)
    return int(failed)


def _mathjax(folder: Path) -> None:
    """MathJax 3.2.2 and its licence, from the package that carries it."""
    found = find_spec("mathjax")
    if found is None or found.submodule_search_locations is None:
        sys.exit('MathJax is missing: pip install ".[docs]"')
    carried = Path(found.submodule_search_locations[0]) / "static" / "mathjax"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(carried / "es5" / "tex-svg-full.js", folder / "mathjax.js")
    shutil.copy(carried / "LICENSE", folder / "mathjax-license.txt")


if __name__ == "__main__":
    sys.exit(main())
