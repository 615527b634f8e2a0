{{ config(tags='scoring') }}

{%- set champion = champion_scorecard() %}
{%- set bins = champion_bins() %}
{%- set model_version = champion.model_version if champion else '' %}

with features as (
    {{ champion_features(champion, 'score') | indent(4) }}
),

int_customer_points__looked_up as (
    select
        customer_id,
        snapshot_date,
        {%- for feature in feature_names() %}
        {%- if feature in bins %}
        {{ points_case(feature, bins[feature]) | indent(8) }} as {{ feature }}_points,
        {%- else %}
        cast(null as double) as {{ feature }}_points,
        {%- endif %}
        {%- endfor %}
        cast('{{ model_version }}' as string) as model_version
    from features
)

select * from int_customer_points__looked_up
