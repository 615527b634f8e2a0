{#- The only DDL of schema `model`. `python -m training` inserts into these
    tables by column name, in one transaction; dbt reads them through
    models/staging/stg_model__*. Open ends of a bin or a grade are null. A column that
    is new here is null in rows of earlier versions (add_missing_columns); one more in
    the first four tables would change the hash of every version. -#}
{% macro create_model_tables() %}
{% if execute and flags.WHICH in ('run', 'build') %}
create schema if not exists model;

create table if not exists model.scorecard (
    model_version varchar not null,
    target_name varchar not null,
    label_source varchar not null,
    parameters_hash varchar not null,
    points_to_double_odds double not null,
    reference_score double not null,
    reference_odds double not null,
    score_factor double not null,
    score_offset double not null,
    intercept double not null,
    calibration_intercept double not null,
    calibration_slope double not null,
    cutoff_score double not null,
    score_shown_min integer not null,
    score_shown_max integer not null,
    reasons_at_most integer not null
);

create table if not exists model.scorecard_features (
    model_version varchar not null,
    position integer not null,
    feature varchar not null,
    reason_code varchar not null,
    information_value double not null,
    coefficient double not null,
    reference_points double not null
);

create table if not exists model.scorecard_points (
    model_version varchar not null,
    feature varchar not null,
    bin_index integer not null,
    bin_kind varchar not null,
    lower double,
    upper double,
    categories varchar[],
    row_count bigint not null,
    event_count bigint not null,
    woe double not null,
    points double not null
);

create table if not exists model.rating_scale (
    model_version varchar not null,
    position integer not null,
    grade varchar not null,
    lower double,
    upper double,
    action varchar not null,
    target_share double not null
);

create table if not exists model.feature_selection (
    model_version varchar not null,
    position integer not null,
    feature varchar not null,
    is_selected boolean not null,
    reason varchar not null,
    information_value double not null,
    information_value_flag varchar,
    correlated_with varchar,
    correlation double,
    coefficient double,
    stability varchar not null,
    stability_index double,
    stability_noise double,
    binning_fallback varchar
);

create table if not exists model.training_runs (
    training_fingerprint varchar not null,
    model_version varchar not null,
    trained_at timestamp not null,
    dataset_fingerprint varchar not null,
    parameters_hash varchar not null,
    code_fingerprint varchar not null,
    seed bigint not null,
    dbt_invocation_id varchar,
    git_revision varchar,
    trained_by varchar not null,
    inputs varchar not null,
    parameters varchar not null,
    built_from varchar,
    data_kind varchar,
    stability_note varchar,
    mlflow_run_id varchar not null,
    registered_name varchar not null,
    registered_version varchar not null,
    first_train_snapshot date not null,
    last_train_snapshot date not null,
    test_snapshot date not null,
    agreement_with_inactivity double,
    best_column varchar,
    auc_gain double,
    auc_gain_lower double,
    auc_gain_upper double,
    type_1_error_cost double,
    type_2_error_cost double,
    central_tendency double
);

create table if not exists model.candidate_metrics (
    training_fingerprint varchar not null,
    candidate varchar not null,
    candidate_kind varchar not null,
    split varchar not null,
    row_count bigint not null,
    event_rate double not null,
    cutoff double,
    roc_auc double,
    roc_auc_lower double,
    roc_auc_upper double,
    pr_auc double,
    pr_auc_lower double,
    pr_auc_upper double,
    ks double,
    ks_lower double,
    ks_upper double,
    gini double,
    gini_lower double,
    gini_upper double,
    lift double,
    lift_lower double,
    lift_upper double,
    brier double,
    brier_lower double,
    brier_upper double,
    log_loss double,
    log_loss_lower double,
    log_loss_upper double,
    approval_rate double,
    approval_rate_lower double,
    approval_rate_upper double,
    accuracy double,
    accuracy_lower double,
    accuracy_upper double,
    "precision" double,
    precision_lower double,
    precision_upper double,
    recall double,
    recall_lower double,
    recall_upper double,
    f1 double,
    f1_lower double,
    f1_upper double,
    true_positives bigint,
    false_positives bigint,
    true_negatives bigint,
    false_negatives bigint,
    type_1_error_rate double,
    type_1_error_rate_lower double,
    type_1_error_rate_upper double,
    type_2_error_rate double,
    type_2_error_rate_lower double,
    type_2_error_rate_upper double,
    cost_of_errors double,
    cost_of_errors_lower double,
    cost_of_errors_upper double,
    trials bigint,
    roc_auc_corrected double
);

create table if not exists model.segment_metrics (
    training_fingerprint varchar not null,
    candidate varchar not null,
    split varchar not null,
    segment_name varchar not null,
    segment_value varchar not null,
    row_count bigint not null,
    event_rate double not null,
    predicted double,
    roc_auc double,
    roc_auc_lower double,
    roc_auc_upper double,
    gini double,
    ks double,
    brier double,
    log_loss double,
    approval_rate double,
    adverse_impact_ratio double,
    type_1_error_rate double,
    type_2_error_rate double,
    cost_of_errors double
);

create table if not exists model.candidate_comparisons (
    training_fingerprint varchar not null,
    split varchar not null,
    candidate varchar not null,
    compared_with varchar not null,
    row_count bigint not null,
    roc_auc_difference double,
    roc_auc_difference_lower double,
    roc_auc_difference_upper double,
    gini_difference double,
    gini_difference_lower double,
    gini_difference_upper double,
    share_better double
);

create table if not exists model.calibration_metrics (
    training_fingerprint varchar not null,
    candidate varchar not null,
    split varchar not null,
    method varchar not null,
    row_count bigint not null,
    predicted double not null,
    observed double not null,
    intercept double,
    intercept_lower double,
    intercept_upper double,
    slope double,
    slope_lower double,
    slope_upper double,
    brier double not null,
    log_loss double not null,
    hosmer_lemeshow double,
    hosmer_lemeshow_p_value double
);

create table if not exists model.grade_calibration (
    training_fingerprint varchar not null,
    split varchar not null,
    position integer not null,
    grade varchar not null,
    action varchar not null,
    row_count bigint not null,
    row_share double not null,
    event_count bigint not null,
    predicted double,
    observed double,
    observed_lower double,
    observed_upper double,
    binomial_p_value double,
    jeffreys_p_value double,
    traffic_light varchar
);

create table if not exists model.challenger_scores (
    model_version varchar not null,
    customer_id varchar not null,
    snapshot_date date not null,
    probability double not null,
    base_margin double not null,
    contributions double[] not null
);

create table if not exists model.model_promotions (
    model_version varchar not null,
    promoted_at timestamp not null,
    "rule" varchar not null,
    approver varchar,
    reason varchar not null,
    gate_results varchar not null
);

-- Who is champion, for every reader: the newest promotion, and of several at
-- one moment the one written last.
create or replace view model.champion as
select *
from model.model_promotions
order by promoted_at desc, rowid desc
limit 1;
{% endif %}
{% endmacro %}
