{#- Stops a run at a var that is not allowed, before anything is read or built:
    one line with its name, its value and what it may be. -#}
{% macro check_vars() -%}
    {%- if not execute -%}{{ return('') }}{%- endif -%}
    {%- for name, rule in var('allowed_values').items() -%}
        {%- set value = var(name) -%}
        {%- if rule is mapping -%}
            {%- set is_number = value is integer or (value is float and rule.least is float) -%}
            {%- set fits = (is_number and rule.least <= value <= rule.most)
                or (value is none and rule.or_null) -%}
            {%- set kind = 'a number' if rule.least is float else 'a whole number' -%}
            {%- set allowed = kind ~ ' from ' ~ rule.least ~ ' to ' ~ rule.most
                ~ (' or null' if rule.or_null) -%}
        {%- else -%}
            {%- set fits = value in rule -%}
            {%- set allowed = rule | join(' or ') -%}
        {%- endif -%}
        {%- do refuse_var(name, value, allowed) if not fits -%}
    {%- endfor -%}
    {%- set date = var('earliest_date') | string -%}
    {%- set is_date = modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', date)
        and run_query("select try_cast('" ~ date ~ "' as date) is not null").rows[0][0] -%}
    {%- do refuse_var('earliest_date', date, 'a date like 2000-01-01') if not is_date -%}
    {%- set zone = var('data_time_zone') -%}
    {%- set is_zone = zone in modules.pytz.all_timezones_set -%}
    {%- do refuse_var(
        'data_time_zone', zone, 'an IANA name like Africa/Kampala'
    ) if not is_zone -%}
{%- endmacro %}

{% macro refuse_var(name, value, allowed) -%}
    {{ exceptions.raise_compiler_error(
        'var ' ~ name ~ ' is ' ~ tojson(value, value | string) ~ '; allowed is ' ~ allowed
    ) }}
{%- endmacro %}
