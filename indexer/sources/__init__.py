"""What is read: a file or record with what is known of it, its bytes, decompressed and decoded within limits.

    SourceFile, bytes -> RawPage

The formats have a room of their own, and so has the finding and opening of files.
Public: raw_page.RawPage, source_file.SourceFile, source_file.Format, source_file.OpenArchive, decompress.decompress.
May import: search.errors, search.settings.
"""
