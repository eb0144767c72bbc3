"""The Python examples of the README and of docs/ run, each page in one namespace and an empty directory."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = sorted(page for page in (ROOT / "docs").glob("*.md") if "```python" in page.read_text(encoding="utf-8"))
# three seconds or more each; `.ci/run` runs them every time
LONG = {
    "averaging",
    "beyond_one_pass",
    "data",
    "data_reuse",
    "fitting",
    "jobs",
    "overfitting",
    "precision",
    "reproduce",
    "roads",
    "schedules",
    "sweeps",
}
MARKED = [pytest.param(page, id=page.stem, marks=pytest.mark.slow if page.stem in LONG else ()) for page in PAGES]


@pytest.mark.filterwarnings("default")
def test_python_examples_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    namespace = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), namespace)
    assert namespace["equivalent"].excess[-1] > 0
    assert (tmp_path / "curve.svg").exists()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("page", MARKED)
def test_examples_of_a_page_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = {}
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, page.name, "exec"), namespace)


def test_the_readme_is_short_and_its_links_lead_somewhere():
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    for page in [README, *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
