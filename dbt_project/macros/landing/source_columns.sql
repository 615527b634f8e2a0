{#- The raw contract, and how a file's own columns map onto it. -#}

{% macro contract_columns() -%}
    {{ return([
        'TransactionId', 'BatchId', 'AccountId', 'SubscriptionId', 'CustomerId',
        'CurrencyCode', 'CountryCode', 'ProviderId', 'ProductId',
        'ProductCategory', 'ChannelId', 'Amount', 'Value',
        'TransactionStartTime', 'PricingStrategy', 'FraudResult',
    ]) }}
{%- endmacro %}

{% macro required_columns() -%}
    {{ return(['CustomerId', 'TransactionStartTime', 'Amount']) }}
{%- endmacro %}

{#- {contract name: {type, sql}} of those of a file's columns, [{name, type, sql}],
    that the contract knows; they match by name, whatever their order or case. -#}
{% macro match_columns(path, columns, known, required) -%}
    {%- set matched = {} -%}
    {%- for column in columns -%}
        {%- for name in known if name | lower == column.name | lower -%}
            {%- if name in matched -%}
                {{ exceptions.raise_compiler_error(
                    path ~ ' has the column ' ~ name ~ ' twice: keep one'
                ) }}
            {%- endif -%}
            {%- do matched.update({name: {'type': column.type, 'sql': column.sql}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for name in required if name not in matched -%}
        {%- set header = columns | map(attribute='name') | join(', ') -%}
        {{ exceptions.raise_compiler_error(
            path ~ ' has no column ' ~ name ~ ' (its header: ' ~ header[:200] ~ '): '
            ~ separator_hint(columns) ~ 'rename the column, or remove the file'
        ) }}
    {%- endfor -%}
    {{ return(matched) }}
{%- endmacro %}

{% macro separator_hint(columns) -%}
    {%- if columns | length == 1 -%}
        {%- for character, word in {';': 'semicolons', '\t': 'tabs', '|': 'bars'}.items() -%}
            {%- if character in columns[0].name -%}
                {{ return('it looks separated by ' ~ word ~ ', save it with commas; else ') }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
