"""One HTML page out of an executed notebook, without an address of anything else.

marimo's own HTML loads its frontend from a content delivery network; this opens where
there is none.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from markdown import markdown

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 56rem;
       margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { border-top: 1px solid #ddd; padding-top: 1.5rem; margin-top: 2.5rem; }
figure { break-inside: avoid; }
figcaption { margin-top: .5rem; }
details { margin-top: .5rem; color: #555; font-size: .85rem; }
pre { background: #f6f6f6; padding: .75rem; overflow-x: auto; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: .15rem .6rem; text-align: right; border-bottom: 1px solid #eee; }
@media print { details, nav { display: none; } body { margin: 0; max-width: none; } }
"""


def page_of(notebook: str) -> str:
    r"""Write the page of a notebook in Jupyter's format; code is left out.

    Parameters
    ----------
    notebook
        Text of an ``.ipynb`` with outputs.

    Returns
    -------
    str
        A whole HTML document.

    Examples
    --------
    >>> cell = {"cell_type": "markdown", "source": ["# Title\n", "## Part one"]}
    >>> page = page_of(json.dumps({"cells": [cell]}))
    >>> "<title>Title</title>" in page, '<a href="#part-one">Part one</a>' in page
    (True, True)
    """
    body = "\n".join(_pieces(json.loads(notebook)["cells"]))
    body = re.sub(r"<h2>(.*?)</h2>", _with_anchor, body)
    title = re.search(r"<h1>(.*?)</h1>", body)
    links = " · ".join(
        f'<a href="#{anchor}">{text}</a>'
        for anchor, text in re.findall(r'<h2 id="(.*?)">(.*?)</h2>', body)
    )
    head, mark, rest = body.partition("</h1>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title.group(1) if title else 'Notebook'}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n"
        f"{head}{mark}\n<nav>{links}</nav>\n{rest}\n</body>\n</html>\n"
    )


def errors_of(notebook: str) -> list[str]:
    """List what went wrong in the cells of an executed notebook.

    Examples
    --------
    >>> bad = {"output_type": "error", "ename": "KeyError", "evalue": "'x'"}
    >>> errors_of(json.dumps({"cells": [{"cell_type": "code", "outputs": [bad]}]}))
    ["KeyError: 'x'"]
    """
    return [
        f"{output['ename']}: {output['evalue']}"
        for cell in json.loads(notebook)["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]


def _pieces(cells: list[dict[str, Any]]) -> Iterator[str]:
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield markdown("".join(cell["source"]))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                yield "".join(data["text/html"])
            elif "text/markdown" in data:
                yield markdown("".join(data["text/markdown"]))


def _with_anchor(heading: re.Match[str]) -> str:
    text = heading.group(1)
    anchor = re.sub(r"[^a-z0-9]+", "-", html.unescape(text).lower()).strip("-")
    return f'<h2 id="{anchor}">{text}</h2>'
