"""The built pages, looked at: every link to a page, a picture or a place on one leads there, nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_FETCHING = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src")}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = {""}
        self.links: list[tuple[str, str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value is None:
                continue
            if name in ("id", "name"):
                self.places.add(value)
            elif name in ("href", "src"):
                self.links.append((tag, name, value))


def faults(folder: Path) -> list[str]:
    """One line for each link that leads nowhere, and for each request that would leave the site."""
    # a theme keeps templates of its own beside its files
    written = [page for page in sorted(folder.rglob("*.html")) if "_static" not in page.parts]
    pages = {page: _Page(page.read_text(encoding="utf-8")) for page in written}
    found = []
    for page, read in pages.items():
        for tag, name, link in read.links:
            parts = urlsplit(link)
            if parts.scheme == "data":
                continue
            if parts.scheme or parts.netloc:
                rel = re.search("preconnect", link)
                if (tag, name) in _FETCHING or rel:
                    found.append(f"{page.relative_to(folder)} asks for {link}")
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if target.is_dir():
                target = target / "index.html"
            if not target.exists():
                found.append(f"{page.relative_to(folder)} links to {link}, which is not there")
            elif target in pages and parts.fragment and unquote(parts.fragment) not in pages[target].places:
                found.append(f"{page.relative_to(folder)} links to a place {link}, which is not there")
    return list(dict.fromkeys(found))
