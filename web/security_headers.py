"""The headers that say what a browser may do with a page (Content-Security-Policy and its kin)."""


def page_policy(images: str = "'self'", frames: str = "'none'") -> str:
    """Of a page of our own: nothing of another host, unless `images` or `frames` says so; no inline style or script."""
    return (
        f"default-src 'none'; style-src 'self'; img-src {images}; script-src 'self'; connect-src 'self'; frame-src {frames}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )


HEADERS = {
    "Content-Security-Policy": page_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SAVED_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-DNS-Prefetch-Control": "off",  # else browsers look up the hosts of links
}
"""Of a page that somebody else made."""
