"""What a card asks the warehouse, each query named for what it answers.

$version is the model version, $fingerprint the training that speaks for it.
"""

SCORECARD = "select * from model.scorecard where model_version = $version"

CHAMPION = "select model_version from model.champion"

PROMOTIONS = """
    select
        promoted_at,
        "rule",
        approver,
        reason,
        gate_results
    from model.model_promotions
    where model_version = $version
    order by promoted_at, rowid
"""

# Several trainings can end in the same tables; the last one speaks for them.
TRAINING = """
    select *
    from model.training_runs
    where model_version = $version
    order by trained_at desc, rowid desc
    limit 1
"""

FEATURES = """
    select
        contract.position,
        contract.name,
        contract.kind,
        contract.unit,
        contract.formula,
        contract.monotonic_direction,
        contract.reason_code,
        contract.customer_wording,
        card.information_value,
        card.coefficient,
        card.reference_points
    from seeds.feature_contract as contract
    left join model.scorecard_features as card
        on card.feature = contract.name and card.model_version = $version
    order by contract.position
"""

SELECTION = """
    select *
    from model.feature_selection
    where model_version = $version
    order by position
"""

POINTS = """
    select
        feature,
        bin_index,
        bin_kind,
        lower,
        upper,
        categories,
        row_count,
        event_count,
        woe,
        points
    from model.scorecard_points
    where model_version = $version
    order by feature, bin_index
"""

GRADES = """
    select
        position,
        grade,
        lower,
        upper,
        action,
        target_share
    from model.rating_scale
    where model_version = $version
    order by position
"""

METRICS = """
    select *
    from model.candidate_metrics
    where training_fingerprint = $fingerprint
    order by rowid
"""

SEGMENTS = """
    select *
    from model.segment_metrics
    where training_fingerprint = $fingerprint
    order by segment_name, segment_value
"""

COMPARISONS = """
    select *
    from model.candidate_comparisons
    where training_fingerprint = $fingerprint
    order by rowid
"""

CALIBRATION = """
    select *
    from model.calibration_metrics
    where training_fingerprint = $fingerprint
    order by rowid
"""

GRADE_CALIBRATION = """
    select *
    from model.grade_calibration
    where training_fingerprint = $fingerprint
    order by split, position
"""

CONTRIBUTIONS = """
    with parts as (
        select
            unnest(contributions) as contribution,
            generate_subscripts(contributions, 1) as position
        from model.challenger_scores
        where model_version = $version
    )

    select
        contract.name as feature,
        round(avg(abs(parts.contribution)), 9) as mean_contribution
    from parts
    inner join seeds.feature_contract as contract using (position)
    group by contract.name
    order by mean_contribution desc, feature
"""

DATA = """
    select
        (select string_agg(distinct data_kind, ', ' order by data_kind)
        from raw.files) as kind,
        count(*) as accepted,
        count(distinct customer_id) as customers,
        min(transacted_at) as first_transaction,
        max(transacted_at) as last_transaction
    from marts.fct_transactions
"""

REJECTED = """
    select
        rejection_reason as reason,
        count(*) as row_count
    from raw.rejected_rows
    group by rejection_reason
    order by row_count desc, reason
"""

PARAMETERS = "select * from marts.dim_parameters"

LABEL = """
    select
        snapshot_date,
        split,
        row_count,
        event_rate,
        inactive_rate,
        agreement_with_inactivity
    from marts.fct_label_audit
    order by snapshot_date
"""

LABEL_STABILITY = """
    select
        is_inactive_included,
        cluster_count,
        bootstrap > 0 as is_resampled,
        count(*) as scenarios,
        max(flip_rate) as flip_rate,
        max(baseline_flip_rate) as baseline_flip_rate
    from marts.fct_label_stability
    group by is_inactive_included, cluster_count, bootstrap > 0
    order by is_inactive_included desc, cluster_count, is_resampled
"""

LABEL_COMPARISONS = """
    select
        outcome,
        high_risk_event_rate,
        low_risk_event_rate,
        auc
    from marts.fct_label_comparisons
    where split = 'test'
    order by outcome
"""

# However often a snapshot is measured, it was unseen only once.
TRAININGS_ON_TEST = """
    select count(distinct training_fingerprint) as trainings
    from model.training_runs
    where test_snapshot = $test_snapshot
"""

SCORE_COMPARISONS = """
    select
        outcome,
        row_count,
        event_count,
        event_rate,
        auc
    from marts.fct_score_comparisons
    where model_version = $version
    order by outcome
"""

SCORE_OUTCOMES = """
    select
        customer_id,
        score,
        is_high_risk,
        is_inactive,
        has_fraud,
        has_defaulted
    from marts.fct_score_outcomes
    where model_version = $version
    order by customer_id
"""

KNOWN_CUSTOMERS = """
    select count(*) as customers
    from marts.fct_customer_scores
"""
