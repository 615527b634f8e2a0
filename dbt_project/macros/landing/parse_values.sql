{#- Text or typed value → typed value, null where it cannot be read. -#}

{% macro parse_text(column, type) -%}
    {{ return('nullif(cast(' ~ column ~ " as varchar), '')") }}
{%- endmacro %}

{#- Blank text is no id. -#}
{% macro parse_id(column, type) -%}
    {{ return(
        'case when regexp_matches(cast(' ~ column ~ " as varchar), '\\S') then cast("
        ~ column ~ ' as varchar) end'
    ) }}
{%- endmacro %}

{#- 1e5 is a number; 1,000.50, 1_000, NaN and inf are not. -#}
{% macro is_finite_number(column, type) -%}
    {%- if type == 'VARCHAR' -%}
        {{ return(
            'regexp_full_match(' ~ column
            ~ ", '\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*')"
        ) }}
    {%- endif -%}
    {{ return('isfinite(try_cast(' ~ column ~ ' as double))') }}
{%- endmacro %}

{% macro parse_amount(column, type) -%}
    {{ return(
        'case when ' ~ is_finite_number(column, type)
        ~ ' then try_cast(' ~ column ~ ' as decimal(18, 4)) end'
    ) }}
{%- endmacro %}

{#- ISO 8601, to UTC; without an offset it is UTC. -#}
{% macro parse_time(column, type) -%}
    {%- if type == 'VARCHAR' -%}
        {{ return(
            "case when regexp_full_match(trim(" ~ column
            ~ "), '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?( ?(Z|[+-][0-9]{2}(:?[0-9]{2})?))?)?') "
            ~ "then timezone('UTC', try_cast(trim(" ~ column ~ ") as timestamptz)) end"
        ) }}
    {%- elif type == 'TIMESTAMP WITH TIME ZONE' -%}
        {{ return("timezone('UTC', " ~ column ~ ')') }}
    {%- elif type.startswith('TIMESTAMP') or type == 'DATE' -%}
        {{ return('try_cast(' ~ column ~ ' as timestamp)') }}
    {%- endif -%}
    {{ return('cast(null as timestamp)') }}
{%- endmacro %}

{% macro parse_flag(column, type) -%}
    {{ return('try_cast(' ~ column ~ ' as integer)') }}
{%- endmacro %}

{#- How each column of the contract is read. -#}
{% macro column_parser(name) -%}
    {%- set parsers = {
        'Amount': parse_amount, 'Value': parse_amount,
        'TransactionStartTime': parse_time, 'FraudResult': parse_flag,
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
