"""From bytes to articles to the index: reading files, finding the article on the page, loading it into an engine."""
