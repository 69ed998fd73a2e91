"""The API against its own description: requests made from /openapi.json, valid and invalid ones, by schemathesis."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from press import ARTICLES, archive_of
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.transport import Response
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance

from search.query.parameters import BY_NAME, FILTERS
from search.settings import Limits, Settings
from web.app import create_app

OPERATIONS = (
    "GET /api/search", "GET /api/suggest", "GET /api/export", "GET /api/pictures", "POST /api/names", "GET /api/articles/{id}",
    "GET /api/articles/{id}/versions", "GET /api/articles/{id}/similar", "GET /healthz", "GET /readyz",
)  # fmt: skip


PROBES = ("GET /healthz", "GET /readyz")
"""They take nothing that could be invalid."""
CASES = [
    (label, mode) for label in OPERATIONS for mode in GenerationMode if label not in PROBES or mode is GenerationMode.POSITIVE
]
RULES = {"words", "depth", "phrase_words", "proximity", "patterns", "letters before *", "typos", "changes", "hits"}
"""Limits that a JSON schema cannot express."""
NO_DAY = re.compile(r"-0?2-(29|30|31)$|-(0?[469]|11)-31$")
ANY_VALUE = {name for each in FILTERS if each != "year" for name in (each, f"not-{each}")}
IN_QUERY = re.compile("parameters? ((?:`[a-z-]+`(?:, )?)+) in query")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return archive_of(tmp_path_factory.mktemp("openapi"), *ARTICLES)


@pytest.fixture(scope="module")
def schema(settings: Settings) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", create_app(settings))


def test_every_operation_is_tried(schema: BaseSchema) -> None:
    assert {found.ok().label for found in schema.get_all_operations()} == {*OPERATIONS, "GET /api/changes"}


def passes_a_rule(response: Response) -> bool:
    """Whether a request is refused, with a problem that names it, by a rule that no schema of single parameters can express."""
    problem = response.json() if response.status_code == 400 else {}
    match problem.get("parameter"):
        case "to-date" | "added-to" if "it is before" in problem["detail"]:
            return True
        case "from-date" | "to-date" | "added-from" | "added-to":
            return NO_DAY.search(problem["value"]) is not None
    return problem.get("limit") in RULES or problem.get("parameter") == "cursor"


def names_what_is_too_long(response: Response) -> bool:
    """Whether a problem with a limit, if it is one, names a parameter of the request."""
    sent = parse_qs(urlsplit(str(response.request.url)).query, keep_blank_values=True)
    return "limit" not in response.json() or response.json()["parameter"] in sent


def is_valid_as_sent(response: Response, failure: str) -> bool:
    """Whether only parameters are called invalid for which a URL cannot say what would be: whatever stands in one is a text or a
    list of strings, and empty values and items do not count."""
    named = re.findall("`([a-z-]+)`", IN_QUERY.search(failure)[1]) if IN_QUERY.search(failure) else ["body"]
    sent = parse_qs(urlsplit(str(response.request.url)).query, keep_blank_values=True)
    for name in named:
        parameter = BY_NAME.get(name)
        items = {item.strip() for value in sent.get(name, ()) for item in value.split(",")} - {""}
        any_value = name in ANY_VALUE or (parameter is not None and parameter.kind == "list" and items <= {*parameter.choices})
        is_text = name == "q" and len(" ".join(sent.get(name, ()))) <= Limits().characters
        if items and not any_value and not is_text:
            return False
    return True


def try_out(schema: BaseSchema, label: str, mode: GenerationMode, cases: int) -> None:
    """Each answer has a status, a content type and a body as described; valid requests are accepted, invalid ones refused."""
    (operation,) = (found.ok() for found in schema.get_all_operations() if found.ok().label == label)

    @hypothesis_settings(
        max_examples=cases, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case) -> None:
        response = case.call(headers={"Accept-Encoding": "identity"})
        assert response.status_code != 400 or names_what_is_too_long(response)
        try:
            case.validate_response(response, excluded_checks=[positive_data_acceptance] if passes_a_rule(response) else [])
        except* AcceptedNegativeData as accepted:
            if any(not is_valid_as_sent(response, str(failure)) for failure in accepted.exceptions):
                raise

    check()


@pytest.mark.parametrize(("label", "mode"), CASES)
def test_the_api_is_as_described(schema: BaseSchema, label: str, mode: GenerationMode) -> None:
    try_out(schema, label, mode, 30)


@pytest.mark.long
@pytest.mark.parametrize(("label", "mode"), CASES)
def test_the_api_is_as_described_in_a_thousand_cases_an_operation(schema: BaseSchema, label: str, mode: GenerationMode) -> None:
    try_out(schema, label, mode, 500)
