{#- What DuckDB and Spark spell differently, one macro per meaning. -#}

{#- Elapsed days between two timestamps, with fractions. -#}
{% macro days_between(start, end) -%}
    {{ return(adapter.dispatch('days_between')(start, end)) }}
{%- endmacro %}

{% macro default__days_between(start, end) -%}
    (epoch_us({{ end }}) - epoch_us({{ start }})) / 86400e6
{%- endmacro %}

{% macro spark__days_between(start, end) -%}
    (unix_micros({{ end }}) - unix_micros({{ start }})) / 86400e6
{%- endmacro %}

{#- Whole days between two dates. -#}
{% macro date_difference(start, end) -%}
    {{ return(adapter.dispatch('date_difference')(start, end)) }}
{%- endmacro %}

{% macro default__date_difference(start, end) -%}
    date_diff('day', {{ start }}, {{ end }})
{%- endmacro %}

{% macro spark__date_difference(start, end) -%}
    datediff({{ end }}, {{ start }})
{%- endmacro %}

{#- A date moved by a whole number of days. -#}
{% macro add_days(date, days) -%}
    {{ return(adapter.dispatch('add_days')(date, days)) }}
{%- endmacro %}

{% macro default__add_days(date, days) -%}
    cast({{ date }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{% macro spark__add_days(date, days) -%}
    date_add({{ date }}, cast({{ days }} as int))
{%- endmacro %}

{#- Monday 1 to Sunday 7. -#}
{% macro iso_weekday(timestamp) -%}
    {{ return(adapter.dispatch('iso_weekday')(timestamp)) }}
{%- endmacro %}

{% macro default__iso_weekday(timestamp) -%}
    isodow({{ timestamp }})
{%- endmacro %}

{% macro spark__iso_weekday(timestamp) -%}
    weekday({{ timestamp }}) + 1
{%- endmacro %}

{#- A UTC timestamp on the clock of var data_time_zone. -#}
{% macro local_time(timestamp) -%}
    {%- if var('data_time_zone') == 'UTC' -%}{{ return(timestamp) }}{%- endif -%}
    {{ return(adapter.dispatch('local_time')(timestamp)) }}
{%- endmacro %}

{% macro default__local_time(timestamp) -%}
    timezone('{{ var("data_time_zone") }}', timezone('UTC', {{ timestamp }}))
{%- endmacro %}

{% macro spark__local_time(timestamp) -%}
    from_utc_timestamp({{ timestamp }}, '{{ var("data_time_zone") }}')
{%- endmacro %}

{#- The first 32 bits of a text's MD5 as an integer. -#}
{% macro hash_integer(text) -%}
    {{ return(adapter.dispatch('hash_integer')(text)) }}
{%- endmacro %}

{% macro default__hash_integer(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 8) as bigint)
{%- endmacro %}

{% macro spark__hash_integer(text) -%}
    cast(conv(substr(md5({{ text }}), 1, 8), 16, 10) as bigint)
{%- endmacro %}

{#- A customer's part, 0 to var customer_parts - 1, all about as large. -#}
{% macro customer_part(customer_id) -%}
    {{ return(adapter.dispatch('customer_part')(customer_id)) }}
{%- endmacro %}

{% macro default__customer_part(customer_id) -%}
    cast(hash({{ customer_id }}) % {{ var('customer_parts') }} as integer)
{%- endmacro %}

{% macro spark__customer_part(customer_id) -%}
    cast(pmod(xxhash64({{ customer_id }}), {{ var('customer_parts') }}) as int)
{%- endmacro %}

{#- A number that differs when any of the columns differs; its sum over rows is
    exact and does not depend on their order. -#}
{% macro row_hash(columns) -%}
    {{ return(adapter.dispatch('row_hash')(columns)) }}
{%- endmacro %}

{% macro default__row_hash(columns) -%}
    cast(hash({{ columns | join(', ') }}) as decimal(38, 0))
{%- endmacro %}

{% macro spark__row_hash(columns) -%}
    cast(xxhash64({{ columns | join(', ') }}) as decimal(38, 0))
{%- endmacro %}

{#- A column of the integers from 0 to last, one per row. -#}
{% macro integers_to(last) -%}
    {{ return(adapter.dispatch('integers_to')(last)) }}
{%- endmacro %}

{% macro default__integers_to(last) -%}
    unnest(generate_series(0, {{ last }}))
{%- endmacro %}

{% macro spark__integers_to(last) -%}
    explode(sequence(0, greatest(0, {{ last }})))
{%- endmacro %}

{#- The values at these fractions of a column's rows, as an array. -#}
{% macro quantiles(column, fractions) -%}
    {{ return(adapter.dispatch('quantiles')(column, fractions)) }}
{%- endmacro %}

{% macro default__quantiles(column, fractions) -%}
    quantile_disc({{ column }}, {{ fractions }})
{%- endmacro %}

{% macro spark__quantiles(column, fractions) -%}
    percentile({{ column }}, array({{ fractions | join(', ') }}))
{%- endmacro %}

{#- Element of an array, counted from 0. -#}
{% macro element(array, index) -%}
    {{ return(adapter.dispatch('element')(array, index)) }}
{%- endmacro %}

{% macro default__element(array, index) -%}
    {{ array }}[{{ index + 1 }}]
{%- endmacro %}

{% macro spark__element(array, index) -%}
    {{ array }}[{{ index }}]
{%- endmacro %}

{#- How many elements an array has. -#}
{% macro array_length(array) -%}
    {{ return(adapter.dispatch('array_length')(array)) }}
{%- endmacro %}

{% macro default__array_length(array) -%}
    len({{ array }})
{%- endmacro %}

{% macro spark__array_length(array) -%}
    size({{ array }})
{%- endmacro %}

{#- The elements of an array, one per row. -#}
{% macro elements(array) -%}
    {{ return(adapter.dispatch('elements')(array)) }}
{%- endmacro %}

{% macro default__elements(array) -%}
    unnest({{ array }})
{%- endmacro %}

{% macro spark__elements(array) -%}
    explode({{ array }})
{%- endmacro %}

{#- An array of these values. -#}
{% macro array_of(values) -%}
    {{ return(adapter.dispatch('array_of')(values)) }}
{%- endmacro %}

{% macro default__array_of(values) -%}
    [{{ values | join(', ') }}]
{%- endmacro %}

{% macro spark__array_of(values) -%}
    array({{ values | join(', ') }})
{%- endmacro %}

{#- Aggregate: the values of a group as an array, by the order of another column,
    which has no ties. -#}
{% macro ordered_array(value, order_by) -%}
    {{ return(adapter.dispatch('ordered_array')(value, order_by)) }}
{%- endmacro %}

{% macro default__ordered_array(value, order_by) -%}
    array_agg({{ value }} order by {{ order_by }})
{%- endmacro %}

{% macro spark__ordered_array(value, order_by) -%}
    transform(
        sort_array(array_agg(struct({{ order_by }} as place, {{ value }} as value))),
        pair -> pair.value
    )
{%- endmacro %}

{#- A struct of {field: expression}. -#}
{% macro struct_of(fields) -%}
    {{ return(adapter.dispatch('struct_of')(fields)) }}
{%- endmacro %}

{% macro default__struct_of(fields) -%}
    struct_pack(
        {%- for name, expression in fields.items() -%}
        {{ name }} := {{ expression }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{% macro spark__struct_of(fields) -%}
    named_struct(
        {%- for name, expression in fields.items() -%}
        '{{ name }}', {{ expression }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{#- Rounded to decimal digits, halves away from zero: of the double as it is, where
    Spark's round would take the shortest decimal that prints as it. -#}
{% macro rounded(expression, digits) -%}
    {{ return(adapter.dispatch('rounded')(expression, digits)) }}
{%- endmacro %}

{% macro default__rounded(expression, digits) -%}
    round({{ expression }}, {{ digits }})
{%- endmacro %}

{% macro spark__rounded(expression, digits) -%}
    sign({{ expression }}) * floor(abs({{ expression }}) * 1e{{ digits }} + 5e-1) / 1e{{ digits }}
{%- endmacro %}

{#- Written before a CTE's query that a recursive CTE reads at every step. -#}
{% macro materialized() -%}
    {{ return(adapter.dispatch('materialized')()) }}
{%- endmacro %}

{% macro default__materialized() -%}
    materialized
{%- endmacro %}

{% macro spark__materialized() -%}
{%- endmacro %}

{#- Ten significant digits: sums of doubles differ in the last ones from run
    to run, what is stored must not. -#}
{% macro stable(expression) -%}
    {{ return(adapter.dispatch('stable')(expression)) }}
{%- endmacro %}

{% macro default__stable(expression) -%}
    case
        when {{ expression }} = 0 then 0e0
        else
            round(
                {{ expression }},
                9 - cast(floor(log10(abs({{ expression }}))) as integer)
            )
    end
{%- endmacro %}

{% macro spark__stable(expression) -%}
    cast(format_string('%.9e', {{ expression }}) as double)
{%- endmacro %}
