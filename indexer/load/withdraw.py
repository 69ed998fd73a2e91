"""Names of articles -> their withdrawal from an index, or its end.

    withdraw(engine, ["lens-7", "https://a.example/story"], "court order", by="ada") -> ((Withdrawal(…), …), ["unknown"])
    end_withdrawals(engine, ["lens-7"], by="ada")           # `broadsheet withdraw --undo`
    end_embargoes(engine)                                   # when a run of `index` begins

A name is an id, or an address, which need not be that of an article in the index.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from search.engines.protocol import Container, Engine
from search.model.withdrawal import Blocks, Withdrawal, address_key, keys_of, learned, utc_now


def withdraw(
    engine: Engine, names: Sequence[str], reason: str, *, by: str, public: bool = False, until: str | None = None
) -> tuple[tuple[Withdrawal, ...], list[str]]:
    """Withdraw these articles until that time in UTC, by default forever. Those withdrawn, as Engine.withdraw gives them, and
    the names that no article has; a withdrawal that holds already is replaced."""
    engine.lock()
    reader, now = engine.reader(), utc_now()
    standing = Blocks(reader.withdrawals(), now)
    new, replaced, unknown = [], [], []
    for name, versions in zip(names, reader.versions_each(names), strict=True):
        earlier = standing.named(name)
        if not (versions or earlier or address_key(name)):
            unknown.append(name)
            continue
        address = versions[0].url if versions else earlier.address if earlier else name
        made = Withdrawal(earlier.id if earlier else name, now, by, reason, public, address, until)
        if earlier:
            replaced.append(replace(earlier, ended=now, ended_by=by))  # in the same commit: it is never without a block
            made = replace(made, **{key: getattr(earlier, key) for key in ("sources", "ids", "addresses", "publishers", "texts")})
        elif not versions:
            made = replace(made, addresses=(address_key(name),))
        for version in versions:
            made = learned(made, keys_of(version))
        new.append(made)
    done = engine.withdraw([*replaced, *new]) if new else ()
    return tuple(each for each in done if each.ended is None), unknown


def end_withdrawals(engine: Engine, names: Iterable[str], by: str) -> tuple[tuple[Withdrawal, ...], list[str]]:
    """Lift the blocks of these ids or addresses. Those that were lifted, and the names that nothing is withdrawn by. The articles
    come back when their sources are indexed again."""
    engine.lock()
    now = utc_now()
    blocks = Blocks(engine.reader().withdrawals(), now)
    found = {name: blocks.named(name) for name in names}
    ended = {each.source: replace(each, ended=now, ended_by=by) for each in found.values() if each}
    _end(engine, tuple(ended.values()))
    return tuple(ended.values()), [name for name, each in found.items() if each is None]


def end_embargoes(engine: Engine) -> None:
    """Note of the embargoes that are over that they are, so that their sources are read again."""
    now = utc_now()
    if any(each.ended is None and each.is_over(now) for each in engine.reader().withdrawals()):
        engine.lock()
        withdrawals = engine.reader().withdrawals()
        _end(engine, tuple(replace(each, ended=each.until) for each in withdrawals if each.ended is None and each.is_over(now)))


def _end(engine: Engine, ended: tuple[Withdrawal, ...]) -> None:
    """Files of many records are opened again, though they have not changed."""
    files = sorted({file for each in ended for file, mark, _ in (s.partition("!/") for s in each.sources) if mark})
    known = engine.reader().known(files)
    if ended:
        engine.add([*ended, *(Container(file, "") for file in files if file in known)])
