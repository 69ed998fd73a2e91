"""What the server tells its operator: metrics, a log of requests, a log of searches. All of it is off unless set.

    each request -> Visit -> counters, a line of JSON

Public: visits.Visit, visits.observe, visits.refuse, metrics.Metrics, metrics.answer_scrapes, access_log.AccessLog,
    search_log.SearchLog, search_log.top_searches, append_file.AppendFile.
May import: search.errors, search.model, search.settings, web.index_handle, web.errors.
"""
