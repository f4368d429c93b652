"""What a program that reads aloud is told of a document: its headings, paragraphs, lists, tables and figures
in reading order (ISO 32000-1, 14.7 and 14.8; PDF/UA-1, ISO 14289-1). Where a stroke stands on the page is
`paper.Sheet`'s business."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFObject, PDFStream, PDFZCompress
from reportlab.pdfgen.canvas import Canvas

from dispatch.reports.visible_text import visible

# What may hold words itself; all others hold such elements.
HOLDS_WORDS = frozenset({"H1", "H2", "H3", "P", "TH", "TD", "Lbl", "LBody", "Caption", "Figure"})
# What is passed over: strokes between the words, what stands at the head or foot of each page.
LAYOUT = ""
PAGE_HEAD, PAGE_FOOT = "/Type/Pagination/Subtype/Header", "/Type/Pagination/Subtype/Footer"

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>
"""


class Raw(PDFObject):  # type: ignore[misc]
    """An object of the file as it is written."""

    def __init__(self) -> None:
        self.written = b""

    def format(self, _document: object) -> bytes:
        return self.written


class Tag:
    """One element. It takes its place in the reading order where it is first entered; entered again, maybe
    on another page, it goes on."""

    __slots__ = ("_tags", "attributes", "kids", "kind", "object", "parent")

    def __init__(self, tags: Tags, kind: str, attributes: str) -> None:
        self._tags, self.kind, self.attributes = tags, kind, attributes
        self.parent: Tag | None = None
        # Elements, or page and number of what stands on it.
        self.kids: list[Tag | tuple[int, int]] = []
        self.object = Raw()

    def __enter__(self) -> None:
        self._tags.enter(self)

    def __exit__(self, _kind: type[BaseException] | None, _e: object, _at: TracebackType | None) -> None:
        self._tags.leave()


