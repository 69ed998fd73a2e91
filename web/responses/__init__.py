"""What happens to a response on its way out: it is compressed, and kept for the next client who asks the same.

    Response -> bytes of a response

Public: compression.accepted_encoding, compression.compress_response, response_cache.ResponseCache, static_files.static_file,
    security_headers.HEADERS, security_headers.page_policy.
May import: web.responses.site.
"""
