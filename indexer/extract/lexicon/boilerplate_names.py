"""What news pages call the things that are not the article: in class names, and in words to the reader.

>>> is_side_matter("article-related-links")
True
"""

import re
from functools import lru_cache
from itertools import pairwise

_COMMENT_WORDS = frozenset(
    re.findall(r"\w+", "comment comments kommentar kommentare commentaires comentarios commentlist disqus replies respond")
)
_CONSENT_WORDS = frozenset(str.split("cookie cookies consent gdpr rodo dsgvo privacy cookiebar cookiebanner borlabs"))
_SIDE_WORDS = (
    _COMMENT_WORDS
    | _CONSENT_WORDS
    | frozenset(
        re.findall(
            r"\w+",
            """
        commentaire livefyre viafoura coral related relateds relacionado relacionados relacionada relacionadas recirc lesmer leggi
        lire teaser teasers promo promos promoted newsletter newsletters signup abo paywall piano share sharing sharer
        shares sharebar sharedaddy sns follow addthis addtoany sidebar sidenav rail footer foot nav navbar navi navigation
        menu breadcrumb breadcrumbs pagination pager paging tag tags taglist tagcloud topic topics keywords labels
        category categories bio biography byline bylines dateline timestamp timestamps pubdate meta metadata date dates ad
        ads adv adsense adslot adbox banner banners outbrain taboola dfp gpt anzeige werbung popup popups modal overlay
        tooltip dropdown widget widgets toolbar tools button buttons btn poll polls quiz
        voting vote rating reactions feedback visuallyhidden login register registration account search popular trending
        latest next previous prev copyright legal disclaimer credit credits colophon impressum player video videos
        jwplayer brightcove listen tts speech toc playlist skip alert notice contact donate donation crowdfunding shop
        affiliate duration views stats kicker overline eyebrow dachzeile readmore readalso readnext authorbio authorbox
        authorinfo authorcard postmeta entrymeta articlemeta adwrapper optin upnext mostread audioplayer readingtime
        readtime viewcount infobox textbox factbox infokasten faktenbox
        """,
        )
    )
)
_SIDE_PAIRS = frozenset(
    pair.replace("_", " ")
    for pair in re.findall(
        r"\w+",
        """
        read_more read_also read_next zum_thema sign_up side_bar about_author pub_date author_bio author_box author_info
        author_card author_profile author_description author_details author_block ad_wrapper pop_up opt_in
        external_content embed_privacy sr_only print_only most_read most_viewed most_popular more_from more_on more_news
        more_stories more_articles up_next also_read also_like of_contents audio_player support_us app_promo app_banner
        app_download reading_time read_time view_count screen_reader
        """,
    )
)
_PAIR_STARTS = frozenset(pair.partition(" ")[0] for pair in _SIDE_PAIRS)
_SIDE_STEMS = ("recommend", "advert", "sponsor", "social", "subscri", "promotion", "publish", "publicidad")
_SIDE_ROLES = frozenset(
    re.findall(r"\w+", "navigation complementary contentinfo search banner menu dialog alert button toolbar separator")
)
_DECK_NAMES = re.compile(
    r"\b(?:standfirst|deck|dek|summary|intro\w*|lead|lede|leadin|leadtext|chapo|chapeau|subtitle|sub ?title|sub ?head\w*|"
    r"subline|teaser|abstract|excerpt|vorspann|anrisstext|sommario|occhiello|entradilla|bajada|copete|sapo|linha fina|bigode|"
    r"ingress\w*|manchet|perex|description|desc|preamble|anons|lid|zajawka|"
    r"tagline|strapline|alaotsikko|synopsis|hook|stand first)\b"
)
_PULL_QUOTE_NAMES = re.compile(r"\b(?:pull ?quotes?|quote ?box|highlight\w*|blurb|zitatbox|destacado|exergue)\b")
_CAPTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "caption captions figcaption imgcaption bildunterschrift bildtext legende didascalia piefoto epigrafe legenda bildtxt "
        "cutline billedtekst kuvateksti imagecaption imagedescription photocaption picturecaption captiontext bildbeschreibung "
        "fotobeschreibung bildbeschriftung",
    )
)
_LETTER_SIZE = re.compile(r"\btext caption\b|(?<!image )(?<!img )(?<!figure )(?<!photo )(?<!media )\bcaption (?:x*s|m|x*l)\b")
_CREDIT_NAMES = re.compile(
    r"\b(?:credits?|copyrights?|copyright ?holder|photographers?|source|src|attribution|author|byline|agency|"
    r"photo ?by|fotograf\w*|licen[cs]e|lizenz|rechte|quelle|"
    r"bildquelle|bildrechte|bildnachweis|autor|fuente|credito|cr dit|owner|provider)\b"
)
_CORRECTION_NAMES = re.compile(
    r"\b(?:corrections?|erratum|errata|rectificatif|korrektur|berichtigung|richtigstellung|fe de erratas|fe de errores)\b"
)
_PLACE_WORDS = frozenset(str.split("dateline place location city ort ortsmarke spitzmarke lugar ciudad lieu luogo"))
_PICTURE_WORDS = frozenset(
    re.findall(
        r"\w+",
        "image images img imgs photo photos foto fotos picture pictures pic pics media figure figures gallery galerie galeria "
        "bild bilder billede bilde imagen imagem slide slideshow carousel slider lightbox",
    )
)
_SLIDE_WORDS = frozenset(str.split("slide slideshow carousel slider"))
_FILM_WORDS = frozenset(str.split("video videos player jwplayer brightcove"))
_STILL_WORDS = frozenset(str.split("image images photo photos picture pictures"))
_VARIANT_NAME = re.compile(r"\S*[:\[]\S*")  # "print:hidden", "lg:[…]": true only at times
# WordPress names an article after its tags: "post type-post status-publish category-world tag-truce"
_POST_NAMES = re.compile(r"\b(?:type|status|format|category|tag|author|has)-\S+")
_LETTERS_APART = "".join(letter if letter.isalpha() else " " for letter in map(chr, range(128)))
_WORDS_OF_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")


