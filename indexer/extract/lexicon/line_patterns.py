"""Recognises the lines of a news page that are not prose: datelines, credits, contributor and correction lines, boilerplate.

In goes one line or paragraph of plain text, out comes what it is:

    >>> dateline_of("GENEVA, Switzerland — The clocks stood at midnight.")
    'GENEVA, Switzerland'
    >>> split_credit("Cars wait outside the palace. (Henri Vuille/Continental Wire)")
    ('Cars wait outside the palace.', 'Henri Vuille/Continental Wire')

When unsure the answer is no: a line that is kept by mistake does less harm than prose that is lost.
"""

import re

from search.lexicon.read import read_lexicon

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽΑ-ΩΆΈΉΊΌΎΏА-ЯЁІЇЄҐ"
_LOWER = "a-zß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžα-ωάέήίόύώϊϋΐΰςа-яёіїєґ"

# --- datelines ------------------------------------------------------------------------------------------------------

_DATELINES = read_lexicon("indexer.extract.lexicon", "datelines")
_CAPS = rf"[{_UPPER}][{_UPPER}.'’ʼ-]+"
_TITLE = rf"[{_UPPER}][\w.'’ʼ-]+"
_COUNTRY = rf"(?:,\s*{_TITLE}(?:\s(?:{_TITLE}|and|of|y|et|und|de|la))*\.?){{0,2}}"
_MONTH = rf"[{_UPPER}{_LOWER}]{{3,9}}\.?"
_DAY = rf"(?:[,/]?\s*(?:\d{{1,2}}\.?\s*(?:de\s)?{_MONTH}|{_MONTH}\s\d{{1,2}})(?:,?\s\d{{4}})?)"
_AGENCY = r"(?:\.?\s*[(/][^()/]{2,40}[)/])"
_DASH = r"\s*(?:—|–(?=\s)|--|(?<=\s)-(?=\s)|\.-(?=\s)|=(?=\s)|\|(?=\s)|―|─)+\s*"
_QUOTES = "\"'“”„‟«»‘’‚‹›「『¿¡(["

_CAPS_DATELINE = re.compile(
    rf"(?P<place>{_CAPS}(?:[\s/](?:{_CAPS}|[dD][aei]?l?|of|am|an|der|sur|la|le)){{0,4}}{_COUNTRY}?)"
    rf"(?:{_DAY}?{_AGENCY}?{_DASH}|{_DAY}?{_AGENCY}\s+|:\s|(?<=[{_UPPER}]{{3}}\.)\s)(?=[{_QUOTES}\d{_UPPER}])"
)
# "Berlin (dpa) - Der …", "Bogotá, 10 mar (EFE).- El …", "Bogotá | El …", "Berlin – Der …"
_TITLE_DATELINE = re.compile(
    rf"(?P<place>{_TITLE}(?:[\s/](?:{_TITLE}|de|del|di|da|do|of|am|an|der|sur|la|le)){{0,3}}{_COUNTRY}?)"
    rf"(?:{_DAY}?{_AGENCY}(?:\.?\s*{_DASH}|:\s)|{_DAY}{_DASH}|\s(?:[—–|]|--?)\s)(?=[{_QUOTES}\d{_UPPER}])"
)
# "新华社北京10月10日电", "（中央社記者林某東京10日電）", "【東京＝山田太郎】", "[東京 10日 ロイター] -",
# "(서울=연합뉴스)", "[서울=뉴시스]"
_EAST_ASIAN_DATELINE = re.compile(
    rf"[（(【［\[]?(?:{'|'.join(_DATELINES.of('agency'))})(?:記者[一-鿿]{{2,3}})?"
    r"(?P<han>[一-鿿]{2,8}?)\s*(?:\d+月)?\d+日[^，。]{0,20}?[电電訊讯]"
    r"|【(?P<corner>[一-鿿ァ-ヺー・]{2,20})[＝=][^】]{2,20}】"
    r"|[\[［](?P<kana>[一-鿿ァ-ヺー／・]{2,20})[\s　]*[\d０-９一二三四五六七八九十]+日[^\]］]{0,12}[\]］]"
    r"|[(\[](?P<hangul>[가-힣]{2,10})\s?=\s?[가-힣\w ]{2,20}[)\]]"
)
_NO_PLACE = re.compile(rf"(?i)(?:{'|'.join(_DATELINES.of('no_place')).replace('*', '[a-z]*')})\b")


