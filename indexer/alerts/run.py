"""Alerts, an index and a state -> deliveries made, and the failures.

    failures = run_alerts(file, reader, settings, spellings, state)

Each target is told of each hit once. Searches run some at a time: what they found is written to the state, then delivered, then
struck out. A search that fails, and a target, leave the others alone; they are told at the next run.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import islice

from indexer.alerts.alert_file import Alert, AlertFile, Failure, Target
from indexer.alerts.delivery import NotDelivered, deliver, place_in_file, webhook_text
from indexer.alerts.messages import json_lines, records, text
from indexer.alerts.new_hits import NewHit, latest_change, new_hits
from indexer.alerts.state import Delivery, State, Told
from search.engines.protocol import Reader
from search.errors import BadRequest, QueryRefused
from search.query.parsing.synonyms import Spellings
from search.settings import Settings

AT_ONCE = 50
"""Searches whose hits are held at a time, in memory and in the state."""

Pair = tuple[Alert, Target]


def run_alerts(file: AlertFile, reader: Reader, settings: Settings, spellings: Spellings, state: State) -> list[Failure]:
    """Raises EngineError, OSError for a state that cannot be written, and BrokenPipeError."""
    pairs = [(alert, target) for alert in file.alerts for target in alert.targets]
    state.keep({_key(pair) for pair in pairs})
    failures = _deliver_all([pair for pair in pairs if _begun(state, pair)], state, settings)
    until = latest_change(reader)
    rest = iter(file.alerts)
    while alerts := list(islice(rest, AT_ONCE)):
        found: list[Pair] = []
        for alert in alerts:
            try:
                found += _begin(alert, reader, settings, spellings, state, until, file.site)
            except (BadRequest, QueryRefused) as error:
                failures.append(Failure(alert.name, str(error)))
        _give_places(found, state)
        if found:
            state.save()
        failures += _deliver_all(found, state, settings)
    state.save()
    return failures


def preview(file: AlertFile, reader: Reader, settings: Settings, spellings: Spellings, state: State) -> Iterator[str | Failure]:
    """What each target would be told of now; nothing is delivered or written down."""
    until = latest_change(reader)
    for alert in file.alerts:
        for target in alert.targets:
            begun = _begun(state, (alert, target))
            try:
                hits = new_hits(alert, reader, settings.limits, spellings, _after(state, (alert, target), until), until)
            except (BadRequest, QueryRefused) as error:
                yield Failure(alert.name, str(error))
                break
            if begun:
                yield f"{target.key}, begun before:\n{begun.text}"
            if hits:
                yield f"{target.key}:\n{_text(alert, target, hits, '', file.site)}"


def _begin(
    alert: Alert, reader: Reader, settings: Settings, spellings: Spellings, state: State, until: int, site: str | None
) -> list[Pair]:
    """Puts what is new for each target into the state; the targets for which there is something."""
    found: dict[int, list[NewHit]] = {}
    begun: list[Pair] = []
    for target in alert.targets:
        pair = (alert, target)
        after = _after(state, pair, until)
        if _begun(state, pair):  # which failed again
            continue
        if after not in found:
            found[after] = new_hits(alert, reader, settings.limits, spellings, after, until)
        if found[after]:
            key = _delivery_key(alert, target, after, until)
            delivery = Delivery(key, until, _text(alert, target, found[after], key, site), len(found[after]))
            state.put(_key(pair), Told(after, delivery))
            begun.append(pair)
        else:
            state.put(_key(pair), Told(until))
    return begun


def _give_places(pairs: Sequence[Pair], state: State) -> None:
    """Where each delivery begins in its file: behind those that come before it."""
    ends: dict[str, int] = {}
    for pair in pairs:
        told = state.get(_key(pair))
        start = ends.get(pair[1].key, place_in_file(pair[1]))
        if told and told.delivery and start is not None:
            state.put(_key(pair), Told(told.until, Delivery(*_values(told.delivery), start)))
            ends[pair[1].key] = start + len(told.delivery.text.encode())


def _deliver_all(pairs: Sequence[Pair], state: State, settings: Settings) -> list[Failure]:
    failures = []
    for pair in pairs:
        alert, target = pair
        delivery = _begun(state, pair)
        told = state.get(_key(pair))
        if delivery is None or told is None:
            continue
        state.put(_key(pair), Told(delivery.until))
        try:
            if delivery.offset is None:
                state.save_after(lambda: deliver(target, alert.name, delivery, settings))  # noqa: B023 - called at once
            else:
                deliver(target, alert.name, delivery, settings)
        except NotDelivered as error:
            state.put(_key(pair), told)
            failures.append(Failure(alert.name, str(error)))
    state.save()
    return failures


def _begun(state: State, pair: Pair) -> Delivery | None:
    told = state.get(_key(pair))
    return told.delivery if told else None


def _after(state: State, pair: Pair, until: int) -> int:
    """The instant after which articles are new for the target."""
    told = state.get(_key(pair))
    if told:
        return told.delivery.until if told.delivery else told.until
    since = pair[0].since
    return until if since is None else min(since, until)


def _key(pair: Pair) -> tuple[str, str]:
    return pair[0].name, pair[1].key


def _delivery_key(alert: Alert, target: Target, after: int, until: int) -> str:
    return hashlib.sha256(f"{alert.name}\n{target.key}\n{after}\n{until}".encode()).hexdigest()[:32]


def _text(alert: Alert, target: Target, hits: Sequence[NewHit], key: str, site: str | None) -> str:
    if target.kind == "webhook":
        return webhook_text(key, alert.name, records(alert, hits, site))
    return json_lines(alert, hits, site) if target.format == "jsonl" else text(alert, hits, site)


def _values(delivery: Delivery) -> tuple[str, int, str, int]:
    return delivery.key, delivery.until, delivery.text, delivery.hits
