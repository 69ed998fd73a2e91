"""The API against its own description: requests made from /openapi.json, valid and invalid ones, by schemathesis."""

import re

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

from search.settings import Settings
from web.app import create_app

OPERATIONS = (
    "GET /api/search", "GET /api/suggest", "GET /api/export", "POST /api/names", "GET /api/articles/{id}",
    "GET /api/articles/{id}/versions", "GET /api/articles/{id}/similar", "GET /healthz", "GET /readyz",
)  # fmt: skip


PROBES = ("GET /healthz", "GET /readyz")
"""They take nothing that could be invalid."""
CASES = [
    (label, mode) for label in OPERATIONS for mode in GenerationMode if label not in PROBES or mode is GenerationMode.POSITIVE
]
RULES = {"words", "depth", "phrase_words", "proximity", "patterns", "typos", "changes", "hits"}
"""Limits that a JSON schema cannot express."""
ANY_VALUE = re.compile("parameters? (`(section|author|publisher|language|tag|collection)`(, )?)+ in query")
"""Whatever stands in a URL is a list of strings."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return archive_of(tmp_path_factory.mktemp("openapi"), *ARTICLES)


@pytest.fixture(scope="module")
def schema(settings: Settings) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", create_app(settings))


def test_every_operation_is_tried(schema: BaseSchema) -> None:
    assert [found.ok().label for found in schema.get_all_operations()] == list(OPERATIONS)


def passes_a_rule(response: Response) -> bool:
    """Whether a request is refused, with a problem that names it, by a rule that no schema of single parameters can express."""
    problem = response.json() if response.status_code == 400 else {}
    before = problem.get("parameter") == "to-date" and "before from-date" in problem["detail"]
    return problem.get("limit") in RULES or problem.get("parameter") == "cursor" or before


def try_out(schema: BaseSchema, label: str, mode: GenerationMode, cases: int) -> None:
    """Each answer has a status, a content type and a body as described; valid requests are accepted, invalid ones refused."""
    (operation,) = (found.ok() for found in schema.get_all_operations() if found.ok().label == label)

    @hypothesis_settings(
        max_examples=cases, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case) -> None:
        response = case.call(headers={"Accept-Encoding": "identity"})
        try:
            case.validate_response(response, excluded_checks=[positive_data_acceptance] if passes_a_rule(response) else [])
        except* AcceptedNegativeData as accepted:
            if any(not ANY_VALUE.search(str(failure)) for failure in accepted.exceptions):
                raise

    check()


@pytest.mark.parametrize(("label", "mode"), CASES)
def test_the_api_is_as_described(schema: BaseSchema, label: str, mode: GenerationMode) -> None:
    try_out(schema, label, mode, 10)


@pytest.mark.long
@pytest.mark.parametrize(("label", "mode"), CASES)
def test_the_api_is_as_described_in_a_thousand_cases_an_operation(schema: BaseSchema, label: str, mode: GenerationMode) -> None:
    try_out(schema, label, mode, 500)