def dateline_of(paragraph: str) -> str | None:
    """The place a paragraph is filed from, as printed: "PANMUNJOM, Korea — Two men …" gives "PANMUNJOM, Korea"."""
    start = paragraph[:120].lstrip()
    east_asian = _EAST_ASIAN_DATELINE.match(start)
    if east_asian:
        return next(place for place in east_asian.groups() if place)
    match = _CAPS_DATELINE.match(start) or _TITLE_DATELINE.match(start)
    if not match or len(match["place"]) > 60 or _NO_PLACE.match(start):
        return None
    place = match["place"]
    if _ROMAN_NUMERAL.search(place):  # "Benedict XVI – …"
        return None
    acronym_only = re.fullmatch(rf"[{_UPPER}]{{1,3}}", place)  # "EU — The", "US: The" are subjects, not places
    return None if acronym_only else place.strip(" ,-" if "," in place else " ,.-")  # "ANN ARBOR, Mich."


_ROMAN_NUMERAL = re.compile(r"\w\s[IVX]+\.?$")
_NO_SECTION = frozenset(str.split("home news startseite inicio accueil homepage start nachrichten"))


def section_of(breadcrumbs: str) -> str:
    """ "World | Asia" and "Home > World" are of the section World."""
    parts = re.split(r"\s+[|/>›»·•]\s+", breadcrumbs.strip())
    return next((part for part in parts if part.casefold() not in _NO_SECTION), parts[0])


# --- contributors, corrections, related stories, boilerplate ----------------------------------------------------------

