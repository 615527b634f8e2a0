{{ config(tags='scoring') }}

with period as (
    select data_end from {{ ref('int_data_period__measured') }}
),

champion as (
    select * from {{ ref('int_champion__promoted') }}
),

customers as (
    select distinct customer_id from {{ ref('int_transactions__cleaned') }}
),

scored as (
    select * from {{ ref('int_customers__scored') }}
),

policy as (
    select * from {{ ref('policy_reasons') }}
),

reasons as (
    select
        ranked.customer_id,
        min(ranked.reason_reference) as reference,
        {{ ordered_array(
            struct_of({
                'code': 'ranked.reason_code',
                'wording': 'ranked.customer_wording',
                'loss': 'ranked.loss',
            }),
            'ranked.reason_rank'
        ) }} as reasons
    from {{ ref('int_customer_reasons__ranked') }} as ranked
    inner join champion on ranked.reason_rank <= champion.reasons_at_most
    group by ranked.customer_id
),

fct_customer_scores as (
    select
        customers.customer_id,
        period.data_end as snapshot_date,
        champion.model_version,
        champion.parameters_hash,
        case when scored.customer_id is null then 'not_scored' else 'scored' end as status,
        case when scored.customer_id is null then policy.status end as not_scored_reason,
        scored.score,
        case
            -- least and greatest would make a score of the bound out of none.
            when scored.score is not null
                then cast(
                    least(
                        greatest(floor(scored.score + 0.5e0), champion.score_shown_min),
                        champion.score_shown_max
                    ) as integer
                )
        end as score_shown,
        scored.proxy_probability,
        scored.grade,
        coalesce(scored.action, 'refer') as action,
        case
            when scored.customer_id is null
                then {{ array_of([struct_of({
                    'code': 'policy.reason_code',
                    'wording': 'policy.customer_wording',
                    'loss': 'cast(null as double)',
                })]) }}
            else coalesce(reasons.reasons, {{ array_of([]) }})
        end as reasons,
        case
            when scored.customer_id is null then 'policy'
            else coalesce(reasons.reference, 'training_mean')
        end as reason_reference
    from customers
    cross join period
    cross join champion
    inner join policy on policy.status = 'no_recent_transactions'
    left join scored on customers.customer_id = scored.customer_id
    left join reasons on customers.customer_id = reasons.customer_id
)

select * from fct_customer_scores
