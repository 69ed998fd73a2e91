"""Typed text -> its pieces (words, phrases, filters, groups), arranged by operators, as nodes of Whoosh's parser.

    arranged(tagged('peace -"cease fire" date:1953'))
    -> And(Text("peace"), ExcludedGroup(PhraseNode("cease fire")), FilterNode("date", "1953"))

search/query/parsing/parser.py interprets the pieces. Nothing typed is an error; an operator with no operand becomes an
IdleOperator.
"""

from functools import lru_cache
from typing import Any

from whoosh.qparser import plugins, syntax
from whoosh.qparser.default import QueryParser
from whoosh.qparser.taggers import FnTagger

from search.analysis.letters import HEBREW_LETTERS
from search.query.nodes import NAME_FIELDS, TEXT_FIELDS
from search.query.parsing.date_ranges import BETWEEN, IN_WORDS


def tagged(text: str) -> Any:
    """The pieces in the order they were typed."""
    return _parser().tag(text)


def arranged(pieces: Any) -> Any:
    """The tree of the pieces; it is as deep as `deepest_group` says."""
    pieces.append(syntax.Whitespace())  # without it parentheses around everything are lost
    return _parser().filterize(pieces)


QUOTATION = rf'"(?:[^"]|(?<=[{HEBREW_LETTERS}])"(?=[{HEBREW_LETTERS}]))*"'
"""A quotation mark between Hebrew letters does not count: "דובר צה"ל"."""
_FIELD_NAMES = "|".join((*TEXT_FIELDS, *NAME_FIELDS))
_CHANGES = ("removed", "added")
_CHANGE_NAMES = "|".join(_CHANGES)
_FILTER_NAMES = "has|lang|language|date|after|before|added-after|added-before"
_PLACE_NAMES = "|".join(
    rf"(?:{name})" for name in (
        rf"(?:{_FIELD_NAMES}):(?:{_CHANGE_NAMES})", rf"(?:{_CHANGE_NAMES}):(?:{_FIELD_NAMES})", _FIELD_NAMES, _CHANGE_NAMES,
    )
)  # fmt: skip
"""headline:removed, removed:headline, headline, removed"""


class PhraseNode(syntax.TextNode):
    """ "high-level talks"~5; `slop` is None without ~. `widen`: ~"Kiev airport" also matches other spellings."""

    def __init__(self, text: str, slop: str | None, widen: str | None) -> None:
        super().__init__(text[1:-1])
        self.slop = slop
        self.widen = widen is not None


class FilterNode(syntax.SyntaxNode):
    """date:2022, has:caption, lang:fr …; `fieldname` belongs to a field before the filter, which has no effect on it."""

    has_fieldname = True

    def __init__(self, name: str, value: str) -> None:
        self.name = name.lower()
        self.value = value
        self.fieldname: str | None = None


class IdleOperator(syntax.SyntaxNode):
    """An operator with no operand."""

    def __init__(self, operator: syntax.Operator) -> None:
        self.text = operator.text


class ExcludedGroup(syntax.NotGroup):
    """-word, equivalent to NOT word."""


class WrittenAnd(syntax.AndGroup):
    """a AND b, whereas words side by side are a plain AndGroup."""


class RequiredGroup(syntax.Wrapper):
    """+word: matters next to OR, where it makes the other side optional."""


class _Fields(plugins.FieldsPlugin):
    """Like Whoosh's plugin, except that added: before a group also applies to terms with a field of their own:
    added:(headline:truce)."""

    def do_fieldnames(self, parser: Any, group: Any) -> Any:
        """Works from the end: of several fields before a word, the last counts and the others are words."""
        kept = group.empty_copy()
        nodes = list(group)
        while nodes:
            node = nodes.pop()
            if isinstance(node, syntax.FieldnameNode):
                node = syntax.to_word(node)
            elif isinstance(node, syntax.GroupNode):
                node = self.do_fieldnames(parser, node)
            if nodes and not node.is_ws() and isinstance(nodes[-1], syntax.FieldnameNode):
                _put_in_field(node, nodes.pop().fieldname)
            kept.append(node)
        kept.reverse()
        return kept


def _put_in_field(node: Any, name: str) -> None:
    if isinstance(node, syntax.GroupNode):
        for inner in node:
            _put_in_field(inner, name)
    elif node.has_fieldname:
        node.fieldname = _both(name, node.fieldname)


def _both(outer: str, inner: str | None) -> str:
    """Combines two field names: the inner field, with removed: or added: from either."""
    if inner is None:
        return outer
    fields = [[each for each in name.split(":") if each.lower() not in _CHANGES] for name in (inner, outer)]
    changes = [each for name in (inner, outer) for each in name.split(":") if each.lower() in _CHANGES]
    return ":".join([*changes[:1], *(fields[0] or fields[1])])