_CONTRIBUTOR = re.compile(
    r"""(?ix) \(?(?:additional\s(?:\w+\s)?)?(?:reporting|writing|editing|research)\s(?:was\s(?:contributed|provided)\s)?by\s
    | (?:con\sinformación|con\sreportes|reportería\sde|con\sla\scolaboraci)\b
    | avec\s(?:la\scontribution|notre\scorrespondant|AFP|Reuters)\b | .{3,120}\(avec\s(?:les\s)?agences?\)$
    | mitarbeit\s?: | mit\s(?:agentur)?material\b | unter\smitarbeit\b
    | (?:com|con)\s(?:colabora|informaç)\w*\b | met\smedewerking\svan\b | współpraca\s?:
    | [（(]?(?:取材協力|综合.{2,40}(?:消息|报道|電|电))
    """
)
# Looked for anywhere in a line, if it has one of the words: most lines have none.
_CONTRIBUTED = re.compile(
    r"""(?ix) ^.{3,200}\bcontributed\s(?:to\sth(?:is|e)\s(?:report|article|story)|reporting|research)
    | \bcontribu(?:yó|yeron|ó)\s(?:con|a|en|desde)\b.{0,40}(?:informaci|reporte|reportaje|este\sart|desde)
    | \b(?:a|ont)\scontribué\sà\s(?:cet|ce)\s(?:article|reportage)
    | \b(?:hat|haben)\s(?:zu\sdiesem\s(?:bericht|artikel|text)\sbeigetragen|mitgearbeitet)
    | \bcolabor(?:ou|aram)\s(?:nesta|para\sesta|com\sesta) | \bha\scollaborato\b
    """
)
_CONTRIBUTED_WORDS = ("contribu", "beigetragen", "mitgearbeitet", "colabor", "collaborato")
_REPORTED_FROM = re.compile(
    rf"^(?:[{_UPPER}][\w.'’-]+\s){{2,4}}(?:(?:and|,)\s(?:[{_UPPER}][\w.'’-]+\s){{2,4}})?report(?:ed|ing|s)\sfrom\s[{_UPPER}]"
)
_CORRECTION = re.compile(
    r"""(?ix) ^(?:(?:an?\s)?(?:corrections?|clarifications?|editor['’]?s?['’]?\snote)
        (?:\s(?:and|&|or|/)\s(?:corrections?|clarifications?))?\s*(?:$|[:(—–|-]|,?\s(?:on\s)?[A-Z]\w+\.?\s\d|,\s\d{1,2}\s[A-Z])
    | update\b.{0,30}:\s+this\s(?:article|story|report|post)\shas\sbeen
    | (?:an\s)?(?:earlier|previous)\sversions?\sof\s(?:a|th(?:is|e))\s(?:article|story|report|piece|headline|post|column|caption)
    | a\s(?:caption|picture|photo|headline|map|chart|graphic)\b.{0,40}\bearlier\sversion
    | th(?:is|e)\s(?:article|story|report|post|piece|page)\s(?:has\sbeen|was)\s(?:amended|corrected|updated\sto\scorrect)
    | (?:fe\sde\s(?:errores|erratas)|corrección|correcciones|aclaración|rectificación|erratum|rectificatif|correctif|précision
        |korrektur|korrekturhinweis|richtigstellung|berichtigung|correção|errata|correzione|rettifica|rettelse|rättelse|oikaisu
        |sprostowanie|correctie|rectificatie|oprava|исправление|уточнение|düzeltme|διόρθωση|helyreigazítás)
        \s*(?:$|[:.(—–|]|\d|,\s\d)
    | (?:una\sversión\s(?:anterior|previa)|une\sversion\s(?:antérieure|précédente)|uma\sversão\santerior
        |in\seiner\s(?:früheren|vorherigen|ersten)\s(?:version|fassung)|una\sversione\sprecedente|en\stidigare\sversion
        |en\stidligere\sversion|een\seerdere\sversie|wcześniejsza\swersja)\b
    | (?:訂正|更正|勘误|お詫び|おわび|정정)[】〉）):：] )
    """
)
_RELATED = re.compile(
    r"""(?ix) ^[\[(►▶→»›>•*·|\s👉👇📌➡️]*(?:
      (?:also\s)?read(?:\s(?:more|also|next|now|the\sfull\sstory|our|this|on))?|must[\s-]read|see\s(?:also|more)
      |more\s(?:on\sthis|from|in\s[A-Z]|stories|about|news|like\sthis|reading)|you\smay\s(?:also\s)?like|keep\sreading
      |related(?:\s(?:article|story|stories|content|coverage|news|link|topic)s?)?|recommended|don['’]t\smiss|most\sread|trending
      |editor['’]?s['’]?\spicks?|video(?=:)|watch(?:\s(?:more|now|also|live|the\svideo))?|listen|explained?r?|in\spictures|further\sreading
      |(?:nota|lectura|art[ií]culo)s?\srelacionad[ao]s?|(?:lea|lee|leer|ver|vea|mira|(?:le|te)\s(?:puede\sinteresar|recomendamos)|puede\sleer)(?:\s(?:tambi[eé]n|además|m[aá]s|aquí))?
      |más\s(?:sobre|información|noticias)|(?:noticias?\s)?relacionad[ao]s?|en\scontexto
      |(?:à\s)?(?:lire|voir|écouter|regarder|découvrir)(?:\s(?:aussi|également|encore|plus|plus\stard))?|pour\saller\splus\sloin
      |sur\sle\smême\s(?:sujet|thème)|notre\ssélection|à\sne\spas\s(?:rater|manquer)
      |(?:lesen\ssie|lies|sehen\ssie)(?:\s(?:auch|hier|dazu|mehr|weiter|jetzt|hierzu))*|mehr\s(?:zum\sthema|dazu|aus|lesen|zu|über)
      |auch\sinteressant|(?:passend\s)?zum\sthema|weiterlesen|das\skönnte\ssie\sauch\sinteressieren|siehe\sauch|lesetipps?
      |(?:leia|veja|saiba|ouça)(?:\s(?:também|mais))?|mais\ssobre|(?:leggi|guarda|vedi)(?:\s(?:anche|tutto|di\spiù|qui))?
      |approfondisci|lees\s(?:ook|meer|verder|hier)|meer\sover|bekijk\sook|(?:les|læs|läs|se)\s(?:også|också|även|mere?)|mer\som
      |lue\s(?:myös|lisää|lisäksi)|lesa\snánar|(?:czytaj|zobacz|przeczytaj|polecamy|sprawdź)(?:\s(?:też|także|również|więcej))?
      |(?:čtěte|přečtěte\ssi|čítajte)(?:\s(?:také|i|též|aj))?|související|(?:citește|citiți|vezi)\sși
      |olvassa?(?:\sel)?\s(?:is|még|tovább)|kapcsolódó(?:\scikk\w*)?|pročitajte(?:\si)?|povezan\w+
      |(?:читайте|смотрите|читать)\s(?:также|далее|по\sтеме|ещё|також)|по\sтеме|(?:διαβάστε|δείτε)\s(?:επίσης|ακόμ[ηα]|περισσότερα)
      |ayrıca\sokuyun|bunu\sda\soku\w*|ilgili\shaber\w*|baca\s(?:juga|selengkapnya)|simak\sjuga|(?:xem|đọc)\sthêm
      |อ่าน(?:เพิ่มเติม|ข่าว|ต่อ)|(?:यह|ये)\sभी\sपढ़ें|اقرأ\s(?:أيضا|أيضًا|المزيد)|קראו\s(?:גם|עוד)|関連(?:記事|ニュース)?
      |あわせて読みたい|もっと読む|延伸閱讀|相关(?:阅读|新闻|报道)|相關(?:新聞|報導)|更多(?:新聞|新闻|报道)|관련\s?기사|더\s?보기
      )\s*(?:[:：|>»›→▶►\-–—…]|$)"""
)
# The same, so clear that a headline may follow without a colon: "Lire aussi Le vote en trois cartes".
_RELATED_BARE = re.compile(
    r"""(?x) ^[\[(►▶→»›>•*·|\s👉]*(?:READ\s(?:MORE|ALSO|NEXT)|SEE\sALSO|ALSO\sREAD|RELATED|Also\s[Rr]ead|Lire\s(?:aussi|également)
      |À\slire|Lea\stambién|Lee\stambién|Lesen\sSie\s(?:auch|hier|dazu)|Lies\sauch|Mehr\szum\sThema|Leia\s(?:também|mais)
      |Leggi\sanche|Lees\sook|Les\sogså|Læs\sogså|Läs\s(?:också|även)|Lue\s(?:myös|lisää)|Czytaj\s(?:też|także|również)
      |Čtěte\s(?:také|též)|Citește\sși|Читайте\s(?:также|також)|Διαβάστε\s(?:επίσης|ακόμη|ακόμα)|Baca\s[Jj]uga|Xem\sthêm
      |あわせて読みたい|関連記事|延伸閱讀)[\s\]】]"""
)
_BOILERPLATE = re.compile(
    r"""(?ix) ^(?:
      (?:about\s)?\d{1,3}[\s-]*(?:min\.?|mins|minutes?|minuten?|minutos?|minuti|minut\w*|мин\w*|分钟|分鐘|分で読める|분)
        (?:\s*(?:de\s)?(?:read(?:ing)?(?:\stime)?|lesezeit|lectura|lecture|leitura|di\slettura|lezen|lästid|чтения|okuma\w*)?)?
      |(?:estimated\s)?(?:reading\stime|read\stime|lesezeit|lesedauer|tiempo\sde\slectura|temps\sde\slecture
        |tempo\s(?:de\sleitura|di\slettura)|leestijd|lästid|czas\sczytania|doba\sčtení|время\sчтения)
        \s*[:：]?\s*(?:ca\.?\s)?\d{0,3}[\s\w.]{0,16}
      |(?:advertisement|advertising|ad|sponsored(?:\scontent)?|anzeige|werbung|publicidad|publicité|publicidade|pubblicità|annons
        |annonse|annonce|mainos|reklam[ay]?|advertentie|реклама|διαφήμιση|iklan|広告|廣告|广告|광고)
      |(?:article\scontinues\s(?:after|below)|(?:story|scroll)\s(?:continues\sbelow|to\scontinue)).{0,40}
      |skip\s(?:past\s)?.{0,30}(?:advertisement|newsletter.{0,20}|promotion)
      |(?:share|save|print|(?:\d+\s)?comments?|(?:share|listen\sto)\s(?:th(?:is|e)|full)\s(?:article|story|page)|share\son\s.{1,30}
        |copy\slink|facebook|twitter|whatsapp|e-?mail|x|linkedin|reddit|telegram|pocket|flipboard|teilen|merken|drucken|kommentare?
        |artikel\s(?:teilen|anhören|vorlesen|merken|drucken|verschenken)|compartir|guardar|imprimir|comentarios|partager|imprimer
        |enregistrer|commentaires|(?:lire|réagir|offrir)\s(?:plus\stard|l['’]article)|partilhar|compartilhar|condividi|stampa
        |delen|dela|del|jaa|udostępnij|sdílet|поделиться|paylaş|シェア|分享|공유)
      |(?:our\s)?newsletters?|your\se-?mail(?:\saddress)?|e-?mail(?:-adresse|\saddress)?
      |(?:(?:bild\s|foto\s)?vergrößern|(?:.{0,20}\s)?zum\svergrößern(?:\s.{0,30})?|(?:click|tap)\s(?:on\s.{1,30}\s)?(?:to\senlarge|for\slarger).{0,20}
        |(?:cliquez?|clic)\s.{0,30}agrandir.{0,20}|(?:haga\s|haz\s)?clic.{0,30}ampliar.{0,20})
      |(?:©|\(c\)|copyright|tous\sdroits\sréservés|todos\slos\sderechos|alle\srechte\svorbehalten|all\srights\sreserved
        |todos\sos\sdireitos|(?:本報|禁止)?無断転載|版权所有|저작권자|ⓒ|無断).{0,160}
      |order\sreprints?.{0,60}|.{0,60}\|\stoday['’]?s\spaper.{0,30}|a\sversion\sof\sthis\sarticle\sappears?\sin\s.{0,160}
      |.{0,90}\bloading(?:\.\.\.|…)|(?:war|ist|fanden?\s\w+)\s(?:der|dieser|die|diese)\s(?:artikel|beitrag|seite)\s(?:nützlich|hilfreich|interessant)
      |möchten\ssie\s(?:den|diesen)\s(?:artikel|beitrag)\steilen|was\sthis\s(?:article|page|post)\s(?:helpful|useful)
      |back\sto\stop|nach\soben|(?:home|startseite|inicio|accueil)\s*[>›»/].{0,80}|load(?:ing)?(?:\smore)?\W*|close|menu|search
      |view\s(?:comments|gallery|in\s(?:app|browser))|skip\sto\s(?:main\s)?content
      )[\s.!?:»›>|]*$"""
)
# Where a system filed the text: "This entry was posted in News by Jane Doe", "Submitted by Jane Doe on May 3, 2021".
_FILED = re.compile(
    r"""(?ix) this\s(?:entry|post)\swas\s.{0,200}(?:posted\s(?:in|on|by)|tagged|filed)\b
    | dieser\s(?:eintrag|beitrag)\swurde\s(?:am|von|unter|in|mit|veröffentlicht)\b
      .{0,200}(?:abgelegt|gepostet|verschlagwortet|kategorie|veröffentlicht\b)
    | cet(?:te)?\s(?:article|entrée)\sa\sété\spubliée?\sdans\s | esta\sentrada\sfue\spublicada\sen\s
    | questo\sarticolo\sè\sstato\spubblicato\sin\s | este\sartigo\sfoi\spublicado\sem\s
    | (?:gespeichert|eingereicht)\svon\s.{2,80}$ | submitted\sby\s.{2,40}\son\s.{6,60}$
    """
)
_FILED_STARTS = ("This ", "Dieser ", "Cet", "Esta ", "Questo ", "Este ", "Gespeichert ", "Eingereicht ", "Submitted ")
# A call to subscribe starts so …
_CALL = re.compile(
    r"""(?ix) ^(?:sign\sup|subscribe|register|sign\sin|log\sin|become\sa|get\s(?:the|our|unlimited|more)|join\s(?:our|us)|follow\s
      |download\s|stay\s|click\shere|enter\syour|support\sour|want\smore|like\sus
      |suscr[ií]b|regístr|inscr[ií]b|apúnta|síg|rec[ií]b|abonnez|inscrivez|s['’]abonner|s['’]inscrire|recevez|suivez|téléchargez
      |déjà\sabonné|(?:jetzt\s)?(?:abonnier|anmelden|registrier|testen|newsletter)|melden\ssie|folgen\ssie|jetzt\s|bestellen\s
      |erhalten\s|assine|inscreva-se|cadastre-se|siga\s|iscriviti|abbonati|seguici|abonneer|meld\sje|zapisz\ssię|subskrybuj
      |prenumerera|tilmeld|подпи(?:шитесь|сывайтесь)|abone\sol)"""
)
# … and names one of these.
_CALL_FOR = re.compile(
    r"""(?ix) newsletter|briefing|inbox|e-?mail|\bapp\b|whatsapp|telegram|facebook|twitter|instagram|subscri|boletín|correo
      |infolettre|lettre\sd|e-?paper|abonn|\babo\b|suscri|assin|notifica|push|channel|canal\b|kanal|posteingang|account|offer|@\w"""
)


