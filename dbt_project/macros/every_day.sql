{#- Query: the dates from one column of a row to another, both included, one per
    row. In two steps, because Spark cannot nest what makes rows. -#}
{% macro every_day(relation, first, last, output) -%}
select {{ add_days(first, 'day_number') }} as {{ output }}
from (
    select
        {{ first }},
        {{ integers_to(date_difference(first, last)) }} as day_number
    from {{ relation }}
) as numbered
{%- endmacro %}
