{#- Text or typed value → typed value, null where it cannot be read. -#}

{% macro is_text(type) -%}{{ return(type == 'VARCHAR') }}{%- endmacro %}

{% macro is_binary_float(type) -%}{{ return(type in ('FLOAT', 'DOUBLE')) }}{%- endmacro %}

{% macro is_number(type) -%}
    {{ return(
        is_binary_float(type) or type.startswith('DECIMAL') or type in (
            'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT',
            'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT',
        )
    ) }}
{%- endmacro %}

{% macro parse_text(column, type) -%}
    {%- if is_text(type) -%}
        {{ return('nullif(' ~ column ~ ", '')") }}
    {%- elif is_binary_float(type) -%}
        {#- What pandas writes for a missing number. -#}
        {{ return('case when not isnan(' ~ column ~ ') then cast(' ~ column ~ ' as varchar) end') }}
    {%- endif -%}
    {{ return('nullif(cast(' ~ column ~ " as varchar), '')") }}
{%- endmacro %}

{#- Blank text is no id. Most begin with a visible character of ASCII, which is seen faster. -#}
{% macro parse_id(column, type) -%}
    {%- set text = parse_text(column, type) -%}
    {{ return(
        'case when ' ~ text ~ " >= '!' and " ~ text ~ ' < chr(127) then ' ~ text
        ~ ' when regexp_matches(' ~ text ~ ", '[^\\s\\pZ\\pC]') then " ~ text ~ ' end'
    ) }}
{%- endmacro %}

{#- 1e5 is a number; 1,000.50, 1_000, NaN and inf are not, nor is a boolean. -#}
{% macro is_finite_number(column, type) -%}
    {%- if is_text(type) -%}
        {{ return(
            'regexp_full_match(' ~ column
            ~ ", ' *[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)? *')"
        ) }}
    {%- elif is_binary_float(type) -%}
        {{ return('isfinite(' ~ column ~ ')') }}
    {%- endif -%}
    {{ return(column ~ ' is not null' if is_number(type) else 'false') }}
{%- endmacro %}

{#- decimal(18,4), never rounded to it. A binary number is not 0.3 but near it: it
    is the decimal that it differs from by no more than its own precision. -#}
{% macro parse_amount(column, type) -%}
    {%- set amount = 'try_cast(' ~ column ~ ' as decimal(18, 4))' -%}
    {%- set as_double = 'try_cast(' ~ column ~ ' as double)' -%}
    {%- if is_text(type) -%}
        {{ return(
            'case when regexp_full_match(' ~ column
            ~ ", ' *[+-]?([0-9]+(\\.[0-9]{0,4}0*)?|\\.[0-9]{1,4}0*) *') then " ~ amount
            ~ ' when regexp_full_match(' ~ column
            ~ ", ' *[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)[eE][+-]?[0-9]+ *')"
            ~ ' and cast(' ~ amount ~ ' as double) = ' ~ as_double ~ ' then ' ~ amount ~ ' end'
        ) }}
    {%- elif is_binary_float(type) -%}
        {{ return(
            'case when abs(cast(' ~ amount ~ ' as double) - ' ~ as_double ~ ') <= greatest(1e-9, '
            ~ ('1e-7' if type == 'FLOAT' else '1e-15') ~ ' * abs(' ~ as_double ~ ')) then '
            ~ amount ~ ' end'
        ) }}
    {%- elif is_number(type) -%}
        {{ return('case when ' ~ amount ~ ' = ' ~ column ~ ' then ' ~ amount ~ ' end') }}
    {%- endif -%}
    {{ return('cast(null as decimal(18, 4))') }}
{%- endmacro %}

{#- ISO 8601, to UTC; without an offset it is UTC. Digits below a microsecond are
    cut, not rounded: 23:59:59.9999999 is not the next day. -#}
{% macro parse_time(column, type) -%}
    {%- if is_text(type) -%}
        {%- set text = 'trim(' ~ column ~ ')' -%}
        {{ return(
            'case when regexp_full_match(' ~ text ~ ", '[0-9]{4}-[0-9]{2}-[0-9]{2}"
            ~ '([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?'
            ~ "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?)?') "
            ~ "then timezone('UTC', try_cast(" ~ text ~ ' as timestamptz)) end'
        ) }}
    {%- elif type == 'TIMESTAMP WITH TIME ZONE' -%}
        {{ return("timezone('UTC', " ~ column ~ ')') }}
    {%- elif type == 'TIMESTAMP_NS' -%}
        {{ return('make_timestamp(epoch_ns(' ~ column ~ ') // 1000)') }}
    {%- elif type.startswith('TIMESTAMP') or type == 'DATE' -%}
        {{ return('try_cast(' ~ column ~ ' as timestamp)') }}
    {%- endif -%}
    {{ return('cast(null as timestamp)') }}
{%- endmacro %}

{#- 0 or 1, as number or text, also 0.0 and 1.0, true and false. -#}
{% macro parse_flag(column, type) -%}
    {%- if is_text(type) -%}
        {{ return(
            'case when regexp_full_match(' ~ column ~ ", '(?i) *(1(\\.0*)?|true) *') then 1"
            ~ ' when regexp_full_match(' ~ column ~ ", '(?i) *(0(\\.0*)?|false) *') then 0 end"
        ) }}
    {%- elif is_number(type) or type == 'BOOLEAN' -%}
        {{ return('case cast(' ~ column ~ ' as double) when 1 then 1 when 0 then 0 end') }}
    {%- endif -%}
    {{ return('cast(null as integer)') }}
{%- endmacro %}

{#- Whether there is something, readable or not. -#}
{% macro is_there(column) -%}
    {{ return('coalesce(lower(trim(cast(' ~ column ~ " as varchar))) not in ('', 'nan'), false)") }}
{%- endmacro %}

{#- How each column of the contract is read. -#}
{% macro column_parser(name) -%}
    {%- set parsers = {
        'TransactionId': parse_id, 'CustomerId': parse_id,
        'Amount': parse_amount, 'Value': parse_amount,
        'TransactionStartTime': parse_time, 'DefaultedAt': parse_time,
        'FraudResult': parse_flag,
    } -%}
    {{ return(parsers.get(name, parse_text)) }}
{%- endmacro %}

{% macro column_type(name) -%}
    {%- set types = {
        'Amount': 'decimal(18, 4)', 'Value': 'decimal(18, 4)',
        'TransactionStartTime': 'timestamp', 'FraudResult': 'integer',
    } -%}
    {{ return(types.get(name, 'varchar')) }}
{%- endmacro %}