# What the house asks of its reader: "Follow us on …", "dann hol dir unseren Newsletter", "¡Únete!" …
_ASKED = re.compile(
    r"""(?ix) (?:^|[.!?:–—-]\s+|,\s|\bplease\s|\bto\s|\band\s|\bund\s)(?:then\s|now\s|dann\s|jetzt\s)*
        (?:subscribe|sign\sup|download|follow|join|renew|donate|support|log\sin|suscr[ií]b|s[ií]g[au]e|[uú]nete|descarg|apoy[ae]
        |abonnez|inscrivez|suivez|téléchargez|soutenez|profitez|iscriviti|abbonati|seguici|sostieni|assine|siga|apoie|subskrybuj
        |hol(?:t|en)?\s|abonnier|folg(?:e|t)?\s|unterstütz)
      | \b(?:folgen|abonnieren|unterstützen|registrieren|melden|spenden)\ssie\b | \b(?:anmelden|einloggen|registrieren)\W*$
      | \b(?:sign|signing)\sup\b | \byou\scan\slog\sin\b | \bsubscribers?\s(?:also\s)?(?:receive|get)\b
      | \bapoyo\sde\s(?:sus|nuestros)\slectores\b | \bzapraszamy\b | \b(?:anmelden|einloggen|registrieren)\.\s
      | \b(?:you|we)[’']ll\s(?:get|send) | \bpro\smonat\sgibt\ses\b"""
)
# … and for what.
_ASKED_FOR = re.compile(
    r"""(?ix) newsletter|\bapps?\b|android|twitter|facebook|instagram|telegram|whatsapp|youtube
      |\bsubscri(?:be|ber|ption)|full\sstory
      |(?:independent|our)\sjournalism|(?:unabhängige[nrs]?|unser(?:e[nr]?)?)\s(?:\w+\s)?(?:journalismus|arbeit|berichterstattung|redaktion|magazin|blog)
      |(?:unlimited|instant|full)\s(?:\w+\s)?access|(?:vollen|unbegrenzten)\szugriff|accès\sillimité|acceso\silimitado
      |\babo\b|abonnent|kommentar|periodismo\sindependiente|journalisme\sindépendant|offre\s|subskrypcj"""
)
_LAST_WORD = re.compile(
    r"(?i)hat (?:dir|ihnen|euch) (?:der|dieser|unser) (?:artikel|beitrag)|(?:did you|if you) (?:like|enjoy)\w* this|"
    r"(?:wir verwenden|we use|diese website \w+|this (?:web)?site uses) cookies|autor(?:\*in|:in|in|en)? ?:|about the author"
)
_LINKS_AND_COOKIES = re.compile(
    r"\bcookies\b.*(?:website|webseite|browser|akzeptier|datenschutz|privacy|consent)|affiliate-?\s?links?|partner-?links"
)
_SPEECH = re.compile('["“”„«»]')
# For speed: a text with none of these asks for nothing.
_CALL_SIGNS = str.split(
    "newsletter app android twitter facebook instagram telegram whatsapp youtube subscri full journalis unabhängig unser access "
    "zugriff accès acceso abo kommentar periodismo offre subskrypc"
)
_NOTICE_SIGNS = ("cookies", "affiliate", "partner")
MAX_CALL_CHARACTERS = 600