class _Pieces(plugins.Plugin):
    """Tags phrases and filters, and wraps what follows + and -."""

    class Plus(syntax.MarkerNode):
        group = RequiredGroup

    class Minus(syntax.MarkerNode):
        group = ExcludedGroup

    def taggers(self, parser: Any) -> list[tuple[Any, int]]:  # noqa: ARG002 - the plugin's interface
        return [
            (FnTagger(rf"(?<![^\W_])(?P<widen>~)?(?P<text>{QUOTATION})(?:~(?P<slop>\d{{1,6}}))?", PhraseNode), 0),
            (
                FnTagger(
                    rf"(?i:(?<![\w])(?P<name>{_FILTER_NAMES})):(?P<value>{BETWEEN}|\"[^\"]*\"|{IN_WORDS}|[^\s()\"]+)",
                    FilterNode,
                ),
                -1,
            ),
            (FnTagger(r"(?:^|(?<=[\s(]))\+(?=[^\s+])", self.Plus), 0),
            (FnTagger(r"(?:^|(?<=[\s(]))[-−](?=[^\s\-−])", self.Minus), 0),
        ]

    def filters(self, parser: Any) -> list[tuple[Any, int]]:  # noqa: ARG002 - the plugin's interface
        return [
            (self.before_fields, 50),  # after groups were made (0), before fields find what they are of (100)
            (self.arrange, 550),  # after white space was removed (500), before operators join (600)
        ]

    def before_fields(self, parser: Any, group: Any) -> Any:
        """Moves a field past the operator that follows it if a parenthesis is not closed: headline:(-a"""
        moved = group.empty_copy()
        for node in group:
            if isinstance(node, syntax.GroupNode):
                node = self.before_fields(parser, node)
            if isinstance(node, (syntax.MarkerNode, syntax.Operator)) and len(moved) and _is_field(moved[-1]):
                moved.insert(len(moved) - 1, node)
            else:
                moved.append(node)
        return moved

    def arrange(self, parser: Any, group: Any) -> Any:
        """Wraps what follows + and -, and moves operators with no operand to the end."""
        kept = group.empty_copy()
        nodes, idle = _without_idle_end(list(group))
        marker = None
        for node in nodes:
            if isinstance(node, syntax.GroupNode):
                node = self.arrange(parser, node)
            after_operator = len(kept) > 0 and isinstance(kept[-1], syntax.Operator)
            if isinstance(node, (self.Plus, self.Minus)):
                marker = node.group
            elif isinstance(node, syntax.InfixOperator) and (after_operator or not len(kept)):
                idle.append(IdleOperator(node))  # a OR OR b, OR b
            elif isinstance(node, syntax.PrefixOperator) and len(kept) and isinstance(kept[-1], syntax.PrefixOperator):
                del kept[len(kept) - 1]  # NOT NOT a
            else:
                kept.append(marker([node]) if marker else node)
                marker = None
        kept.extend(idle)
        return kept


def _without_idle_end(nodes: list[Any]) -> tuple[list[Any], list[IdleOperator]]:
    """a OR, a NOT NOT"""
    end = len(nodes)
    while end and isinstance(nodes[end - 1], syntax.Operator):
        end -= 1
    return nodes[:end], [IdleOperator(node) for node in nodes[end:]]


def _is_field(node: Any) -> bool:
    return isinstance(node, syntax.FieldnameNode)


@lru_cache(maxsize=1)
def _parser() -> Any:
    before, after = r"(?:^|(?<=[\s)]))", r"(?=[\s(]|$)"
    operator = plugins.OperatorsPlugin.OpTagger
    operators = plugins.OperatorsPlugin(
        [
            (operator(rf"(?:^|(?<=[\s(]))NOT{after}", syntax.NotGroup, syntax.PrefixOperator), 0),
            (operator(f"{before}AND{after}", WrittenAnd), 0),
            (operator(f"{before}OR{after}", syntax.OrGroup), 0),
        ],
        clean=True,
    )
    empty_group = rf"\((?:[\s()+−-]|(?:AND|OR|NOT){after})*(?:\)|$)"
    followed = rf"(?=[^\s)])(?!{empty_group})"
    names: Any = _Fields(rf"(?i:(?<![\w])(?P<text>{_PLACE_NAMES})):{followed}", remove_unknown=False)
    return QueryParser(None, None, plugins=[_Pieces(), names, plugins.GroupPlugin(), operators])


def deepest_group(pieces: Any) -> int:
    """How deeply groups are nested; an unbalanced parenthesis opens none."""
    deepest = 0
    inner: list[int] = []  # of each open group: how deep the groups in it go
    for piece in pieces:
        if isinstance(piece, plugins.GroupPlugin.OpenBracket):
            inner.append(0)
        elif isinstance(piece, plugins.GroupPlugin.CloseBracket) and inner:
            depth = inner.pop() + 1
            deepest = max(deepest, depth)
            if inner:
                inner[-1] = max(inner[-1], depth)
    return deepest
