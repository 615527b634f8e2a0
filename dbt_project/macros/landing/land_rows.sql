{#- The records of a layout go to raw.transactions or raw.rejected_rows. Most files
    have nothing to reject, so that is looked for only where rows are missing. -#}
{% macro accept_rows(layout) %}
insert into raw.transactions by name
{{ judged_rows(layout) }}
select * exclude (record, rejection_reason, has_value, has_fraud_result)
-- Without offset the filter is computed below, and each value is parsed twice.
from (select * from judged offset 0) as parsed_once
where rejection_reason is null
{% endmacro %}

{% macro reject_rows(layout) %}
insert into raw.rejected_rows by name
{{ judged_rows(layout) }}
select
    source_file,
    source_row,
    record as rejected_text,
    rejection_reason,
    landed_at
from judged
where rejection_reason is not null
{% endmacro %}

{#- Optional columns in which what cannot be read is missing, not a reason to reject;
    it is counted in raw.files where a value is missing. -#}
{% macro optional_values() -%}
    {{ return({'Value': 'has_value', 'FraudResult': 'has_fraud_result'}) }}
{%- endmacro %}

{% macro has_missing_values(layout) -%}
    {%- set missing = [] -%}
    {%- for name in optional_values() if name in layout.columns -%}
        {%- do missing.append(name ~ ' is null') -%}
    {%- endfor -%}
    {{ return(missing and run_query(
        'select 1 from raw.transactions where (' ~ missing | join(' or ')
        ~ ') and source_file in (select source_file from landing_files '
        ~ 'where file_id in ' ~ layout.file_ids ~ ') limit 1'
    ).rows | length > 0) }}
{%- endmacro %}

{% macro count_unread_values(layout) %}
update raw.files
set
    unread_values = counted.unread_values,
    unread_fraud_results = counted.unread_fraud_results
from (
    {{ judged_rows(layout) | trim | indent(4) }}
    select
        source_file,
        count(*) filter (where has_value and Value is null) as unread_values,
        count(*) filter (where has_fraud_result and FraudResult is null)
            as unread_fraud_results
    from judged
    where rejection_reason is null
    group by source_file
) as counted
where files.source_file = counted.source_file
{% endmacro %}

{% macro warn_of_unread_values() %}
{% for row in run_query(
    'select source_file, unread_values, unread_fraud_results from raw.files '
    ~ 'where source_file in (select source_file from landing_files) '
    ~ 'and unread_values + unread_fraud_results > 0 order by source_file'
).rows %}
    {% do exceptions.warn(
        row[0] ~ ': ' ~ row[1] | int ~ ' of Value and ' ~ row[2] | int ~ ' of FraudResult '
        ~ 'cannot be read and count as missing (Value: a number; FraudResult: 0 or 1)'
    ) %}
{% endfor %}
{% endmacro %}

{% macro missing_rows() -%}
    {%- set of_batch = 'where source_file in (select source_file from landing_files)' -%}
    {{ return(run_query(
        'select (select sum(input_rows) from raw.files ' ~ of_batch ~ ') - '
        ~ '(select count(*) from raw.transactions ' ~ of_batch ~ ')'
    ).rows[0][0] | int) }}
{%- endmacro %}

{#- CTEs that end in `judged`: typed values of each record, and the first reason why
    the record breaks the contract. -#}
{% macro judged_rows(layout) %}
{%- set amount = layout.columns['Amount'] -%}
with records as (
    {{ layout.records | trim | indent(4) }}
),

parsed as (
    select
        {%- for name in contract_columns() if name != 'TransactionId' %}
        {%- if name in layout.columns %}
        {{ column_parser(name)(layout.columns[name].sql, layout.columns[name].type) }} as {{ name }},
        {%- else %}
        cast(null as {{ column_type(name) }}) as {{ name }},
        {%- endif %}
        {%- endfor %}
        coalesce(
            {%- if 'TransactionId' in layout.columns %}
            {{ parse_id(layout.columns['TransactionId'].sql, layout.columns['TransactionId'].type) }},
            {%- endif %}
            files.source_file || '#' || records.source_row
        ) as TransactionId,
        files.source_file,
        records.source_row,
        getvariable('landed_at') as landed_at,
        {{ amount.sql }} as amount_as_it_stands,
        {%- for name, flag in optional_values().items() %}
        {%- if name in layout.columns %}
        {{ is_there(layout.columns[name].sql) }} as {{ flag }},
        {%- else %}
        false as {{ flag }},
        {%- endif %}
        {%- endfor %}
        records.fault,
        records.record
    from records
    inner join landing_files as files on records.file_id = files.file_id
),

judged as (
    select
        * exclude (amount_as_it_stands, fault),
        case
            when fault is not null then fault
            when CustomerId is null then 'customer_missing'
            when Amount is null and {{ is_finite_number('amount_as_it_stands', amount.type) }}
                then 'amount_out_of_range'
            when Amount is null then 'amount_not_a_number'
            when TransactionStartTime is null then 'time_unreadable'
            when
                TransactionStartTime < cast('{{ var("earliest_date") }}' as timestamp)
                or TransactionStartTime > landed_at
                then 'time_implausible'
        end as rejection_reason
    from parsed
)
{% endmacro %}

{#- raw.files: how many rows a batch has is counted on the records, before any of
    them is read; in Parquet it is what the file itself says. -#}
{% macro land_files(files, landing_hash, data_kind) %}
insert into raw.files by name
with states (file_id, file_path, size_bytes, modified_at) as (
    values
    {%- for file in files %}
    ({{ loop.index0 }}, {{ sql_text(file.path) }}, {{ file.size }}, {{ sql_text(file.modified_at) }})
    {{- ',' if not loop.last }}
    {%- endfor %}
),

counted as (
    {%- if is_parquet(files[0].path) %}
    {%- set paths = files | map(attribute='path') | list %}
    select
        states.file_id,
        metadata.num_rows as row_count
    from parquet_file_metadata({{ exact_paths(paths) }}) as metadata
    inner join states on metadata.file_name = states.file_path
    {%- else %}
    select
        file_id,
        count(*) as row_count
    from landing_records
    group by file_id
    {%- endif %}
)

select
    files.source_file,
    states.file_path,
    states.size_bytes,
    cast(states.modified_at as timestamp) as modified_at,
    {{ sql_text(landing_hash) }} as landing_hash,
    {{ sql_text(data_kind) }} as data_kind,
    coalesce(counted.row_count, 0) as input_rows,
    0 as unread_values,
    0 as unread_fraud_results,
    getvariable('landed_at') as landed_at
from landing_files as files
inner join states on files.file_id = states.file_id
left join counted on files.file_id = counted.file_id;
{% endmacro %}
