{%- set bins = 20 -%}
with features as (
    select * from {{ ref('fct_customer_features') }}
),

contract as (
    select * from {{ ref('feature_contract') }}
),

latest_features as (
    select *
    from features
    where snapshot_date = (select max(latest.snapshot_date) from features as latest)
),

listed as (
    {%- for feature in numeric_features() %}
    select
        '{{ feature }}' as feature,
        {{ feature }} as measured_value
    from latest_features
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- Amounts and counts span decades: equal bins of the signed log(1 + |value|).
placed as (
    select
        contract.position,
        listed.feature,
        contract.unit,
        contract.unit like '%currency units' or contract.unit = 'transactions' as is_log_scale,
        case
            when is_log_scale
                then sign(listed.measured_value) * ln(1 + abs(listed.measured_value))
            else listed.measured_value
        end as place
    from listed
    inner join contract on listed.feature = contract.name
    where listed.measured_value is not null
),

bounded as (
    select
        feature,
        min(place) as lowest,
        (max(place) - min(place)) / {{ bins }} as width
    from placed
    group by feature
),

binned as (
    select
        placed.position,
        placed.feature,
        placed.unit,
        placed.is_log_scale,
        bounded.lowest,
        bounded.width,
        case
            when bounded.width = 0 then 0
            else least(
                cast(floor((placed.place - bounded.lowest) / bounded.width) as integer),
                {{ bins - 1 }}
            )
        end as bin_index
    from placed
    inner join bounded on placed.feature = bounded.feature
),

feature_histograms as (
    select
        position,
        feature,
        unit,
        is_log_scale,
        bin_index,
        lowest + width * bin_index as lower_place,
        lowest + width * (bin_index + 1) as upper_place,
        count(*) as customer_count
    from binned
    group by position, feature, unit, is_log_scale, bin_index, lowest, width
)

select * from feature_histograms
order by position, bin_index