@lru_cache(maxsize=20_000)
def name_words(names: str) -> str:
    """Class names and ids in lower-case words: "articleBody__foot-note2" is "article body foot note"."""
    names = names[:600]
    if ":" in names or "[" in names:
        names = _VARIANT_NAME.sub(" ", names)
    if "type-" in names or "hentry" in names or "single-post" in names:
        names = _POST_NAMES.sub(" ", names)
    if names.isascii() and names.islower():  # most are, and this is quicker
        return " ".join(names.translate(_LETTERS_APART).split())
    return " ".join(_WORDS_OF_NAME.findall(names)).lower()


@lru_cache(maxsize=20_000)
def is_side_matter(names: str) -> bool:
    """Whether an element of these class names and ids is probably not part of the article's text."""
    joined = name_words(names)
    words = joined.split()
    return (
        not _SIDE_WORDS.isdisjoint(words)
        or any(map(joined.__contains__, _SIDE_STEMS))
        or ("hidden" in words and "overflow hidden" not in joined)
        or (not _PAIR_STARTS.isdisjoint(words) and not _SIDE_PAIRS.isdisjoint(map(" ".join, pairwise(words))))
    )


@lru_cache(maxsize=20_000)
def is_comments(names: str) -> bool:
    return not _COMMENT_WORDS.isdisjoint(name_words(names).split())


@lru_cache(maxsize=20_000)
def is_consent(names: str) -> bool:
    """Whether an element asks the reader to agree to something."""
    return not _CONSENT_WORDS.isdisjoint(name_words(names).split())


@lru_cache(maxsize=20_000)
def is_deck(names: str) -> bool:
    return bool(_DECK_NAMES.search(name_words(names)))


@lru_cache(maxsize=20_000)
def is_caption(names: str) -> bool:
    joined = name_words(names)
    return not _CAPTION_WORDS.isdisjoint(_LETTER_SIZE.sub("", joined).split())


@lru_cache(maxsize=20_000)
def is_picture(names: str) -> bool:
    """Whether an element probably holds a picture with its caption."""
    return not _PICTURE_WORDS.isdisjoint(name_words(names).split())


@lru_cache(maxsize=20_000)
def is_slide(names: str) -> bool:
    """Whether an element is one of several that are shown in turn: pictures, or pieces of the text."""
    return not _SLIDE_WORDS.isdisjoint(name_words(names).split())


@lru_cache(maxsize=20_000)
def is_video(names: str) -> bool:
    """Whether an element probably holds a film, and no picture."""
    words = name_words(names).split()
    return not _FILM_WORDS.isdisjoint(words) and _STILL_WORDS.isdisjoint(words)


@lru_cache(maxsize=20_000)
def is_credit(names: str) -> bool:
    """Whether an element inside a caption holds the credit."""
    return bool(_CREDIT_NAMES.search(name_words(names)))


@lru_cache(maxsize=20_000)
def is_correction_name(names: str) -> bool:
    return bool(_CORRECTION_NAMES.search(name_words(names)))


@lru_cache(maxsize=20_000)
def is_place(names: str) -> bool:
    """Whether an element at the start of a paragraph holds the place that it is filed from."""
    return bool(names) and not _PLACE_WORDS.isdisjoint(name_words(names).split())


@lru_cache(maxsize=20_000)
def is_pull_quote(names: str) -> bool:
    return bool(_PULL_QUOTE_NAMES.search(name_words(names)))


def is_side_role(role: str) -> bool:
    return role in _SIDE_ROLES


