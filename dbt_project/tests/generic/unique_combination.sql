{#- The grain: at most one row per combination of columns. Without it a join
    doubles customers and every count and rate behind it is silently wrong. -#}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
