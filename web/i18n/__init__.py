"""The texts of the pages in each language, from web/texts/.

    key, language -> text

Public: catalogue.t, catalogue.texts, catalogue.set_locale, catalogue.choose_language.
May import: search.query.
"""
