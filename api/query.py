"""Holds the query of a request to the parameters that an operation has."""

from collections import Counter
from urllib.parse import parse_qsl

from litestar.types import Scope

from api.errors import InvalidQueryError
from api.schemas.problem import FieldProblem


def require_query(scope: Scope, *names: str) -> None:
    """Refuse a parameter that is unknown or given twice, as a body's fields are.

    The framework ignores the first and takes the last of the second: a filter that is
    misspelt would answer with what it was to leave out.

    Raises
    ------
    InvalidQueryError
        Names the parameters.
    """
    query = scope["query_string"]
    if not query:
        return
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    counts = Counter(name for name, _ in given)
    wrong = [
        FieldProblem(name, "is given more than once" if name in names else "is unknown")
        for name, count in counts.items()
        if name not in names or count > 1
    ]
    if wrong:
        raise InvalidQueryError(wrong)
