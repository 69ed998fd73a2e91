"""The `broadsheet` command: parse the arguments, call one function, print.

    arguments -> data on standard output, messages on standard error

Each command imports what it needs when it runs, so that `broadsheet --help` is fast.

Public: commands.main, search_commands.search_options, output.say, render_results.hit_lines, render_versions.version_lines,
    render_stats.stats_lines.
May import: search.errors, search.settings, search.model, search.query, search.query.parsing, search.engines.protocol,
    search.engines.disk.backup, search.service, search.service.suggestions, search.serialize, indexer.sources.files,
    indexer.extract, indexer.load, indexer.alerts, indexer.doctor,
    web.server, web.access, web.telemetry, web.presenters.articles.
"""