def is_call(text: str) -> bool:
    """A call to subscribe, to follow or to give, wherever in the line it stands, and what is said of links and cookies: only
    told below the text, for an article may well speak of such things."""
    if len(text) > MAX_CALL_CHARACTERS:
        return False
    lower = text.lower()
    if _LAST_WORD.match(text) or (any(map(lower.__contains__, _NOTICE_SIGNS)) and _LINKS_AND_COOKIES.search(lower)):
        return True
    asks = any(map(lower.__contains__, _CALL_SIGNS)) and not _SPEECH.search(text)
    return bool(asks and _ASKED_FOR.search(text) and _ASKED.search(text))


_FIRST_PICTURE = re.compile(
    r"(?i)(?:beitragsbild|titelbild|titelfoto|artikelbild|header ?bild|(?:featured|header|title) image|cover photo)\s*:"
)
_PICTURE_CREDIT = re.compile(
    r"(?i)[(\[]?(?:(?:image|photo|picture|foto|bild|titel|symbol)[ -]?(?:bild|credits?|source|nachweis|quelle|rechte)?s?|bilder|"
    r"crédits? photos?|"
    r"fotos|photos|fotocredit|photo by|pictures? by|abb\.|fot\.)\s*[:：©]|photo by\s"
)


_CREDIT_SIGN = re.compile("[:：©]| by ")
MAX_LABEL_CHARACTERS = 25


