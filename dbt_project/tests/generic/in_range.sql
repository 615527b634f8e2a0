{#- Values within [lowest, highest], or above `above`; any end may be left out. Nulls
    pass. -#}
{% test in_range(model, column_name, lowest=none, highest=none, above=none) %}

select {{ column_name }}
from {{ model }}
where
    false
    {%- if lowest is not none %}
    or {{ column_name }} < {{ lowest }}
    {%- endif %}
    {%- if above is not none %}
    or {{ column_name }} <= {{ above }}
    {%- endif %}
    {%- if highest is not none %}
    or {{ column_name }} > {{ highest }}
    {%- endif %}

{% endtest %}
