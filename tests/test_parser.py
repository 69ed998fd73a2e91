"""What a person types: what each of many real inputs means, what is refused, and that nothing is ever an error."""

import re
from datetime import date
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.analysis.analyzer import exact_terms
from search.errors import QueryRefused
from search.query.format import describe
from search.query.nodes import (
    ANY,
    Added,
    And,
    DateRange,
    FieldEquals,
    Fuzzy,
    Has,
    MatchAll,
    MatchNone,
    Near,
    Not,
    Or,
    Phrase,
    PhrasePrefix,
    Prefix,
    Query,
    Quoted,
    Removed,
    Wildcard,
    Word,
)
from search.query.parsing.date_ranges import period
from search.query.parsing.parser import parse
from search.query.parsing.quoted_forms import quoted_forms
from search.settings import Limits


def all_of(*parts: Query) -> Query:
    return And(parts)


def any_of(*parts: Query) -> Query:
    return Or(parts)


def phrase(words: str, field: str = ANY) -> Query:
    return Phrase(tuple(words.split()), field)


def begun(words: str, start: str, field: str = ANY) -> Query:
    return PhrasePrefix(tuple(words.split()), start, field)


def days(first: str | None, last: str | None) -> Query:
    return DateRange(*(date.fromisoformat(day).toordinal() if day else None for day in (first, last)))


lang = partial(FieldEquals, "language")

WAR, PEACE, ADA, BO = Word("war", "said"), Word("peace", "said"), Word("ada", "by"), Word("bo", "by")