def is_credit_line(text: str) -> bool:
    """A line that says nothing but who made a picture: "Photo: Jane Doe/Wire", "(Bild: Max Muster)"."""
    if len(text) > 150 or not _CREDIT_SIGN.search(text, 0, MAX_LABEL_CHARACTERS):
        return False
    return bool(_FIRST_PICTURE.match(text) or (_PICTURE_CREDIT.match(text) and split_credit(text)[0] is None))


def is_contributor_line(text: str) -> bool:
    """ "Jane Doe contributed reporting from Oslo." and its like in other languages."""
    if len(text) >= 400:
        return False
    contributed = any(map(text.lower().__contains__, _CONTRIBUTED_WORDS)) and _CONTRIBUTED.search(text)
    return bool(contributed or _CONTRIBUTOR.match(text) or _REPORTED_FROM.match(text))


def is_correction(text: str) -> bool:
    """ "Correction: July 23, 1954 …", "An earlier version of this article misstated …", "Fe de errores: …"."""
    return bool(_CORRECTION.match(text.lstrip(" *[(【〈")))


def is_related_line(text: str) -> bool:
    """A pointer to another story: "READ MORE: …", "Lea también: …", "Mehr zum Thema"."""
    return len(text) < 250 and bool(_RELATED.match(text) or _RELATED_BARE.match(text))


def is_boilerplate(text: str) -> bool:
    """Reading time, sharing, newsletter, advertisement and copyright lines, of at most 240 characters, and where the text is
    filed. text: on one line."""
    if len(text) > 240:
        return len(text) <= MAX_CALL_CHARACTERS and text.startswith(_FILED_STARTS) and bool(_FILED.match(text))
    called = _CALL.match(text) and (_CALL_FOR.search(text) or len(text.split()) <= 2)
    return bool(called or _BOILERPLATE.match(text) or (text.startswith(_FILED_STARTS) and _FILED.match(text)))


MAX_CAPTION_CHARACTERS = 2_000
"""Characters; a longer text is no caption, and no credit is looked for in it."""

# --- captions and their credits ---------------------------------------------------------------------------------------

