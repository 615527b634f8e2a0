"""The scorecard as a person reads it: what each answer earns."""

from collections.abc import Iterator, Sequence

from training.errors import TrainingError
from training.model_tables import ModelTables, Row
from training.promotion.ledger import read_champion
from training.settings import Settings
from training.tables import read_model
from training.warehouse import open_warehouse

WIDTH = 54


def points_of_version(settings: Settings, model_version: str | None) -> list[str]:
    """Write the card of a trained version; without one, the champion's.

    Raises
    ------
    TrainingError
        If there is no such version, or no champion.
    """
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        if model_version is None:
            champion = read_champion(connection, settings.model_name)
            if champion is None:
                raise TrainingError("there is no champion yet: run python -m training")
            model_version = champion.model_version
        return points_table(read_model(connection, model_version))


def points_table(tables: ModelTables) -> list[str]:
    """Write a card from its own tables: how to add, points by bin, grades.

    Points are shown to one decimal; the tables hold all digits.
    """
    head = tables.scorecard
    lines = [
        f"Scorecard {tables.model_version}: {head['target_name']}"
        f" (label {head['label_source']})",
        f"The score is the sum of one line per feature: {head['reference_score']:g}"
        f" means {head['reference_odds']:g} good to 1 bad,"
        f" {head['points_to_double_odds']:g} more double that;"
        f" below {head['cutoff_score']:.1f} is not approved.",
    ]
    for feature in tables.features:
        bins = [row for row in tables.points if row["feature"] == feature["feature"]]
        title = f"{feature['feature']} ({feature['reason_code']},"
        title += f" information value {feature['information_value']:.2f})"
        header = f"{'rows':>8} {'bad rate':>8} {'WoE':>7} {'points':>7}"
        lines += ["", f"{title:<{WIDTH}} {header}"]
        lines += [_line(row) for row in bins]
    lines += ["", f"{'grade':<{WIDTH}} {'action':>8} {'share':>8}"]
    for row in tables.rating_scale:
        grade = f"{row['grade']}: {_range(row, decimals=1)}"
        share = f"{row['target_share']:>8.0%}"
        lines.append(f"{grade:<{WIDTH}} {row['action']:>8} {share}")
    return lines


def _line(row: Row) -> str:
    rows = row["row_count"]
    rate = f"{row['event_count'] / rows:.1%}" if rows else "-"
    *before, last = _wrapped(_answer(row))
    shown = f"{rows:>8,} {rate:>8} {row['woe']:>+7.2f} {row['points']:>7.1f}"
    return "\n".join([*before, f"{last:<{WIDTH}} {shown}"])


def _answer(row: Row) -> Sequence[str]:
    if row["bin_kind"] == "range":
        return [_range(row)]
    if row["bin_kind"] == "category":
        return [str(value) for value in row["categories"]]
    return {"missing": ["missing"], "other": ["any other"]}[row["bin_kind"]]


def _range(row: Row, decimals: int | None = None) -> str:
    """Say where a half-open range begins and ends.

    Examples
    --------
    >>> _range({"lower": 2.5, "upper": 1000.0}), _range({"lower": 7.0, "upper": None})
    ('2.5 to below 1,000', '7 and above')
    """
    lower, upper = row["lower"], row["upper"]
    if lower is None and upper is None:
        return "any"
    if lower is None:
        return f"below {_number(upper, decimals)}"
    if upper is None:
        return f"{_number(lower, decimals)} and above"
    return f"{_number(lower, decimals)} to below {_number(upper, decimals)}"


def _number(value: float, decimals: int | None) -> str:
    return f"{value:,.10g}" if decimals is None else f"{value:,.{decimals}f}"


def _wrapped(words: Sequence[str]) -> Iterator[str]:
    """Break a list of categories where a line is full."""
    line = f"  {words[0]}"
    for word in words[1:]:
        if len(line) + len(word) + 2 > WIDTH:
            yield f"{line},"
            line = f"  {word}"
        else:
            line += f", {word}"
    yield line