MEANINGS: list[tuple[str, Query]] = [
    ("said:war", WAR),
    ("by:ada", ADA),
    ("by:ada by:bo", all_of(ADA, BO)),
    ("by:ada war", all_of(ADA, Word("war"))),
    ("said:war by:ada", Quoted(WAR, ADA)),
    ('by:"Ada Marsh" said:"the war"', Quoted(phrase("the war", "said"), phrase("ada marsh", "by"))),
    ("said:war said:peace by:ada", all_of(Quoted(WAR, ADA), Quoted(PEACE, ADA))),
    ("said:war by:ada by:bo", all_of(Quoted(WAR, ADA), Quoted(WAR, BO))),
    ("said:war (by:ada OR by:bo)", any_of(Quoted(WAR, ADA), Quoted(WAR, BO))),
    ("(said:war OR said:peace) by:ada", any_of(Quoted(WAR, ADA), Quoted(PEACE, ADA))),
    ("(said:war OR peace) by:ada", all_of(any_of(Quoted(WAR, ADA), Word("peace")), ADA)),
    ("said:war OR by:ada", any_of(WAR, ADA)),
    ("said:war -by:ada", all_of(WAR, Not(ADA))),
    ("-said:war by:ada", all_of(Not(Quoted(WAR, ADA)), ADA)),
    ("(said:war by:ada) said:peace by:bo", all_of(Quoted(WAR, ADA), Quoted(PEACE, BO))),
    ("cease-fire", any_of(Word("ceasefire"), phrase("cease fire"))),
    ("“high-level talks”", phrase("high level talks")),
    ('"to be or not to be"', phrase("to be or not to be")),
    ('"talks"', phrase("talks")),
    ('"the"', phrase("the")),
    ('"unbalanced', Word("unbalanced")),
    ('un"balanced', phrase("un balanced")),
    ('a "b', all_of(Word("a"), Word("b"))),
    ("(a b", all_of(Word("a"), Word("b"))),
    ("a b)", all_of(Word("a"), Word("b"))),
    ("((a)", Word("a")),
    ("+", MatchNone()),
    ("-", MatchNone()),
    ("AND", MatchNone()),
    ("OR", MatchNone()),
    ("NOT", MatchNone()),
    ("AND OR NOT", MatchNone()),
    ("a AND", Word("a")),
    ("OR b", Word("b")),
    ("NOT a", Not(Word("a"))),
    ("a -b", all_of(Word("a"), Not(Word("b")))),
    ("a - b", all_of(Word("a"), Word("b"))),
    ("a -", Word("a")),
    ("+a b", all_of(Word("a"), Word("b"))),
    ("+a OR b", all_of(Word("a"), any_of(Word("a"), Word("b")))),
    ("a OR +b", all_of(Word("b"), any_of(Word("a"), Word("b")))),
    ("+a OR +b", all_of(Word("a"), Word("b"))),
    ("+a OR 👍", Word("a")),
    ("a OR b", any_of(Word("a"), Word("b"))),
    ("a b OR c d", all_of(Word("a"), any_of(Word("b"), Word("c")), Word("d"))),
    ("a AND b OR c", any_of(all_of(Word("a"), Word("b")), Word("c"))),
    ("a OR b AND c", any_of(Word("a"), all_of(Word("b"), Word("c")))),
    ("a OR NOT b", any_of(Word("a"), Not(Word("b")))),
    ("a NOT b", all_of(Word("a"), Not(Word("b")))),
    ("NOT NOT a", Word("a")),
    ("-(a OR b)", Not(any_of(Word("a"), Word("b")))),
    ('-"a b"', Not(phrase("a b"))),
    ('+"a b"', phrase("a b")),
    ("a:b", phrase("a b")),
    ("foo:bar baz", all_of(phrase("foo bar"), Word("baz"))),
    ("http://example.com/a?b=c", phrase("http example com a b c")),
    ("me@example.com", phrase("me example com")),
    ("👍", MatchNone()),
    ("peace 👍", Word("peace")),
    ("שלום עולם", all_of(Word("שלום"), Word("עולם"))),
    ("a\x00b", phrase("a b")),
    ("\ud800", MatchNone()),
    ("who did it?", all_of(Word("who"), Word("did"), Word("it"))),
    ("why?", Word("why")),
    ("5'10\"", any_of(Word("510"), phrase("5 10"))),
    ("rock 'n' roll", all_of(Word("rock"), Word("n"), Word("roll"))),
    ("(((", MatchNone()),
    ("))))", MatchNone()),
    ("--", MatchNone()),
    ("---", MatchNone()),
    ("c++ -java", all_of(Word("c++"), Not(Word("java")))),
    ("C++", Word("c++")),
    ("C#", Word("c#")),
    ("AT&T", any_of(Word("att"), phrase("at t"))),
    ("and/Or", any_of(Word("andor"), phrase("and or"))),
    ("peace and war", all_of(Word("peace"), Word("and"), Word("war"))),
    ("headline:(a b)", all_of(Word("a", field="headline"), Word("b", field="headline"))),
    ('headline:"a b"', phrase("a b", field="headline")),
    ("headline:a b", all_of(Word("a", field="headline"), Word("b"))),
    ("author:O'Brien", phrase("o brien", field="author")),
    ("lang:fr", lang("fr")),
    ("LANG:FR", lang("fr")),
    ("has:caption", Has("caption")),
    ("has:nonsense", MatchNone()),
    ("has:", Word("has")),
    ("headline:", Word("headline")),
    ("headline: a", all_of(Word("headline"), Word("a"))),
    ("date:2022", days("2022-01-01", "2022-12-31")),
    ("date:2022-13", MatchNone()),
    ("date:2022-02-30", MatchNone()),
    ("date:[* TO 2020]", days(None, "2020-12-31")),
    ("date:[2020 TO *]", days("2020-01-01", None)),
    ("date:2020..2021", days("2020-01-01", "2021-12-31")),
    ("date:[2020 TO 2021", days("2020-01-01", "2021-12-31")),
    ("after:2022-03-10", days("2022-03-10", None)),
    ("before:2022", days(None, "2022-12-31")),
    ("after:x", MatchNone()),
    ("w?rd", Wildcard("w?rd")),
    ("wor*", Prefix("wor")),
    ("*", MatchAll()),
    ("**", MatchNone()),
    ("* *", MatchNone()),
    ("word~", Fuzzy("word", 1)),
    ("word~2", Fuzzy("word", 2)),
    ("U.S.~", Word("u.s.")),
    ("C++~", Fuzzy("c++", 1)),
    ("word~1", Fuzzy("word", 1)),
    ("wo~", phrase("wo")),
    ('"a b"~5', Near("a", "b", 5)),
    ('"a b c"~5', all_of(Near("a", "b", 5), Near("b", "c", 5))),
    ('"a"~5', phrase("a")),
    ('"a b"~0', Near("a", "b", 0)),
    ('"a b"~', phrase("a b")),
    ('headline:"a b"~5', Near("a", "b", 5, field="headline")),
    ('headline:(a OR "b c")', any_of(Word("a", field="headline"), phrase("b c", field="headline"))),
    ("caption:-foo", Word("foo", field="caption")),
    ("-caption:foo", Not(Word("foo", field="caption"))),
    ("neg*tion", Wildcard("neg*tion")),
    ("?", MatchNone()),
    ("???", MatchNone()),
    ("what?*", Wildcard("what?*")),
    ("北京", Word("北京")),
    ("北京大学", phrase("北 京 大 学")),
    ("北京*", Word("北京")),
    ("東京 OR 大阪", any_of(Word("東京"), Word("大阪"))),
    ("ｆｕｌｌ\u3000ｗｉｄｔｈ", all_of(Word("full"), Word("width"))),
    ("한국어", phrase("한 국 어")),
    ("US", any_of(Word("us"), Word("u.s."))),
    ("U.S.", Word("u.s.")),
    ("U.S. troops", all_of(Word("u.s."), Word("troops"))),
    ("10.03.2022", Word("10.03.2022")),
    ("1,000", Word("1000")),
    ("$1.5bn", Word("1.5bn")),
    ("l'accord", Word("accord")),
    ("d'Évian", Word("évian")),
    ("people's", Word("people")),
    ("peace,treaty", all_of(Word("peace"), Word("treaty"))),
    ("peace—treaty", all_of(Word("peace"), Word("treaty"))),
    ("peace/treaty", any_of(Word("peacetreaty"), phrase("peace treaty"))),
    ("peace.treaty", phrase("peace treaty")),
    ("end...start", all_of(Word("end"), Word("start"))),
    ("a;b", all_of(Word("a"), Word("b"))),
    ('"high-level talks"~3', all_of(Near("high", "level", 3), Near("level", "talks", 3))),
    ('"cease-fire"', phrase("cease fire")),
    ("\"O'Brien's\"", phrase("o brien s")),
    ('""', MatchNone()),
    ('" "', MatchNone()),
    ('"!!!"', MatchNone()),
    ("!!!", MatchNone()),
    ("a AND (b OR", all_of(Word("a"), Word("b"))),
    ("a OR OR b", any_of(Word("a"), Word("b"))),
    ("a AND AND b", all_of(Word("a"), Word("b"))),
    ("NOT (", MatchNone()),
    ("-()", MatchNone()),
    ("()", MatchNone()),
    ("( )", MatchNone()),
    ("+(", MatchNone()),
    ("headline:()", Word("headline")),
    ("headline:(-a b", all_of(Not(Word("a", field="headline")), Word("b"))),
    ("headline:(NOT a", Not(Word("a", field="headline"))),
    ("date:2022.", days("2022-01-01", "2022-12-31")),
    ("date:2022-03-04,", days("2022-03-04", "2022-03-04")),
    ("(before:2022?)", days(None, "2022-12-31")),
    ("date:2020..", MatchNone()),
    ("has:caption;", Has("caption")),
    ("lang:fr, accord", all_of(lang("fr"), Word("accord"))),
    ("headline:-", MatchNone()),
    ("has:caption headline:x", all_of(Has("caption"), Word("x", field="headline"))),
    ("-has:caption", Not(Has("caption"))),
    ("lang:fr OR lang:de", any_of(lang("fr"), lang("de"))),
    ("url:example.com/a-b", phrase("example com a b", field="url")),
    ('tag:"climate change"', phrase("climate change", field="tag")),
    ("section:World", Word("world", field="section")),
    ("date:2022 OR x", any_of(days("2022-01-01", "2022-12-31"), Word("x"))),
    ("foo(bar)", all_of(Word("foo"), Word("bar"))),
    ("foo(bar", all_of(Word("foo"), Word("bar"))),
    ('a"b"c', phrase("a b c")),
    ('"a"b', all_of(phrase("a"), Word("b"))),
    ('"a" "b"', all_of(phrase("a"), phrase("b"))),
    ('"a""b"', all_of(phrase("a"), phrase("b"))),
    ("a\nb", all_of(Word("a"), Word("b"))),
    ("a\tb", all_of(Word("a"), Word("b"))),
    ("ANDY", any_of(Word("andy"), Word("a.n.d.y."))),
    ("ORB", any_of(Word("orb"), Word("o.r.b."))),
    ("NOTHING", Word("nothing")),
    ("a AND(b)", all_of(Word("a"), Word("b"))),
    ("a OR(b)", any_of(Word("a"), Word("b"))),
    ("nothing", Word("nothing")),
    ("everything", Word("everything")),
    ("date", Word("date")),
    ("date:", Word("date")),
    ("date: 2022", all_of(Word("date"), Word("2022"))),
    ("headline:date:2022", days("2022-01-01", "2022-12-31")),
    ("x:date:2022", all_of(Word("x"), days("2022-01-01", "2022-12-31"))),
    ('"date:2022"', phrase("date 2022")),
    ('date:"2022"', days("2022-01-01", "2022-12-31")),
    ('lang:"fr"', lang("fr")),
    ('lang:x"y', all_of(lang("x"), Word("y"))),
    ("has:caption,credit", MatchNone()),
    ("word^2", phrase("word 2")),
    ("a && b", all_of(Word("a"), Word("b"))),
    ("a || b", all_of(Word("a"), Word("b"))),
    ("!a", Word("a")),
    ("a=b", phrase("a b")),
    ("<b>x</b>", phrase("b x b")),
    ("a\\b", phrase("a b")),
    ('\\"a\\"', phrase("a")),
    ("[a TO b]", all_of(Word("a"), any_of(Word("to"), Word("t.o.")), Word("b"))),
    ("{a}", Word("a")),
    ("a~b", phrase("a b")),
    ("~", MatchNone()),
    ("~2", Word("2")),
    ("foo~foo", phrase("foo foo")),
    ("co-op~", all_of(phrase("co"), phrase("op"))),
    ("-foo-bar", Not(any_of(Word("foobar"), phrase("foo bar")))),
    ("foo -bar-baz", all_of(Word("foo"), Not(any_of(Word("barbaz"), phrase("bar baz"))))),
    ("−foo", Not(Word("foo"))),
    ("–foo", Word("foo")),
    ("foo –bar", all_of(Word("foo"), Word("bar"))),
    ("e-mail: me", all_of(any_of(Word("email"), phrase("e mail")), Word("me"))),
    ("Re: talks", all_of(Word("re"), Word("talks"))),
    ("time:10:30", phrase("time 10 30")),
    ("10:30", phrase("10 30")),
    ("3:16", phrase("3 16")),
    ("John 3:16", all_of(Word("john"), phrase("3 16"))),
    ('author:"Jane Smith"', phrase("jane smith", field="author")),
    ("author:Jane author:John", all_of(Word("jane", field="author"), Word("john", field="author"))),
    ("a b c d OR e", all_of(Word("a"), Word("b"), Word("c"), any_of(Word("d"), Word("e")))),
    ("(a OR b) (c OR d)", all_of(any_of(Word("a"), Word("b")), any_of(Word("c"), Word("d")))),
    ("a (b)", all_of(Word("a"), Word("b"))),
    ("(a)(b)", all_of(Word("a"), Word("b"))),
    ("a OR (b c)", any_of(Word("a"), all_of(Word("b"), Word("c")))),
    ("to:", Word("to")),
    ("body:foo*", Prefix("foo", field="body")),
    ("body:fo?d", Wildcard("fo?d", field="body")),
    ("body:food~", Fuzzy("food", 1, field="body")),
    ("credit:AP", Word("ap", field="credit")),
    ('publisher:"Der Spiegel"', phrase("der spiegel", field="publisher")),
    ("place:GENEVA", Word("geneva", field="place")),
    ('nope:"a b"', all_of(Word("nope"), phrase("a b"))),
    ("abc*?", Prefix("abc")),
    ("a?", Word("a")),
    ("wh?t?", Wildcard("wh?t")),
    ("*:*", MatchAll()),
    ("abc한*", all_of(Word("abc"), Word("한"))),
    ("*.*", MatchNone()),
    ('"*"', MatchNone()),
    ('"wor*"', Prefix("wor")),
    ('"quick bro*"', begun("quick", "bro")),
    ('"the quick bro*"', begun("the quick", "bro")),
    ('"high-level neg*"', begun("high level", "neg")),
    ('"cease-fir*"', begun("cease", "fir")),
    ('"O\'Brie*"', begun("o", "brie")),
    ('"the U.S.*"', phrase("the u s")),
    ('"some 1,00*"', begun("some", "1,00")),
    ('"QUICK Bró*"', begun("quick", "bro")),
    ('"quick bro*."', begun("quick", "bro")),
    ('"(quick bro*)"', begun("quick", "bro")),
    ('"quick bro* ..."', begun("quick", "bro")),
    ('"quick bro**"', begun("quick", "bro")),
    ('"quick bro*?"', begun("quick", "bro")),
    ('"quick bro*', all_of(Word("quick"), Prefix("bro"))),
    ('headline:"quick bro*"', begun("quick", "bro", "headline")),
    ('author:"ada mar*"', begun("ada", "mar", "author")),
    ('-"quick bro*"', Not(begun("quick", "bro"))),
    ('"quick bro*"~5', begun("quick", "bro")),
    ('"bro*"~5', Prefix("bro")),
    ('by:"ada mar*" said:"the tru*"', Quoted(begun("the", "tru", "said"), begun("ada", "mar", "by"))),
    ('"北京*"', phrase("北 京")),
    ('"abc한*"', phrase("abc 한")),
    ('"qu* brown"', phrase("qu brown")),
    ('"quick * fox"', phrase("quick fox")),
    ('"quick bro *"', phrase("quick bro")),
    ('"quick-*"', phrase("quick")),
    ('"C++*"', phrase("c++")),
    ('"b?own fox*"', begun("b own", "fox")),
    ('"quick bro?*"', phrase("quick bro")),
    ('"who did it?"', phrase("who did it")),
    ('"why? he said"', phrase("why he said")),
    ('"gorbachov~ visits"', phrase("gorbachov visits")),
    ('"gorbachov~2 visits"', phrase("gorbachov visits")),
    ('"5~10 people"', phrase("5 10 people")),
    ('"peace OR war"', phrase("peace or war")),
    ('"NOT peace -war +talks"', phrase("not peace war talks")),
    ('"http://example.com/a?b=c*"', phrase("http example com a b c")),
    ('"w?rd x"', phrase("w rd x")),
    ("wo~", phrase("wo")),
    ("word~0", Word("word")),
    ("中美~", Word("中美")),
    ("ab~2", phrase("ab")),
    ("neg?-foo", all_of(Word("neg"), Word("foo"))),
    ("who?what", Wildcard("who?what")),
    ("1.5*", Prefix("1.5")),
    ("foo-*", Word("foo")),
    ("cease-fir*", all_of(Word("cease"), Prefix("fir"))),
    ("O'Brie*", all_of(Word("o"), Prefix("brie"))),
    ("http://example.com/a*b?c=d", phrase("http example com a b c d")),
    ("lang:pt-BR", lang("pt")),
    ('lang:""', MatchNone()),
    ("date:[2021 TO 2020]", days("2020-01-01", "2021-12-31")),
    ("date:[2020 to 2021]", days("2020-01-01", "2021-12-31")),
    ("date:2022-03-04", days("2022-03-04", "2022-03-04")),
    ("date:0000", MatchNone()),
    ("date:99999", MatchNone()),
    ("US troops", all_of(any_of(Word("us"), Word("u.s.")), Word("troops"))),
    ("US TROOPS LEAVE", all_of(Word("us"), Word("troops"), Word("leave"))),
    ("NATO", any_of(Word("nato"), Word("n.a.t.o."))),
    ("a OR", Word("a")),
    ("NOT NOT NOT a", Not(Word("a"))),
    ("-(-a)", Word("a")),
    ("NOT -a", Word("a")),
    ("a OR -b", any_of(Word("a"), Not(Word("b")))),
    ("a AND OR b", all_of(Word("a"), Word("b"))),
    ("( ( (a", Word("a")),
    ("a :( b", all_of(Word("a"), Word("b"))),
    ('"a" OR "b" c', all_of(any_of(phrase("a"), phrase("b")), Word("c"))),
    ("not a", all_of(Word("not"), Word("a"))),
    ("NOT", MatchNone()),
    ("aujourd'hui", any_of(Word("aujourdhui"), phrase("aujourd hui"))),
    ("Łódź", Word("łódź")),
    ('"naïve"', phrase("naive")),
    ("naïve", Word("naïve")),
    ("NAÏVE*", Prefix("naive")),
    ("résumé~", Fuzzy("resume", 1)),
    ('"US"', phrase("us")),
    ("don't", any_of(Word("dont"), phrase("don t"))),
    ("Ph.D.", any_of(Word("phd"), phrase("ph d"))),
    ("Ph. D.", any_of(Word("phd"), phrase("ph d"))),
    ("a & b", all_of(Word("a"), Word("b"))),
    ("R&D", any_of(Word("rd"), phrase("r d"))),
    ("'peace talks'", all_of(Word("peace"), Word("talks"))),
    ("‘peace’", Word("peace")),
    ("«accord»", phrase("accord")),
    ("„Frieden“", phrase("frieden")),
    ("peace...", Word("peace")),
    ("#climate", Word("climate")),
    ("@user", Word("user")),
    ("50%", Word("50")),
    ("$", MatchNone()),
    ("C#/C++", phrase("c# c++")),
    ("20-year-old", any_of(Word("20yearold"), phrase("20 year old"))),
    ("e.g.", any_of(Word("e.g."), Word("eg"))),
    ('author:"O\'Brien"', phrase("o brien", field="author")),
    ("author:l'Oréal", phrase("l oreal", field="author")),
    ("section:us", Word("us", field="section")),
    ("tag:US", Word("us", field="tag")),
    ("headline:US", any_of(Word("us", field="headline"), Word("u.s.", field="headline"))),
    ("headline:cease-fire", any_of(Word("ceasefire", field="headline"), phrase("cease fire", field="headline"))),
    ('caption:"a b" OR credit:x', any_of(phrase("a b", field="caption"), Word("x", field="credit"))),
    ("-lang:fr", Not(lang("fr"))),
    ("after:2022 before:2023 peace", all_of(days("2022-01-01", None), days(None, "2023-12-31"), Word("peace"))),
    ('x"y z"', all_of(phrase("x y"), Word("z"))),
    ('"a\nb"', phrase("a b")),
    ('"北京大学"', phrase("北 京 大 学")),
    ('"北京"', phrase("北 京")),
    ('"US troops"', any_of(phrase("us troops"), phrase("u s troops"))),
    ('"U.S."', phrase("u s")),
    ('"U.K."', any_of(phrase("u k"), phrase("uk"))),
    ('"U.S. troops"', any_of(phrase("u s troops"), phrase("us troops"))),
    ('"U.S. troops"~5', all_of(Near("u", "s", 0), Near("s", "troops", 5))),
    ('"J. R. R. Tolkien"', any_of(phrase("j r r tolkien"), phrase("jrr tolkien"))),
    ('"a PhD"', any_of(phrase("a phd"), phrase("a ph d"))),
    ('"a Ph.D."', any_of(phrase("a ph d"), phrase("a phd"))),
    ('"John F. Kennedy"', phrase("john f kennedy")),
    ('"US TROOPS"', phrase("us troops")),
    ("J. R. R. Ely", all_of(any_of(Word("j.r.r."), Word("jrr")), Word("ely"))),
    ("JRR", any_of(Word("jrr"), Word("j.r.r."))),
    ("J.R.R.-led", any_of(Word("jrrled"), phrase("j r r led"))),
    ("author:J.R.R.", phrase("j r r", field="author")),
    ("U.S.*", Word("u.s.")),
    ("12 000 jobs", all_of(any_of(Word("12000"), all_of(Word("12"), Word("000"))), Word("jobs"))),
    ("added:(headline:truce talks)", all_of(Added(Word("truce", "headline")), Added(Word("talks")))),
    ("headline:(removed:truce talks)", all_of(Removed(Word("truce", "headline")), Word("talks", "headline"))),
    ("peugeot 205 405", all_of(Word("peugeot"), any_of(Word("205405"), all_of(Word("205"), Word("405"))))),
    ("1 234 567", Word("1234567")),
    ("in 2021 300", all_of(Word("in"), Word("2021"), Word("300"))),
    ("headline:12\u202f000", Word("12000", field="headline")),
    ("a 2021 300", all_of(Word("a"), Word("2021"), Word("300"))),
    ('"12,000 jobs"', any_of(phrase("12000 jobs"), phrase("12 000 jobs"))),
    ('"12 000 jobs"', any_of(phrase("12000 jobs"), phrase("12 000 jobs"))),
    ('"12000.5"', any_of(phrase("12000.5"), phrase("12 000.5"))),
    ('"in 2022"', phrase("in 2022")),
    ('"12000 13000 14000"', phrase("12000 13000 14000")),
    ('"12, 000"', phrase("12 000")),
    ("٢٠٢١", Word("2021")),
    ('צה"ל', Word("צהל")),
    ('"דובר צה"ל"', phrase("דובר צהל")),
    ('ב"הארץ"', phrase("ב הארץ")),
    ("col·legi", Word("collegi")),
    ("کتاب\u200cها", any_of(Word("کتابها"), phrase("كتاب ها"))),
    ('"کتاب\u200cها"', any_of(phrase("كتاب ها"), phrase("كتابها"))),
    ("a.b~", any_of(Word("a.b."), Word("ab"))),
    ('"US" OR U.S.', any_of(phrase("us"), Word("u.s."))),
]


