"""Explore the marts. Each cell asks one analysis of dbt_project/analyses."""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Exploring the marts")

with app.setup:
    import marimo as mo

    from notebooks.gallery import open_gallery


@app.cell(hide_code=True)
def _():
    mo.md("""
    # Exploring the marts

    Each picture answers one question. The question is SQL in
    `dbt_project/analyses/`; the sentence under the picture takes its numbers from
    the answer. `make eda` writes this page again.
    """)
    return


@app.cell
def _():
    gallery = open_gallery()
    mo.md(gallery.introduction)
    return (gallery,)


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## Overview
    """)
    return


@app.cell
def _(gallery):
    gallery.show("transactions_by_day")
    return


@app.cell
def _(gallery):
    gallery.show("snapshot_windows")
    return


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## Quality

    A row of the input is accepted or listed with the reason why not; none is lost.
    What is missing stays missing: it has a bin of its own in the scorecard.
    """)
    return


@app.cell
def _(gallery):
    gallery.show("input_rows_by_fate")
    return


@app.cell
def _(gallery):
    gallery.show("missing_values")
    return


@app.cell
def _(gallery):
    gallery.show("quality_checks")
    return


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## Distributions and outliers

    Amounts and counts span powers of ten, so their scales are logarithmic. Nothing
    is cut off: bins and ranks bound what one giant amount can do.
    """)
    return


@app.cell
def _(gallery):
    gallery.show("amount_histogram")
    return


@app.cell
def _(gallery):
    gallery.show("customer_histogram")
    return


@app.cell
def _(gallery):
    gallery.show("value_concentration")
    return


@app.cell
def _(gallery):
    gallery.show("amount_spread_by_category")
    return


@app.cell
def _(gallery):
    gallery.show("feature_histograms")
    return


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## Activity

    Hours and weekdays are those of the dbt var `data_time_zone`. Weekdays and months
    are compared by the day, as the data need not cover each equally often.
    """)
    return


@app.cell
def _(gallery):
    gallery.show("activity_by_hour_and_weekday")
    return


@app.cell
def _(gallery):
    gallery.show("activity_by_month")
    return


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## Categories and correlations

    Correlations are of ranks (Spearman): the scorecard bins a feature, so only the
    order of its values counts, and a few giant amounts must not decide. Categories
    are compared by Cramér's V.
    """)
    return


@app.cell
def _(gallery):
    gallery.show("category_concentration")
    return


@app.cell
def _(gallery):
    gallery.show("feature_correlations")
    return


@app.cell
def _(gallery):
    gallery.show("category_associations")
    return


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## RFM segments

    Recency, frequency and monetary value of the observation window, scored within
    the snapshot; `seeds/rfm_segments.csv` names the segments. They describe, no model
    reads them.
    """)
    return


@app.cell
def _(gallery):
    gallery.show("rfm_grid")
    return


@app.cell
def _(gallery):
    gallery.show("rfm_segment_value")
    return


@app.cell(hide_code=True)
def _():
    mo.md("""
    ## What the label means

    By default the label is a proxy: k-means over recency, frequency and monetary
    value of the outcome window, the least engaged cluster is high risk. It describes
    behaviour. Whether a customer would pay back, it does not know.

    Pictures that set the label against something show the last *train* snapshot:
    nothing is to be learnt from the test snapshot by looking at it.
    """)
    return


@app.cell
def _(gallery):
    gallery.show("label_by_snapshot")
    return


@app.cell
def _(gallery):
    gallery.show("label_against_inactivity")
    return


@app.cell
def _(gallery):
    gallery.show("outcome_counts_by_label")
    return


@app.cell
def _(gallery):
    gallery.show("label_stability")
    return


@app.cell
def _(gallery):
    gallery.show("label_by_segment")
    return


@app.cell
def _(gallery):
    gallery.show("feature_auc_by_label")
    return


if __name__ == "__main__":
    app.run()
