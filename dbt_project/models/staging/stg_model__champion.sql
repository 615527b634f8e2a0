{{ config(tags='scoring') }}

with source as (
    select * from {{ source('model', 'champion') }}
),

stg_model__champion as (
    select
        -- ids
        model_version,

        -- text
        rule as promotion_rule,
        approver,
        reason,
        gate_results,

        -- timestamps
        promoted_at
    from source
)

select * from stg_model__champion
