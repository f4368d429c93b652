"""Fifty texts that a spreadsheet, a browser, a printer or a parser could stumble over."""

from __future__ import annotations

FORMULAS = (
    *(
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://x","y")',
        "\t=1+1",
        "\r=1",
    ),
    *(
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
        '=IMPORTXML("http://x","//a")',
        "+49 727 555 0100",
        "-5 Elm St",
        "@handle",
    ),
)
MARKUP = (
    *(
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "&amp; & &lt;",
        "<!-- x -->",
        "]]>",
        "<?xml version='1.0'?>",
    ),
    *(
        "{{7*7}}",
        "${jndi:ldap://x}",
        "%s %n %x",
        "'; DROP TABLE site; --",
        '"quoted"',
        "a,b;c\td",
        "\\",
        "\\n",
    ),
)
SIGNS = (
    *(
        "Peña Ñandú",
        "Zoë Kreyòl gwoup",
        "حي الشجرة",
        "\u202eevil\u202c",
        "\u200f שלום",
        "救命",
        "🌳🔥🚑",
        "👩‍👩‍👧",
    ),
    *(
        "nul\x00nul",
        "bell\x07",
        "\x1b[31mred",
        "line\nbreak",
        "line\r\nbreak",
        "\u2028separator",
        "\ufeffmark",
    ),
    *("e\u0301 combined", "\ud800 alone", " blank around "),
)
LONG = ("x" * 10_000, "word " * 2_000)
ALL = (*FORMULAS, *MARKUP, *SIGNS, *LONG)
