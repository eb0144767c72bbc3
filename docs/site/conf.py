"""Sphinx: what `docs/site/build.py` stages, in the theme of the scientific Python world, complete without a network."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from derivation_links import LinkDerivations  # noqa: E402
from docstrings import readable  # noqa: E402

from riskcalc import __version__  # noqa: E402

project = "riskcalc"
author = copyright = "The riskcalc developers"
version = release = __version__
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
    "sphinx_copybutton",
    "sphinx_design",
]
templates_path = []
exclude_patterns = ["_extra"]

# Markdown as GitHub reads it
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_heading_anchors = 4
myst_dmath_double_inline = True

bibtex_bibfiles = [str(HERE / "references.bib")]
bibtex_default_style = "unsrt"
bibtex_reference_style = "author_year"

# mathematics, offline
mathjax_path = "mathjax.js"
mathjax3_config = {"options": {"enableMenu": False}}

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_numpy_docstring = True
napoleon_use_rtype = False
napoleon_use_ivar = True
default_role = "code"
add_module_names = False
copybutton_prompt_text = ">>> |\\.\\.\\. |\\$ "
copybutton_prompt_is_regexp = True
suppress_warnings = ["myst.xref_ambiguous"]

html_theme = "pydata_sphinx_theme"
html_title = "riskcalc"
html_css_files = ["style.css"]
html_context = {"default_mode": "auto"}
html_sidebars = {"bibliography": [], "docs/start": []}
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "riskcalc"},
    "navbar_align": "left",
    "header_links_before_dropdown": 7,
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["theme-version"],
}


def setup(app):
    """Docstrings as Sphinx reads them, numbers of derivations as links, the site's own files."""
    app.connect("autodoc-process-docstring", readable)
    app.connect("config-inited", _own_files)
    app.add_transform(LinkDerivations)


def _own_files(app, config):
    config.html_static_path = [str(Path(app.srcdir) / "_static")]
    config.html_extra_path = [str(Path(app.srcdir) / "_extra")]
    target = Path(app.srcdir) / "_static"
    target.mkdir(exist_ok=True)
    (target / "style.css").write_text((HERE / "style.css").read_text(encoding="utf-8"), encoding="utf-8")
