"""The part of a page that is the article, as blocks of text and figures in reading order.

    parsed page -> text density -> container -> blocks and figures

Public: container.isolate, container.Isolated, page_elements.PageElements, dom_walk.Block, dom_walk.Figure,
    text_density.weigh_prose, trace.Trace.
May import: search.errors, search.model, search.analysis, indexer.extract.lexicon.
"""
