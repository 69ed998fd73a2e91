"""How speech is told in the languages whose speakers are looked for: small tables, all in lower case."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speech:
    """verbs: forms that tell speech, participles for compound tenses. according: what a speaker's name follows, "according to",
    by its first word. pronouns: of a speaker named before. determiners: what begins a mention without a name, "the minister".
    prepositions: a name right after one is not who speaks. drops_pronouns: "dijo" alone means he or she said."""

    verbs: frozenset[str]
    according: dict[str, tuple[tuple[str, ...], ...]]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]
    drops_pronouns: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(*phrases: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    split = [tuple(phrase.replace("'", "' ").replace("’", "’ ").split()) for phrase in phrases]
    return {first: tuple(words for words in split if words[0] == first) for first, *_ in split}


SPEECH = {
    "en": Speech(
        _words(
            "said says saying say added adds adding told tells telling wrote writes written asked asks replied replies answered "
            "declared declares explained explains stated states announced insisted insists warned warns argued argues called "
            "calls calling described describes tweeted posted recalled recalls noted notes admitted acknowledged concluded "
            "remarked responded joked quipped shouted continued testified predicted promised vowed complained observed claimed "
            "suggested urged denounced lamented pledged maintained conceded confirmed cried exclaimed proclaimed retorted "
            "implores implored whispered boasted mused commented emphasized stressed reiterated agreed dismissed dubbed termed"
        ),
        _phrases("according to", "in the words of"),
        _words("he she"),
        _words("the a an this that these those his her its their our one another some many several both two three no"),
        _words(
            "of in at to from with by for on near after before over under against about between into outside inside across "
            "through during than as like via toward towards behind among beside despite since until"
        ),
    ),
    "fr": Speech(
        _words(
            "dit déclaré déclare affirmé affirme expliqué explique ajouté ajoute assuré assure estimé estime indiqué indique "
            "lancé lance souligné souligne précisé précise confié confie raconté raconte répondu répond écrit poursuit poursuivi "
            "résume résumé regretté regrette martelé martèle insisté insiste commenté commente commencé conclu conclut promis "
            "promet reconnu reconnaît averti avertit prévenu prévient dénoncé dénonce plaidé plaide soutient soutenu note noté "
            "rappelé rappelle annoncé annonce fait observe observé qualifié qualifie tweeté réagi réagit ironise soupire "
            "témoigne témoigné juge jugé martelait disait expliquait ajoutait affirmait estimait déclarait"
        ),
        _phrases("selon", "d'après", "d’après", "pour"),
        _words("il elle"),
        _words("le la les l un une des ce cet cette ces son sa ses leur leurs"),
        _words("de du des d à au aux en dans par pour avec sur sous chez vers contre entre depuis près après avant sans comme"),
    ),
    "de": Speech(
        _words(
            "sagte sagt gesagt sagten erklärte erklärt betonte betont berichtete berichtet meinte meint schrieb schreibt "
            "geschrieben fügte ergänzte ergänzt erläuterte erzählte erzählt warnte warnt forderte fordert kritisierte kritisiert "
            "antwortete antwortet fragte fragt nannte nennt genannt sprach spricht gesprochen rief ruft versicherte kündigte "
            "behauptete äußerte hieß bestätigte bezeichnete räumte zitierte twitterte urteilte lobte versprach mahnte "
        ),
        _phrases("laut", "nach angaben von", "nach worten von", "zufolge", "so"),
        _words("er sie"),
        _words("der die das den dem des ein eine einer eines einem einen dieser diese sein seine ihr ihre"),
        _words("in im an am auf aus bei beim mit nach von vom vor zu zum zur für gegen über unter durch seit um bis ohne wie"),
    ),
    "es": Speech(
        _words(
            "dijo dice dicho declaró declara afirmó afirma explicó explica añadió añade aseguró asegura señaló señala indicó "
            "indica agregó agrega comentó comenta escribió escribe respondió responde contó cuenta advirtió advierte sostuvo "
            "sostiene insistió insiste manifestó apuntó apunta subrayó recordó reconoció expresó concluyó precisó "
            "destacó destaca recalcó recalca aseveró asevera admitió admite remató planteó reafirmó preguntaba preguntó "
            "anunció denunció lamentó consideró opinó calificó llamó prometió exclamó gritó relató reiteró confesó resumió"
        ),
        _phrases("según", "para", "a juicio de", "en palabras de", "de acuerdo con"),
        _words("él ella"),
        _words("el la los las un una unos unas este esta ese esa su sus"),
        _words("de del en a al por para con sobre desde hasta contra entre sin ante bajo tras según como"),
        drops_pronouns=True,
    ),
    "it": Speech(
        _words(
            "detto dice disse dichiarato dichiara affermato afferma spiegato spiega aggiunto aggiunge sottolineato sottolinea "
            "scritto scrive risposto risponde raccontato racconta assicurato assicura osservato osserva ricordato ricorda "
            "commentato commenta annunciato precisato precisa concluso conclude ribadito ribadisce definito definisce chiesto "
            "chiede ammesso avverte avvertito promesso sostiene sostenuto replicato rispose spiegò aggiunse dichiarò affermò"
        ),
        _phrases("secondo", "per", "a detta di", "a giudizio di"),
        _words("lui lei egli ella"),
        _words("il lo la i gli le l un uno una questo questa suo sua suoi sue"),
        _words(
            "di del dello della dei degli delle d da dal dalla a al alla in nel nella con su sul sulla per tra fra contro come"
        ),
        drops_pronouns=True,
    ),
    "pt": Speech(
        _words(
            "disse diz dito declarou declara afirmou afirma explicou explica acrescentou acrescenta garantiu garante sublinhou "
            "escreveu escreve respondeu responde contou conta avisou alertou alerta sustentou insistiu ressaltou destacou "
            "lembrou comentou comenta considerou anunciou admitiu reconheceu perguntou concluiu completou defendeu criticou "
            "lamentou prometeu chamou referiu salientou assegurou relatou reiterou adiantou realçou"
        ),
        _phrases("segundo", "de acordo com", "conforme", "nas palavras de", "para"),
        _words("ele ela"),
        _words("o a os as um uma uns umas este esta esse essa seu sua seus suas"),
        _words("de do da dos das em no na nos nas a ao à por pelo pela para com sobre desde até contra entre sem como"),
        drops_pronouns=True,
    ),
    "nl": Speech(
        _words(
            "zei zegt gezegd verklaarde verklaart vertelde vertelt schreef schrijft geschreven benadrukte benadrukt antwoordde "
            "reageerde reageert stelde stelt meldde meldt voegde vindt vond noemde noemt genoemd waarschuwde waarschuwt legde "
            "legt riep vroeg vraagt besloot beloofde bevestigde bevestigt erkende erkent aldus concludeerde liet"
        ),
        _phrases("volgens", "aldus", "in de woorden van"),
        _words("hij zij ze"),
        _words("de het een deze dit die dat zijn haar hun"),
        _words("van in op aan bij met naar uit voor tegen over onder door sinds om tot zonder als tussen"),
    ),
}

AUXILIARIES = _words(
    "a a-t ont ha han hat haben has had have also later then once again is was est et und y e ont aussi auch también anche sich "
    "se lui zudem weiter"
)
"""Words that may stand between a speaker and the verb."""

BE = _words(
    "is are was were be been being est sont été était wird werden wurde wurden worden es fue son ser è stato é foi werd wordt"
)
"""A verb of speech after one of these is passive."""

SUBORDINATING = _words(
    "if when while after although though as because since before once wenn als nachdem obwohl während weil bevor si quand "
    "lorsque alors cuando aunque mientras se quando mentre enquanto als toen terwijl"
)
"""Who a clause that begins so is about need not be who speaks in the next one."""

PARTICLES = _words("de del della di da dos das do du des la le van von der den ter ten al el bin ben ibn abu af y e")
"""Small words inside a name: Ursula von der Leyen."""

TITLES = _words(
    "mr mrs ms miss dr prof professor president vice prime minister premier chancellor senator sen rep representative gov "
    "governor mayor secretary general gen col colonel lt lieutenant capt captain maj major sgt sergeant adm admiral judge "
    "justice attorney chief chairman chairwoman director deputy foreign finance defense defence interior spokesman spokeswoman "
    "spokesperson ambassador commissioner congressman congresswoman coach bishop cardinal archbishop rev reverend former acting "
    "us u.s uk mp ceo cfo conservative labour democrat republican state press officer detective inspector superintendent "
    "m mme mlle monsieur madame président présidente ministre maire docteur me "
    "herr frau bundeskanzler bundeskanzlerin bundespräsident "
    "señor señora sr sra don doña presidente presidenta ministro ministra alcalde alcaldesa general "
    "signor signora dott dottor onorevole sindaco senhor senhora doutor governador prefeito minister-president mevrouw meneer"
)
"""What may stand before a name and is no part of it, without its full stop."""

GERMAN_ROLE = (
    r".*(?:minister|kanzler|präsident|sprecher|chef|leiter|direktor|vorsitzende|politiker|trainer|experte|anwalt|meister|"
)
GERMAN_ROLE += r"professor|forscher|sekretär|autor|bürger|beamte|general|rat|nachbar|zeuge|kollege|kandidat)(?:in|r|n|innen)?"

NO_NAMES = _words(
    "i we you they it he she the a an this that these those there here but and so yet or if when while as for in on at no yes "
    "not what who why how where then now his her its their our my your "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december english french german spanish american british russian chinese european "
    "ministry government department agency office officials police authorities union council committee court parliament "
    "mais et ou il elle ils elles je nous vous on ce le la les un une des l lundi mardi mercredi jeudi vendredi samedi dimanche "
    "jemand niemand alle viele man "
    "der die das er sie es wir ich aber und auch doch so ein eine in im am montag dienstag mittwoch donnerstag freitag samstag "
    "sonntag el los las una y pero él ella yo il lo gli uno ma e o os as um uma mas de het een en maar hij zij"
)
"""Words that are no name, though a capital may begin them."""