@pytest.mark.parametrize(("typed", "query"), MEANINGS, ids=[repr(typed) for typed, _ in MEANINGS])
def test_what_is_typed_means(typed: str, query: Query) -> None:
    assert parse(typed).query == query


def test_pieces_without_a_meaning_are_named_with_the_reason() -> None:
    assert parse('peace 👍 "" - has:nonsense date:2022-13').ignored[:3] == ("👍", '""', "-")
    assert parse("has:nonsense").ignored[0].startswith("has:nonsense (use one of caption, credit,")
    assert parse("date:2022-13").ignored == ("date:2022-13 (not a date such as 2022, 2022-03, 2022-03-04 or last-month)",)
    assert parse("AND OR").ignored == ("AND", "OR")
    assert parse("???").ignored == ("???",)


IDLE = {
    "a OR": ("OR",),
    "AND a": ("AND",),
    "a OR OR b": ("OR",),
    "(a AND ) NOT": ("AND", "NOT"),
    "a NOT ()": ("NOT",),
    "a -()": ("-",),
    "a OR 👍": ("👍", "OR"),
    "NOT NOT a": (),
    "wo~ word": ("wo~",),
    "ab~2": ("ab~2",),
    "word~0": ("~0",),
    "北京~": ("~",),
    "foo-*": ("foo-*",),
    "foo-* 北京* foo? neg?-foo http://example.com/a*": ("foo-*",),
    "headline:👍": ("headline:👍",),
    'removed:headline:"👍"': ('removed:headline:"👍"',),
    "headline:date:2022": ("headline:",),
    "removed:has:caption": ("removed:",),
    "lang:pt-BR": ("lang:pt-BR",),
    "date:2022. has:caption, +a OR b": (),
}


