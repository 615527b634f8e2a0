"""One picture per analysis, drawn by the function of the same name."""

from collections.abc import Callable, Mapping

from notebooks.about import About
from notebooks.analyses import Rows
from notebooks.exhibit import Drawing
from notebooks.pictures import (
    activity,
    amounts,
    categories,
    features,
    label,
    overview,
    quality,
    segments,
    stability,
)

PICTURES: Mapping[str, Callable[[Rows, About], Drawing]] = {
    picture.__name__: picture
    for picture in (
        overview.transactions_by_day,
        overview.snapshot_windows,
        quality.input_rows_by_fate,
        quality.missing_values,
        quality.quality_checks,
        amounts.amount_histogram,
        amounts.customer_histogram,
        amounts.value_concentration,
        amounts.amount_spread_by_category,
        activity.activity_by_hour_and_weekday,
        activity.activity_by_month,
        categories.category_concentration,
        features.feature_histograms,
        features.feature_correlations,
        categories.category_associations,
        segments.rfm_grid,
        segments.rfm_segment_value,
        label.label_by_snapshot,
        label.label_against_inactivity,
        label.outcome_counts_by_label,
        stability.label_stability,
        label.label_by_segment,
        label.feature_auc_by_label,
    )
}