_LABEL_WORDS = (
    r"(?:(?:(?:file|archive|stock|hand-?out)\s)?(?:photo(?:graph|graphy|grapher)?|picture|pic|image|illustration|graphic|video"
    r"|screenshot)s?\s?(?:credits?|source|by|courtesy(?:\sof)?)?|credits?|courtesy(?:\sof)?|source"
    r"|foto(?:s|graf(?:ie|i|in|ia|ía)?|ó|credit|quelle)?|fotografías?|fuente|imagen|imagem|imagens|immagine|cortesía|divulgação"
    r"|créditos?(?:\sde\sla\s(?:foto|imagen))?|bild(?:er|quelle|nachweis|rechte)?|grafik|quellen?|symbolbild|titelbild"
    r"|crédits?\s?(?:photos?)?|photo\s?crédit|kredit|reprodu[cç][aã]o|beeld|zdjęcie|fot|zdroj|autor|(?:valo)?kuvat?|(?:ljós)?mynd"
    r"|billede|kép|fotó|forrás|nuotr|фото|фотография|источник|снимка|φωτογραφία|φωτο|πηγή|πηγη|صورة|تصوير|צילום|ภาพ|ảnh|nguồn|फोटो"
    r"|写真(?:提供)?|画像|撮影|提供|出典|照片|图片来源|圖片來源|图源|圖源|图|圖|来源|來源|攝影|摄影|사진(?:제공)?|출처)"
)
_LABEL = re.compile(
    rf"(?i)(?<!\w){_LABEL_WORDS}\s*[:：=＝]\s*|(?:写真|撮影|图|圖|文|사진)\s*[／/・]\s*"
    r"|\b(?:photo(?:graph)?|picture|image|illustration)s?\s(?:by|courtesy\sof|via|from)\s|\bcourtesy\sof\s|(?<!\w)copyright\s|(?<!\w)credits?(?:\.{3}|…)\s*|©\s*|\(c\)\s|ⓒ\s*|®\s|(?<!\w)fot\.\s*"
)
# For speed: what has none of these, in lower case, has no label in its midst.
_LABEL_SIGNS = (*":：=＝／/・©ⓒ®…", "...", "(c)", "photo", "picture", "image", "illustration", "courtesy", "copyright", "fot.")
_SOURCES = (
    r"AFP|APA|ANSA|ANP|AAP|PTI|IANS|EFE|EPA|DPA|dpa|REUTERS|Reuters|Getty|GETTY|Shutterstock|iStock\w*|Alamy|IMAGO|[Ii]mago|Keystone"
    r"|KEYSTONE|Bloomberg|Xinhua|Anadolu|Europa Press|Zuma|ZUMA|Associated Press|PA Wire|PA Media|AP|[Pp]icture[ -][Aa]lliance"
    r"|Unsplash|Pixabay|Pexels|Wikimedia\w*|Flickr|Magnum|Rex|Ritzau\w*|TT|NTB|Scanpix|SCANPIX|Lehtikuva|STT|PAP|Forum|ČTK|CTK|TASS"
    r"|ТАСС|РИА Новости|Sputnik|Kyodo|共同|時事|연합뉴스|뉴시스|뉴스1|新华社|視覺中國|视觉中国|中央社|Handout"
    r"|HANDOUT|Courtesy|Screenshot|NASA|MTI|Belga|BELGA|LaPresse|Cuartoscuro|Notimex|Agência \w+|Folhapress|Estadão"
)
_SOURCE = re.compile(rf"(?<!\w)(?:{_SOURCES})(?!\w)")
_PARENTHESIS = re.compile(r"^(.*?)\s*[(（\[［【]([^()（）\[\]［］【】]{2,110})[)）\]］】][\s.。]*$", re.S)
_PERSON_AND_SOURCE = re.compile(rf"^[^/|／]{{2,50}}\s?[/|／]\s?[{_UPPER}@\w][^/|]{{1,50}}(?:\s?/\s?[^/|]{{2,40}})*$")
_PERSON = re.compile(rf"^[{_UPPER}][\w.'’-]*(?:\s(?:[{_UPPER}][\w.'’-]*|de|da|van|von|der|den|la|el|bin|al)){{1,3}}$")
_LAST_SENTENCE = re.compile(r"^(.*[.!?…。»”\"])\s+([^.!?。]{2,80}(?:\.(?:com|de|org|net))?)\.?$", re.S)
_TAKEN_BY = re.compile(r"^(.*?)[＝=、，,。\s]\s*([^＝=、，,。\s]{2,14})(?:氏)?(?:撮影|提供|摄|攝)[)）]?$", re.S)
_SMALL_WORDS = re.compile(
    r"\b(?:via|for|von|by|of|the|de|di|da|dpa|imago|images?|picture|alliance|und|and|et|y|pool|photo|file|zu|press|through|par|per)\b"
)
_LOWER_CASE_WORD = re.compile(rf"(?<![\w.@])[{_LOWER}]{{3,}}")
_NEXT_SENTENCE = re.compile(rf"[{_LOWER}]{{3,}}[.!?]\s+[{_UPPER}]")
_NAME_AFTER_LABEL = re.compile(rf"[{_UPPER}]|dpa|imago|privat|zvg")
_IMAGE_SOURCE = re.compile(
    r"(?i)^(?:image source|image caption|caption|bildunterschrift|legende?|légende|leyenda|pie de foto)\s*[,:]\s*"
)