@pytest.mark.parametrize("typed", IDLE)
def test_what_does_nothing_is_named(typed: str) -> None:
    assert tuple(str(piece).partition(" (")[0] for piece in parse(typed).ignored) == IDLE[typed]


IN_QUOTES = {
    '"qu* brown"': ("qu*",),
    '"br?wn fox"': ("br?wn",),
    '"quick * fox"': ("*",),
    '"quick bro *"': ("*",),
    '"*quick bro*"': ("*quick",),
    '"quick-*"': ("quick-*",),
    '"C++*"': ("C++*",),
    '"quick bro?*"': ("bro?*",),
    '"gorbachov~ visits"': ("gorbachov~",),
    '"gorbachov~2 visits"': ("gorbachov~2",),
    '"w?rd x* y~ z*"~2': ("w?rd", "x*", "y~", "~2"),
    '"quick bro*"~5': ("~5",),
    '"quick"~5': ("~5",),
    '"*"': ('"*"',),
    '"quick bro*" "who did it?" "北京*" "5~10 people" "NOT a OR -b"': (),
}


@pytest.mark.parametrize("typed", IN_QUOTES)
def test_signs_in_quotation_marks_count_or_are_named(typed: str) -> None:
    assert tuple(str(piece).partition(" (")[0] for piece in parse(typed.replace("z*", "zoo*")).ignored) == IN_QUOTES[typed]


