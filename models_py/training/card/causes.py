"""Why a value is missing: what the rows show themselves. Without that, no card."""

from collections.abc import Sequence

from training.card.parts import Row, Value, is_empty, or_why
from training.card.reading import Facts
from training.errors import TrainingError
from training.metrics import WITH_INTERVAL

# Of training.segments: a rate of fewer rows says nothing, and resampling them neither.
ROWS_AT_LEAST = 30
ONE_CLASS = "one class only"
FEW_ROWS = f"fewer than {ROWS_AT_LEAST} rows"
# What came after a training is null in its rows.
NOT_RECORDED = "not recorded by this training"
SELECTION, INTERVALS, STABILITY = "built_from", "intervals", "stability_note"
# Columns of model.training_runs by the order in which they came, those of one line
# together, and between them when measures got intervals; the card needs what is older.
RUN_COLUMNS = (
    ("trained_by", "inputs", "parameters"),
    ("built_from",),
    ("data_kind",),
    (INTERVALS,),
    (STABILITY,),
)
FIRST_INTERVAL = "roc_auc"
KEYS = ("candidate", "compared_with", "split", "method", "segment_value", "grade")


def one_class(row: Row) -> str | None:
    """Say that rows are of one class, where their event rate shows it.

    Examples
    --------
    >>> one_class({"event_rate": 1.0}), one_class({"event_rate": 0.4})
    ('one class only', None)
    """
    return ONE_CLASS if row["event_rate"] in (0.0, 1.0) else None


def too_few(row: Row) -> str | None:
    """Say that rows are too few, where their count shows it.

    Examples
    --------
    >>> too_few({"row_count": 29}), too_few({"row_count": 30})
    ('fewer than 30 rows', None)
    """
    return FEW_ROWS if row["row_count"] < ROWS_AT_LEAST else None


def not_recorded(facts: Facts, name: str) -> str | None:
    """Say that the training is older than a column of a later version.

    It is where all columns that came with this one or after it are null in its rows;
    where one of them is not, the training knew the column and left it empty.

    Parameters
    ----------
    name
        Of `RUN_COLUMNS`.
    """
    since = next(i for i, names in enumerate(RUN_COLUMNS) if name in names)
    later = [name for names in RUN_COLUMNS[since:] for name in names]
    recorded = (value for name in later for value in _recorded(facts, name))
    return NOT_RECORDED if all(value is None for value in recorded) else None


def _recorded(facts: Facts, name: str) -> Sequence[Value]:
    if name != INTERVALS:
        # Before dbt has added it, an older warehouse lacks the column itself.
        return [facts.training.get(name)]
    return [
        row[f"{measure}_{end}"]
        for row in facts.metrics
        for measure in WITH_INTERVAL
        if measure != FIRST_INTERVAL
        for end in ("lower", "upper")
    ]


def given(row: Row, name: str) -> Value:
    """Give a value that a sentence needs.

    Raises
    ------
    TrainingError
        If it is empty.

    Examples
    --------
    >>> given({"auc": 0.8}, "auc")
    0.8
    """
    value = row[name]
    if is_empty(value):
        of = ", ".join(str(row[key]) for key in KEYS if key in row)
        raise TrainingError(
            f"the model card has nothing for {name} of {of or 'the training'}, and its"
            " row does not say why: run dbt build and python -m training again"
        )
    return value


def interval(
    row: Row, name: str, form: str = "{:.3f}", *, why: str | None = None
) -> str:
    """Write a measure with its interval.

    Parameters
    ----------
    row
        Holds the measure and its ends: `name`, `name`_lower, `name`_upper.
    why
        Why there is no measure, where the rows show it.

    Raises
    ------
    TrainingError
        If the measure or an end is empty without a cause.

    Examples
    --------
    >>> interval({"auc": 0.84, "auc_lower": 0.82, "auc_upper": 0.86}, "auc")
    '0.840 [0.820, 0.860]'
    >>> interval({"auc": None}, "auc", why="one class only")
    'not assessed: one class only'
    """
    if row[name] is None and why:
        return str(or_why(None, why))
    shown = form.format(given(row, name))
    if row[f"{name}_lower"] is None and "row_count" in row and too_few(row):
        return f"{shown} [no interval: {FEW_ROWS}]"
    lower, upper = (given(row, f"{name}_{end}") for end in ("lower", "upper"))
    return f"{shown} [{form.format(lower)}, {form.format(upper)}]"