def split_credit(caption_text: str) -> tuple[str | None, str | None]:
    """(text, credit) of a picture's caption; either may be None. The label ("Photo:", "©") is dropped, the name kept as is."""
    text = " ".join(caption_text.split())
    if len(text) > MAX_CAPTION_CHARACTERS:
        return text, None
    prefix = _IMAGE_SOURCE.match(text)  # "Image source, Getty Images" is a credit, "Image caption, The bridge" is not
    if prefix:
        rest = text[prefix.end() :]
        return (None, rest or None) if "source" in prefix.group().lower() else split_credit(rest)
    for reading in (_wholly_credit, _credit_in_parentheses, _labelled_credit, _credit_sentence):
        found = reading(text)
        if found:
            return found[0].strip(" |–—-/") or None, _tidy_credit(found[1])
    return text or None, None


def _wholly_credit(text: str) -> tuple[str, str] | None:
    label = _LABEL.match(text)
    if label and len(text) <= 140 and not _has_prose(text[label.end() :]):
        return "", text[label.end() :]
    return ("", text) if len(text) <= 60 and not re.search(r"[(:©]|[\w”\"][.!?]\s", text) and _is_source_line(text) else None


def _credit_in_parentheses(text: str) -> tuple[str, str] | None:
    match = _PARENTHESIS.match(text)
    before, inside = match.groups() if match else ("", "")
    if before.isupper() and len(before.split()) in (2, 3, 4) and _SOURCE.fullmatch(inside):  # "JANE DOE (EFE)"
        return "", text
    named = _PERSON.match(inside) and before.rstrip().endswith((".", "!", "?", "…", "。", "”", '"', "»"))
    return (before, inside) if named or _looks_like_credit(inside) else None


def _labelled_credit(text: str) -> tuple[str, str] | None:
    """The last label that stands apart from the text before it, with a short credit after it."""
    labels = list(_LABEL.finditer(text)) if any(map(text.lower().__contains__, _LABEL_SIGNS)) else []
    for match in reversed(labels):
        before, credit = text[: match.start()], text[match.end() :]
        apart = not before.strip() or before.rstrip()[-1] in '.!?…|/–—-(（[;。、”"»' or match.group()[0] in "©ⓒ"
        named = match.group()[0].isupper() and _NAME_AFTER_LABEL.match(credit)
        if (apart or named) and 2 <= len(credit.strip(" .)）]")) <= 110 and not _has_prose(credit):
            return before.rstrip(" ([（|/–—-"), credit
    return None


def _credit_sentence(text: str) -> tuple[str, str] | None:
    """ "Cars wait outside. REUTERS/Jorge Silva", "…＝10日、東京、山田太郎撮影", "… 新华社记者王某摄"."""
    if (match := _LAST_SENTENCE.match(text)) and _is_source_line(match[2]):
        return match[1], match[2]
    return (match[1], match[2]) if (match := _TAKEN_BY.match(text)) else None


def _looks_like_credit(text: str) -> bool:
    person_and_source = _PERSON_AND_SOURCE.match(text) and len(text.split()) <= 14 and not re.search(r"\d\s?/\s?\d", text)
    return bool(_LABEL.match(text) or re.search(r"(?:撮影|提供|摄|攝)$", text) or person_and_source) or _is_source_line(text)


def _is_source_line(text: str) -> bool:
    """Names an agency, and is nothing but names: no word in lower case except the small words of names."""
    if not _SOURCE.search(text) or len(text) > 90:
        return False
    small = _SMALL_WORDS.sub(" ", text)
    return not _LOWER_CASE_WORD.search(small)


def _has_prose(credit: str) -> bool:
    return len(credit) > 110 or len(credit.split()) > 14 or bool(_NEXT_SENTENCE.search(credit))


def _tidy_credit(credit: str) -> str | None:
    credit = credit.strip(" \t|–—-·•:;,")
    while (label := _LABEL.match(credit)) and label.end() < len(credit):
        credit = credit[label.end() :].strip(" |–—-:")
    if credit.count(")") > credit.count("("):
        credit = credit.rstrip(") ")
    return re.sub(r"\s*(?:撮影|摄|攝)$", "", credit) or None
