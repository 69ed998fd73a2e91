"""From bytes to articles to the index; the command line is on top, also as `python -m indexer`.

    sources -> extract -> quotes -> load -> search.engines

May import: indexer.cli.
"""

from indexer.sibling_packages import import_siblings

import_siblings()
