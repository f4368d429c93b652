"""What somebody wrote themselves in a mail: the lines above any quote and signature (S17)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree, html

MOST_LINES = 400
MOST_LINE_CHARS = 500
# How far an attribution may run on: "On Mon, 11 Sep 2017 at 14:29, City EOC" / "<eoc@…> wrote:".
ATTRIBUTION_LINES = 4

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_QUOTED = re.compile(r"\s*[>|]")
# From here on nothing is the sender's own: the marks of Gmail, Apple Mail, Outlook and Thunderbird.
_ENDS = re.compile(
    r"\s*(?:"
    r"-{2,}\s*(?:original|forwarded|mensaje|begin forwarded)\b.*"
    r"|begin forwarded message:|inicio del mensaje reenviado:"
    r"|_{10,}|={10,}"
    r"|(?:from|de|von)\s*:\s*\S.*"
    r"|sent from (?:my|mail|outlook|yahoo|proton|samsung)\b.*|get outlook for\b.*"
    r"|enviado desde\b.*|enviado con\b.*|obtener outlook\b.*"
    r"|--\s*"
    r")$",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(r"\s*(?:on|el|le|am|em|a las)\b.*", re.IGNORECASE)
_WROTE = re.compile(r"(?:wrote|writes|escribi[oó]|schrieb|a écrit)\s*:?\s*$", re.IGNORECASE)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl"),
        *("dt", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "li", "ol", "p", "pre", "section", "table", "tr"),
        *("ul"),
    )
)
_UNSEEN = frozenset(
    (*("head", "script", "style", "title", "template", "noscript", "object", "select", "textarea"),)
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:[^.\d]|$)|max-height\s*:\s*0(?:[^.\d]|$)"
)
# Where the programs put what they quote.
_QUOTE_MARKS = re.compile(
    r"gmail_quote|gmail_signature|yahoo_quoted|moz-cite|moz-signature|protonmail_quote"
    r"|appendonsend|divrplyfwdmsg|mail-editor-reference|outlookmessageheader",
    re.IGNORECASE,
)


def own_lines(text: str) -> list[str]:
    """The sender's own lines without empty ones, each in one piece; empty where the quote comes first."""
    # Cut before anything is looked for: no line is so long that the looking takes its time.
    lines = [_plain(line[:MOST_LINE_CHARS]) for line in text.splitlines()[:MOST_LINES]]
    own = []
    for number, line in enumerate(lines):
        if _QUOTED.match(line) or _ENDS.match(line) or _is_attribution(lines, number):
            break
        if line:
            own.append(line)
    return own


def unflowed(text: str, *, is_deleting_space: bool = False) -> str:
    """Lines that the sender's program broke, in one piece again (RFC 3676); quotes stay apart."""
    made: list[str] = []
    is_open = False
    for line in text.splitlines():
        words = line[1:] if line.startswith(" ") else line
        is_quote = words.startswith(">")
        if is_open and not is_quote and words != "-- ":
            made[-1] += words
        else:
            made.append(words)
        is_open = words.endswith(" ") and words != "-- " and not is_quote
        if is_open and is_deleting_space:
            made[-1] = made[-1][:-1]
    return "\n".join(made)


def html_text(content: str) -> str:
    """What a reader of an HTML mail sees, as lines; quotes get their mark. Nothing is fetched or run."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(content.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    return "".join(_seen(root))


def _seen(root: html.HtmlElement) -> Iterator[str]:
    """The tree is walked without recursion: its depth is the sender's to choose."""
    unseen: list[html.HtmlElement] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        tag = node.tag.lower()
        if event == "start":
            if unseen or tag in _UNSEEN or _is_hidden(node):
                unseen.append(node)
                continue
            if tag in _BLOCKS or tag == "br":
                yield "\n"
            if _is_quote(node, tag):
                # All that follows is behind the quote: the first own line stands above it.
                yield "\n> quoted\n"
                return
            yield _inline(node.text)
        else:
            if unseen:
                unseen.pop()
            elif tag in _BLOCKS:
                yield "\n"
            if not unseen and node is not root:
                yield _inline(node.tail)


def _inline(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _is_hidden(node: html.HtmlElement) -> bool:
    return "hidden" in node.attrib or _HIDDEN_STYLE.search((node.get("style") or "").lower()) is not None


def _is_quote(node: html.HtmlElement, tag: str) -> bool:
    marks = f"{node.get('class') or ''} {node.get('id') or ''}"
    return tag == "blockquote" or _QUOTE_MARKS.search(marks) is not None


def _plain(line: str) -> str:
    """Without signs that cannot be seen or kept, and with every kind of space as one."""
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", line))
    return " ".join("".join(sign if sign.isprintable() else " " for sign in seen).split())


def _is_attribution(lines: list[str], number: int) -> bool:
    """On … wrote: which programs break over several lines."""
    line = lines[number]
    if "@" in line and _WROTE.search(line):
        return True
    if not _ATTRIBUTION.match(line):
        return False
    said = ""
    for part in lines[number : number + ATTRIBUTION_LINES]:
        if not part:
            return False
        said += " " + part
        if _WROTE.search(said):
            return True
    return False