def test_why_a_sign_in_quotation_marks_is_ignored() -> None:
    assert parse('"qu* brown"').ignored == ("qu* (inside quotation marks, * works only at the end of the last word)",)
    assert parse('"quick bro*"~5').ignored == ("~5 (works only after two or more words without *)",)


TODAY = date(2024, 3, 31)  # a Sunday
RELATIVE = [
    ("date:today", days("2024-03-31", "2024-03-31")),
    ("date:TODAY", days("2024-03-31", "2024-03-31")),
    ('date:"yesterday"', days("2024-03-30", "2024-03-30")),
    ("after:yesterday", days("2024-03-30", None)),
    ("before:yesterday", days(None, "2024-03-30")),
    ("date:this-week", days("2024-03-25", "2024-03-31")),
    ("date:last week", days("2024-03-18", "2024-03-24")),
    ('after:"last month"', days("2024-02-01", None)),
    ("before:last_month", days(None, "2024-02-29")),
    ("date:this month", days("2024-03-01", "2024-03-31")),
    ("date:last year", days("2023-01-01", "2023-12-31")),
    ("date:last 7 days", days("2024-03-24", "2024-03-31")),
    ("date:last-1-months", days("2024-02-29", "2024-03-31")),
    ("after:2 weeks ago", days("2024-03-17", None)),
    ("after:13-months-ago", days("2023-02-28", None)),
    ("after:-7d", days("2024-03-24", None)),
    ("after:1y before:-1W", all_of(days("2023-03-31", None), days(None, "2024-03-24"))),
    ("date:[last-year TO yesterday]", days("2023-01-01", "2024-03-30")),
    ("date:[last year TO 2 days ago]", days("2023-01-01", "2024-03-29")),
    ("date:[ 2023-01-01 TO this month", days("2023-01-01", "2024-03-31")),
    ("date:-7d..today", days("2024-03-24", "2024-03-31")),
    ("truce date:last month talks", all_of(Word("truce"), days("2024-02-01", "2024-02-29"), Word("talks"))),
    ("-date:last week", Not(days("2024-03-18", "2024-03-24"))),
    ("(date:2 days ago) OR x", any_of(days("2024-03-29", "2024-03-29"), Word("x"))),
    ("date:2023 days ago", days("2018-09-16", "2018-09-16")),
    ("date:2023 days", all_of(days("2023-01-01", "2023-12-31"), Word("days"))),
    ("date:last monthly", Word("monthly")),
    ("date:last", MatchNone()),
    ("date:tomorrow", MatchNone()),
    ("date:last century", Word("century")),
    ("date:2024-years-ago", MatchNone()),
    ("after:9999m", days("1190-12-31", None)),
    ("date:this-7-days", MatchNone()),
    ("date:99999d", MatchNone()),
    ("last month", all_of(Word("last"), Word("month"))),
    ("yesterday", Word("yesterday")),
    ('"date:last month"', phrase("date last month")),
]


