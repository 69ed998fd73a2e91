"""The body of a WordPress post as it is stored -> HTML.

>>> post_html("[caption width='300']<img src='a.jpg'> A bridge[/caption]\\n\\nIt holds.")
"<figure><img src='a.jpg'><figcaption>A bridge</figcaption></figure><br><br>It holds."

A post stored before the block editor has blank lines for paragraphs; shortcodes stand in square brackets. One that draws
something of its own (a gallery, a form) goes, one around text goes without the text. "[sic]" is no shortcode.
"""

import re

_CAPTION = re.compile(
    r"\[(?:wp_)?caption\b([^\[\]]*)\]((?:(?!\[(?:wp_)?caption\b).)*?)\[/(?:wp_)?caption\]", re.DOTALL | re.IGNORECASE
)
_CAPTION_ATTRIBUTE = re.compile(r"\bcaption\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PICTURE = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", re.DOTALL | re.IGNORECASE)
_AROUND_ADDRESS = re.compile(r"\[(embed|audio|video|playlist|youtube|vimeo)\b[^\[\]]*\][^\[]*\[/\1\]", re.IGNORECASE)
_ANY = re.compile(r"(?<!\[)\[/?([a-z][\w-]*)(?:\s[^\[\]]*)?\]", re.IGNORECASE)
_CLOSED = re.compile(r"\[/([a-z][\w-]*)\]", re.IGNORECASE)
_ATTRIBUTED = re.compile(
    r"\[[a-z][\w-]*(?:\s+[\w-]+\s*=\s*(?:\"[^\"\]]*\"|'[^'\]]*'|&quot;(?:(?!&quot;)[^\]])*+&quot;|[^\s\[\]\"'&]+))+\s*/?\](?!\])",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\[(?:gallery|embed|audio|video|playlist|youtube|vimeo|toc|adsense|contact-form(?:-7)?|more|divider|separator)\b[^\[\]]*\](?!\])",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\[(\[[a-z][\w-]*[^\[\]]*\])\]", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n\s*")
_ADDRESS_LINE = re.compile(r"^[ \t]*https?://\S+[ \t]*\r?$", re.MULTILINE)
_BLOCKS = "<!-- wp:"


def post_html(stored: str) -> str:
    html = _CAPTION.sub(_figure, stored)
    html = _AROUND_ADDRESS.sub("", html)
    around_text = {name.lower() for name in _CLOSED.findall(html)}
    html = _ANY.sub(lambda found: "" if found[1].lower() in around_text else found[0], html)
    html = _ALONE.sub("", _ATTRIBUTED.sub("", html))
    html = _ESCAPED.sub(r"\1", html)
    if _BLOCKS not in html:
        html = _BLANK_LINE.sub("<br><br>", _ADDRESS_LINE.sub("", html))
    return html


def _figure(found: re.Match[str]) -> str:
    """The caption stands behind the picture, before 2012 in an attribute."""
    attribute = _CAPTION_ATTRIBUTE.search(found[1])
    picture = _PICTURE.match(found[2])
    image, text = picture.groups() if picture else ("", found[2])
    caption = (attribute[1] or attribute[2] or "") if attribute else text.strip()
    return f"<figure>{image}<figcaption>{caption}</figcaption></figure>"
