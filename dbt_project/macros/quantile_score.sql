{#- 1 (worst) to var rfm_quantiles (best) within a snapshot; customers with
    equal values share a score, so the quantiles are as even as ties allow. -#}
{% macro quantile_score(column, direction) -%}
    cast(
        ceil(
            {{ var('rfm_quantiles') }} * cume_dist() over (
                partition by snapshot_date order by {{ column }} {{ direction }}
            )
        ) as integer
    )
{%- endmacro %}
