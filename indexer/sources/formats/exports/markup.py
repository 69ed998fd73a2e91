"""HTML without the elements that are no text of the article by their class, as buttons and forms to subscribe.

>>> without_classes('<p>It holds.</p><p class="button-wrapper x"><a>Share</a></p>', frozenset({"button-wrapper"}))
'<p>It holds.</p>'
"""

from lxml import etree


def without_classes(html: str, names: frozenset[str]) -> str:
    if not any(name in html for name in names):
        return html
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    tree = etree.fromstring(b"<body>" + html.replace("\0", "").encode("utf-8", "replace"), parser)
    body = tree if tree.tag == "body" else next(tree.iter("body"), tree)
    for element in [each for each in body.iter(etree.Element) if names.intersection((each.get("class") or "").split())]:
        if (parent := element.getparent()) is not None:
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + (element.tail or "")
            else:
                parent.text = (parent.text or "") + (element.tail or "")
            parent.remove(element)
    return (body.text or "") + "".join(etree.tostring(child, encoding="unicode", method="html") for child in body)
