{%- set features = numeric_features() -%}
with features as (
    select * from {{ ref('fct_customer_features') }}
),

-- Spearman: bins and points read a feature by its order alone, and ranks keep a
-- few giant amounts from deciding. The sum of the first and the last rank among
-- equals is twice their mean rank.
ranked as (
    select
        {%- for feature in features %}
        rank() over (order by {{ feature }})
        + case when {{ feature }} is not null then count(*) over (order by {{ feature }}) end
            as {{ feature }},
        {%- endfor %}
        snapshot_date
    from features
    where snapshot_date = (select max(latest.snapshot_date) from features as latest)
),

correlated as (
    select
        [
            {%- for feature in features[1:] %}
            {%- set position = loop.index + 1 %}
            {%- for other in features[:loop.index] %}
            struct_pack(
                position := {{ position }},
                other_position := {{ loop.index }},
                feature := '{{ feature }}',
                other_feature := '{{ other }}',
                rank_correlation := corr({{ feature }}, {{ other }})
            ){{ ',' if not (loop.last and position == features | length) }}
            {%- endfor %}
            {%- endfor %}
        ] as pairs
    from ranked
),

feature_correlations as (
    select unnest(pairs) as pair from correlated
)

select
    pair.position,
    pair.other_position,
    pair.feature,
    pair.other_feature,
    pair.rank_correlation
from feature_correlations
order by pair.position, pair.other_position
