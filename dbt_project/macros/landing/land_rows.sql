{#- The records of a layout go to raw.transactions or raw.rejected_rows. Most files
    have nothing to reject, so that is looked for only where rows are missing. -#}
{% macro accept_rows(layout) %}
insert into raw.transactions by name
{{ judged_rows(layout) }}
select * exclude (record, rejection_reason)
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
    getvariable('landed_at') as landed_at
from landing_files as files
inner join states on files.file_id = states.file_id
left join counted on files.file_id = counted.file_id;
{% endmacro %}
