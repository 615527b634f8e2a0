{{ config(tags='scoring') }}

{%- set champion = champion_scorecard() %}
{%- set bins = champion_bins() %}
{%- set model_version = champion.model_version if champion else '' %}

with features as (
    {{ champion_features(champion, 'test') | indent(4) }}
),

int_test_customers__scored as (
    select
        customer_id,
        snapshot_date,
        cast('{{ model_version }}' as string) as model_version,
        {%- for feature in feature_names() if feature in bins %}
        {{ points_case(feature, bins[feature]) | indent(8) }} +
        {%- endfor %}
        0e0 as score
    from features
)

select * from int_test_customers__scored