@pytest.mark.parametrize(("typed", "query"), RELATIVE, ids=[typed for typed, _ in RELATIVE])
def test_dates_may_be_told_from_today(typed: str, query: Query) -> None:
    assert parse(typed, today=TODAY).query == query


@given(st.dates(), st.sampled_from([typed for typed, _ in RELATIVE]))
def test_a_relative_date_is_written_out_as_the_days_it_means(today: date, typed: str) -> None:
    understood = parse(typed, today=today)
    if understood.query != MatchNone():
        assert parse(understood.text, today=TODAY).query == understood.query


def test_words_without_a_field_are_looked_for_in_the_fields_asked_for() -> None:
    fields = ("headline", "author")
    assert parse("o'brien tag:x", fields=fields).query == all_of(
        any_of(Word("obrien", "headline"), phrase("o brien", "headline"), phrase("o brien", "author")), Word("x", "tag")
    )
    assert parse('"a b"~2', fields=fields).query == any_of(Near("a", "b", 2, "headline"), Near("a", "b", 2, "author"))
    assert parse("wor* -x~", fields=("body",)).query == all_of(Prefix("wor", "body"), Not(phrase("x", "body")))


def nested(depth: int) -> str:
    return "(" * depth + "a" + ")" * depth


def numbered(count: int, joiner: str = " ", form: str = "w{}") -> str:
    return joiner.join(form.format(number) for number in range(count))


