{#- The raw contract, and how a file's own header maps onto it. -#}

{% macro contract_columns() -%}
    {{ return([
        'TransactionId', 'BatchId', 'AccountId', 'SubscriptionId', 'CustomerId',
        'CurrencyCode', 'CountryCode', 'ProviderId', 'ProductId',
        'ProductCategory', 'ChannelId', 'Amount', 'Value',
        'TransactionStartTime', 'PricingStrategy', 'FraudResult',
    ]) }}
{%- endmacro %}

{% macro is_parquet(path) -%}
    {{ return((path | lower).endswith('.parquet')) }}
{%- endmacro %}

{#- [{name, type}, …] in the file's order; a CSV column is text. -#}
{% macro file_columns(path) -%}
    {%- if is_parquet(path) -%}
        {%- set described = run_query(
            'describe select * from read_parquet(' ~ exact_path(path) ~ ')'
        ) -%}
        {%- set columns = [] -%}
        {%- for row in described.rows -%}
            {%- do columns.append({'name': row[0], 'type': row[1]}) -%}
        {%- endfor -%}
        {{ return(columns) }}
    {%- endif -%}

    {%- set header = run_query(
        "select header from read_csv(" ~ exact_path(path) ~ ", columns = {'header': 'varchar'}, "
        ~ "auto_detect = false, header = false, delim = '\x01', quote = '', escape = '', "
        ~ "ignore_errors = true, null_padding = true) limit 1"
    ) -%}
    {%- if not header.rows or not header.rows[0][0] -%}
        {{ exceptions.raise_compiler_error(
            path ~ ' is empty: it needs a header line that names CustomerId, '
            ~ 'TransactionStartTime and Amount; remove the file or replace it'
        ) }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for name in header.rows[0][0].split(',') -%}
        {%- do columns.append({
            'name': name.strip().strip('\ufeff').strip('"').strip(), 'type': 'VARCHAR'
        }) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- {contract name: index into the file's columns}; columns match by name,
    whatever their order or case. -#}
{% macro match_columns(path, columns) -%}
    {%- set matched = {} -%}
    {%- for column in columns -%}
        {%- set index = loop.index0 -%}
        {%- for name in contract_columns() -%}
            {%- if column.name | lower == name | lower -%}
                {%- if name in matched -%}
                    {{ exceptions.raise_compiler_error(
                        path ~ ' has the column ' ~ name ~ ' twice: keep one'
                    ) }}
                {%- endif -%}
                {%- do matched.update({name: index}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for required in ['CustomerId', 'TransactionStartTime', 'Amount'] -%}
        {%- if required not in matched -%}
            {{ exceptions.raise_compiler_error(
                path ~ ' has no column ' ~ required ~ ' (its header: '
                ~ (columns | map(attribute='name') | join(', '))[:200]
                ~ '): rename the column, or remove the file'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(matched) }}
{%- endmacro %}