_CLOSING_HEADING = re.compile(
    r"(?i)^\W*(?:more(?: (?:from|on|about|in|news|stories|articles|coverage|like|to)\b|\W*$| [A-Z]\w+$)|related\b|recommended\b|"
    r"(?:latest|most|popular|trending|top)(?: (?:news|stories|read|popular|viewed|articles|posts|now))?\W*$|you (?:may|might)\b|"
    r"read (?:next|more|also)\b|up next\b|about the authors?\b|(?:comments?|tags?|topics?|kommentare?|schlagwörter|comentarios?|"
    r"commentaires?|weitere|mehr|más|plus|mais|meer|mer|ещё|"
    r"lesermeinung(?:en)?|leserkommentare?|leserbriefe?|(?:presse)?kontakt|ansprechpartner(?:in)?|"
    r"(?:press|media) contacts?|contacts? presse|関連|相关|関連記事|관련 ?기사)\W*\d*\W*$|"
    r"mehr (?:zum|aus|zu|von|über|nachrichten|artikel)\b|"
    r"weitere (?:artikel|nachrichten|themen|informationen|beiträge|meldungen)\b|"
    r"leave a (?:reply|comment)|hinterlasse|schreib\w* einen kommentar|dej[ae] un comentario|"
    r"(?:laisse[rz] un|ajouter un) commentaire|lascia un commento|deixe um comentário|"
    r"plaats een reactie|lämna ett svar|skriv en kommentar|dodaj komentarz|"
    r"auch interessant|lesen sie\b|das könnte\b|zur person\W*$|zum thema\W*$|"
    r"(?:der|die|zum|zur|über (?:den|die)) autor(?:in|en)?\W*$|"
    r"más (?:sobre|noticias|leíd[oa]s|información)|te puede\b|lo más\b|noticias relacionadas|sobre (?:el|la|o|a) autora?|"
    r"plus (?:d.articles|de nouvelles|d.infos?)|sur le même\b|à lire\b|les plus (?:lus|populaires)|mais (?:lidas|notícias|sobre)|"
    r"(?:leia|veja) (?:também|mais)|altri articoli|leggi anche|meer (?:over|nieuws)|lees (?:ook|meer)|mer (?:om|fra|från)|"
    r"les (?:også|mer)|läs (?:också|mer|även)|læs (?:også|mere)|"
    r"lue (?:myös|lisää)|czytaj (?:też|także|również)|więcej|zobacz|читайте)"
)
_NOTICES = re.findall(
    r"[^|]+",
    "externer inhalt|externe inhalte|externen inhalt|redaktioneller inhalt|personenbezogene daten|datenschutzerklärung|"
    "datenschutzhinweis|privatsphäre|artikel gefallen|gratis-artikel diesen|"
    "articles left this|articles remaining|benachrichtigung aktivieren|in ihrem browser über|ihr feedback|"
    "anmeldung zum newsletter|external content|embedded content|"
    "third-party content|third party content|privacy policy|privacy settings|"
    "have your say|get in touch|your feedback|"
    "do you have a story|for our newsletter|contenido externo|contenu externe|【関連|aktivieren sie javascript|enable javascript|"
    "javascript is disabled|activer javascript|active javascript|activar javascript|habilite o javascript",
)
# For speed: each notice has one of these.
_NOTICE_SIGNS = (
    *str.split(
        "inhalt personenbezogene datenschutz privatsphäre gefallen gratis-artikel benachrichtigung browser feedback newsletter"
    ),
    *("articles ", " content", "privacy", "have your", "get in", "do you", "conten", "【", "javascript", "cookie"),
)
# Not those that one eats.
_COOKIES = re.compile(
    r"cookie[-\s](?:policy|settings|preferences|notice|einstellung|richtlinie|hinweis)|pliki? cookie|plików cookie|"
    r"(?:uses?|using|accept|all|our|your|enable|disable|third-party|verwende[nt]|nutze?[nt]|setzt|von|des|les|de|las) cookies?\b|"
    r"cookies (?:zu|von|para|om|eingesetzt|akzeptieren)|cookies, um"
)
_NOTICE_LETTERS = 300


def is_closing_heading(text: str) -> bool:
    """A heading under which other stories, comments or the authors stand: "More from The Herald", "Die Autorin"."""
    return len(text.split()) <= 6 and bool(_CLOSING_HEADING.match(text))


def is_notice(text: str) -> bool:
    """A site's word to its reader: on consent to embedded content, on newsletters, asking for comments."""
    if len(text) > _NOTICE_LETTERS:
        return False
    lower = text.lower()
    if not any(map(lower.__contains__, _NOTICE_SIGNS)):
        return False
    return any(map(lower.__contains__, _NOTICES)) or ("cookie" in lower and bool(_COOKIES.search(lower)))