class Tags:
    """Of one document while its canvas is drawn on. Before each stroke and each line of words it is asked to
    open the mark they belong to; strokes outside of a figure belong to nothing and are passed over."""

    def __init__(self, canvas: Canvas, title: str, language: str) -> None:
        self._canvas, self._document = canvas, canvas._doc
        self._root = Tag(self, "Document", "")
        self._stack = [self._root]
        self._aside: str | None = None
        self._open: Tag | str | None = None
        # Whose mark each number is, page by page.
        self._marks: list[list[Tag]] = [[]]
        self._pages: list[Any] = []
        canvas.setCatalogEntry("MarkInfo", {"Marked": "true"})
        told = PDFStream(PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}))
        told.content = XMP.format(title=escape(title), language=language).encode()
        canvas.setCatalogEntry("Metadata", told)

    def element(self, kind: str, attributes: str = "", alt: str = "") -> Tag:
        """`attributes` as they stand in the file; `alt` is said in place of what is drawn."""
        return Tag(self, kind, f"{attributes}/Alt<{_hexadecimal(alt)}>" if alt else attributes)

    def enter(self, tag: Tag) -> None:
        # What is passed over has no place in the order, whatever it is made of.
        if tag.parent is None and self._aside is None:
            tag.parent = self._stack[-1]
            tag.parent.kids.append(tag)
        self._stack.append(tag)

    def leave(self) -> None:
        self._stack.pop()

    @contextmanager
    def passed_over(self, kind: str) -> Iterator[None]:
        """What is there for the eye alone, or was read before: the heads and feet of pages."""
        before, self._aside = self._aside, kind
        try:
            yield
        finally:
            self._aside = before

    def words(self) -> bool:
        """Opens the mark of the next words; answers whether they are read. What nobody has given an element
        is a paragraph: it is better read alone than not at all."""
        if self._aside is not None:
            self._pass_over(self._aside)
            return False
        if self._stack[-1].kind in HOLDS_WORDS:
            self._mark(self._stack[-1])
        else:
            with (tag := self.element("P")):
                self._mark(tag)
        return self._stack[-1].kind != "Figure"

    def stroke(self) -> None:
        if self._aside is None and self._stack[-1].kind == "Figure":
            self._mark(self._stack[-1])
        else:
            self._pass_over(self._aside or LAYOUT)

    def _mark(self, tag: Tag) -> None:
        if self._open is tag:
            return
        self._close()
        marks = self._marks[-1]
        tag.kids.append((len(self._marks) - 1, len(marks)))
        self._write(f"/{tag.kind} <</MCID {len(marks)}>> BDC")
        marks.append(tag)
        self._open = tag

    def _pass_over(self, kind: str) -> None:
        if self._open == kind:
            return
        self._close()
        self._write(f"/Artifact <<{kind}>> BDC" if kind else "/Artifact BMC")
        self._open = kind

    def _close(self) -> None:
        if self._open is not None:
            self._write("EMC")
        self._open = None

    def _write(self, operator: str) -> None:
        self._canvas.addLiteral(operator)

    def end_page(self) -> None:
        self._close()
        self._canvas.showPage()
        page = self._document.Pages.pages[-1]
        page.StructParents, page.Tabs = len(self._pages), PDFName("S")
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        # Without the detour over letters and digits alone, which takes a quarter more room than the tags do.
        page.Contents = PDFStream(content=page.stream, filters=[PDFZCompress])
        self._pages.append(page)
        self._marks.append([])

    def finish(self) -> None:
        """Writes the elements into the document; the canvas is saved next."""
        elements = list(_within(self._root))
        root, parents = Raw(), Raw()
        for each in (root, parents, *(tag.object for tag in elements)):
            self._document.Reference(each)
        pages = [self._number(page) for page in self._pages]
        for tag in elements:
            tag.object.written = self._written(tag, root, pages).encode("ascii")
        nums = (
            f"{at}[{' '.join(f'{self._number(tag.object)} 0 R' for tag in marks)}]"
            for at, marks in enumerate(self._marks[: len(pages)])
        )
        parents.written = f"<</Nums[{' '.join(nums)}]>>".encode("ascii")
        root.written = (
            f"<</Type/StructTreeRoot/K {self._number(self._root.object)} 0 R"
            f"/ParentTree {self._number(parents)} 0 R/ParentTreeNextKey {len(pages)}>>"
        ).encode("ascii")
        self._canvas.setCatalogEntry("StructTreeRoot", root)

    def _written(self, tag: Tag, root: Raw, pages: list[int]) -> str:
        parent = root if tag.parent is None else tag.parent.object
        first = next((kid[0] for kid in tag.kids if isinstance(kid, tuple)), None)
        on = "" if first is None else f"/Pg {pages[first]} 0 R"
        kids = [self._kid(kid, first, pages) for kid in tag.kids]
        held = "" if not kids else f"/K {kids[0]}" if len(kids) == 1 else f"/K[{' '.join(kids)}]"
        return f"<</S/{tag.kind}/P {self._number(parent)} 0 R{on}{tag.attributes}{held}>>"

    def _kid(self, kid: Tag | tuple[int, int], first: int | None, pages: list[int]) -> str:
        if isinstance(kid, Tag):
            return f"{self._number(kid.object)} 0 R"
        page, mark = kid
        return str(mark) if page == first else f"<</Type/MCR/Pg {pages[page]} 0 R/MCID {mark}>>"

    def _number(self, each: Any) -> int:
        return int(self._document.idToObjectNumberAndVersion[each.__InternalName__][0])


def _within(tag: Tag) -> Iterator[Tag]:
    """In reading order."""
    yield tag
    for kid in tag.kids:
        if isinstance(kid, Tag):
            yield from _within(kid)


def _hexadecimal(text: str) -> str:
    """Any text as a string of the file that no sign of it can end."""
    return f"FEFF{visible(text).encode('utf-16-be').hex().upper()}"
