"""Looks at notebooks and pages that proclip has made of tutorials.

Usage: pages.py FILE.ipynb|FILE.html ... Ends with status 1 at the first that Jupyter or a browser would not take.
"""

import html.parser
import sys

import nbformat

# Without an end tag, or with one that may be left out.
VOID = {"meta", "br", "hr", "img", "link", "input", "rect", "polyline", "polygon", "circle", "line", "path", "html", "body"}


class Page(html.parser.HTMLParser):
    """Tags that close as they opened, and nothing that lies elsewhere."""

    def __init__(self, path):
        super().__init__()
        (self.path, self.open, self.count) = (path, [], {})
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())
        assert not self.open, "%s leaves %s open" % (path, self.open)

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        for name, value in attributes:
            assert name != "src" or value.startswith("data:"), "%s needs %s" % (self.path, value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open and self.open.pop() == tag, "%s closes %s at %s" % (self.path, tag, self.getpos())


def notebook(path):
    document = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(document)
    assert document.cells[0].cell_type == "markdown" and document.cells[0].source.startswith("# "), path
    assert [cell for cell in document.cells if cell.cell_type == "code" and cell.outputs], path
    return [cell.cell_type for cell in document.cells].count("code")


def page(path):
    count = Page(path).count
    assert count.get("title") and count.get("h1") and count.get("pre"), path
    return sum(count.get(tag, 0) for tag in ("svg", "table"))


for path in sys.argv[1:]:
    if path.endswith(".ipynb"):
        print("%s: %d cells of statements" % (path, notebook(path)))
    else:
        print("%s: %d tables and drawings" % (path, page(path)))