WITHIN = {
    "characters": "x" * 1_000,
    "words": numbered(64),
    "depth": nested(20),
    "unclosed": "(" * 1_000,
    "unopened": ")" * 1_000,
    "phrase": f'"{numbered(32)}"',
    "proximity": '"a b"~20',
    "patterns": numbered(4, form="word{}*"),
    "typos": numbered(4, form="word{}~"),
    "negations": "NOT " * 240 + "a",
    "minus signs": "-(" * 400,
    "quotation marks": '"' * 1_000,
    "fields": "headline:" * 110,
}


@pytest.mark.parametrize("typed", WITHIN.values(), ids=WITHIN)
def test_what_keeps_within_the_limits_is_answered(typed: str) -> None:
    parse(typed)


PAST = [
    ("x" * 1_001, "characters", 1_000),
    (numbered(65), "words", 64),
    (numbered(65, " OR "), "words", 64),
    ('"' + numbered(32) + '" "' + numbered(32) + '" w', "words", 64),
    (nested(21), "depth", 20),
    ("NOT (" * 21 + "a" + ")" * 21, "depth", 20),
    ('a" ' + "(" * 480 + "x" + ")" * 480 + ' "', "depth", 20),  # quotation marks at the end of a word open no phrase
    ('( ")" ' * 100 + ")" * 100, "depth", 20),
    (f'"{numbered(33)}"', "phrase_words", 32),
    (numbered(33, "."), "phrase_words", 32),
    (numbered(33, "-"), "phrase_words", 32),
    ("北" * 33, "phrase_words", 32),
    ('"a b"~21', "proximity", 20),
    ('"a b"~999999', "proximity", 20),
    (numbered(5, form="word{}*"), "patterns", 4),
    (numbered(5, form="w?rd{}"), "patterns", 4),
    (numbered(5, "-", form="word{}*"), "patterns", 4),
    (numbered(5, form="word{}~"), "typos", 4),
    (numbered(5, "-", form="word{}") + "~", "typos", 4),
    ("word~3", "edits", 2),
    ("word~99999", "edits", 2),
    ("wo*", "letters before *", 3),
    ("*word", "letters before *", 3),
    ("w?*", "letters before *", 3),
    ("cease-f*", "letters before *", 3),
    ('"quick br*"', "letters before *", 3),
    ('"C*"', "letters before *", 3),
    ('"a bcd*"~21', "proximity", 20),
    (numbered(5, form='"a word{}*"'), "patterns", 4),
    (f'"{numbered(33)}*"', "phrase_words", 32),
    ("headline:*ord", "letters before *", 3),
    ("?ord", "letters before ?", 1),
    ("???a", "letters before ?", 1),
]


@pytest.mark.parametrize(("typed", "limit", "allowed"), PAST, ids=[f"{limit} {typed[:30]}" for typed, limit, _ in PAST])
def test_what_passes_a_limit_is_refused_with_its_name(typed: str, limit: str, allowed: int) -> None:
    with pytest.raises(QueryRefused, match=f"{allowed:,}") as refused:
        parse(typed)
    assert (refused.value.limit, refused.value.allowed) == (limit, allowed)


def test_limits_can_be_set() -> None:
    assert parse("word1* word2* word3* word4* word5*", Limits(patterns=5)).query
    with pytest.raises(QueryRefused):
        parse("a b c", Limits(words=2))


PIECES = (
    *'"“”()+-−*?~:[]^!&’,./\\\n\u3000\0\ud800👍\u200f\u0301é½ßİ北京한ﾞﷺ5', "  ", " ", " ", "..", "~2",
    "e\u0301", "a", "word", "US", "U.S.", "C++", "1,000",
    "AND", " AND ", " OR ", " NOT ", " or ", " TO ", "headline:", "body:", "author:", "url:", "TAG:", "x:", "date:", "after:2022",
    "date:[2020 TO 2021]", "date:last month", "3 weeks ago", "-7d", "has:", "has:caption", "lang:", "lang:fr",
    "cease-fire", "O'Brien", "J. R. R. ", "Ph.D.", "PhD", "12 000", "12,000", " 000", "1-234", "٢٠٢١", 'צה"ל', "כ", "״",
    "l·l", "l.l", "کتاب\u200cها", "न्द", "Đ",
)  # fmt: skip
typed_texts = st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def understood(typed: str) -> Query | None:
    try:
        return parse(typed).query
    except QueryRefused:
        return None


