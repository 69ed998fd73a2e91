"""HTTP headers that restrict what a browser may do with a page, such as Content-Security-Policy."""


def page_policy(images: str = "'self'", frames: str = "'none'") -> str:
    """For pages of this application: nothing from other hosts unless `images` or `frames` allows it, no inline styles or
    scripts."""
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
"""For pages made by others."""
OWN_FILE_HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"}
"""For files of the site owner: no script in a logo runs, even if it is opened by itself."""