@given(typed_texts)
def test_any_text_is_understood_or_refused(typed: str) -> None:
    understood(typed)


SHAPES = (
    "{}", "({}", "{})", "{}?", "{}!", "{}👍", "{}-{}", "{}/{}", "{},{}", "{}:{}", "{}^2", "{}_{}*", "x{}=5", "http://{}.com/{}?{}=*",
    '"{} {}"', '"{} {}*"', '"{}*"', '"{}* {}"', '"{} * {}"', '"{}? {}"', '"{}?{} {}"', '"{}~ {}"', '"{}~2 {}"', '"{}~2x {}"',
    '"{} {}"~3', '"{}"~3', '"{} {}*"~3', '"{} OR {}"', '~"{} {}"', '"{}', '{}"', '"{}-*"', '"C++ {}*"', '"北京*"', '"{} 北*"',
    "{}*", "{}*{}", "{}?{}", "{}-*", "{}…*", "{}~", "{}~2", "{}~0", "~{}", "wo~", "ab~2", "C++~", "U.S.~", "北京~", "北京*",
    "headline:{}", 'headline:"{} {}"', "headline:({} {})", "headline:({}", "headline:(-{}", "headline:(NOT", "headline:()",
    "headline:👍", 'headline:"👍"', "headline:-", "headline:NOT", "headline:author:{}", "removed:{}", "removed:headline:{}",
    "by:{}", "said:{}", 'by:"{} {}*"', "headline:date:2022", "removed:(has:caption)", "has:{}", "has:caption,", "has:", "lang:{}",
    "lang:pt-{}", "lang:fr,", "lang:", "date:{}", "date:2022.", "date:", "after:2022,", "before:{}-{}",
    "+{}", "-{}", "-()", "+(", "*", "?", "~", '"', "-", "+", "(", ")", "AND", "OR", "NOT",
)  # fmt: skip
OTHER_NAMES = {"lang": "language", "after": "date", "before": "date"}


@st.composite
def typed_with_words(draw: st.DrawFn) -> str:
    """Shapes filled with words, each of them another."""
    text = " ".join(draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=6)))
    words = (f"qu{chr(97 + number)}x" for number in range(text.count("{}")))
    return re.sub(r"\{\}", lambda _: next(words), text)


@given(typed_with_words())
@settings(max_examples=1_000)
@example("+quax OR qubx")
@example("headline:date:2022")
def test_every_word_typed_is_looked_for_or_ignored_by_name(typed: str) -> None:
    try:
        understood = parse(typed)
    except QueryRefused:
        return
    if understood.query == MatchAll():
        return
    told = set(exact_terms(" ".join((understood.text, *understood.ignored))))
    operators = {"and", "or", "not"}  # which may have joined what is ignored, or have been joined again
    told |= {name for name, also in OTHER_NAMES.items() if also in told}
    assert not set(exact_terms(typed)) - told - operators


@given(st.lists(st.sampled_from(("AND", "OR", "NOT", "(", ")", "-", "+", "👍", "*", "a")), min_size=1, max_size=8))
@settings(max_examples=1_000)
def test_an_operator_joins_something_or_is_ignored_by_name(typed: list[str]) -> None:
    understood = parse(" ".join(typed))
    if "a" not in typed:
        assert understood.ignored or understood.query == MatchAll()
    if typed[-1] in ("AND", "OR", "NOT") or typed[0] in ("AND", "OR"):
        assert understood.ignored


@given(typed_texts)
@example("neg?-foo")
@example('lang:"a(b"')
@example("-(-a)")
@example("½ naïve* 10.03.2022")
@example("U.S. OR (北京 한 -éa~2)")
@example("a.b~")
@example("U.S.:5~")
@example("1-234")
def test_a_query_written_out_means_the_same(typed: str) -> None:
    query = understood(typed)
    if query not in (None, MatchNone(), MatchAll()):
        assert parse(describe(query), Limits(characters=100_000, words=1_000)).query == query


@given(typed_texts)
def test_writing_out_leaves_no_piece_unexplained(typed: str) -> None:
    query = understood(typed)
    if query == MatchNone():
        assert parse(typed).ignored
    elif query is not None:
        assert not parse(describe(query), Limits(characters=100_000, words=1_000)).ignored or query == MatchAll()


@pytest.mark.parametrize(
    ("words", "forms"), [("12000 jobs", 2), ("12000 of 34000 jobs", 4), ("12000 of 34000 and 56000 jobs", 1)]
)
def test_up_to_two_numbers_of_a_phrase_are_searched_in_two_forms(words: str, forms: int) -> None:
    assert len(quoted_forms(words, initials=True)) == forms


@pytest.mark.parametrize(
    ("text", "last"), [("2023-02", "2023-02-28"), ("2024-02", "2024-02-29"), ("2024", "2024-12-31"), ("2024-04", "2024-04-30")]
)
def test_last_day_of_a_month_or_year(text: str, last: str) -> None:
    assert period(text) == (date.fromisoformat((text + "-01-01")[:10]).toordinal(), date.fromisoformat(last).toordinal())
