{#- on-run-start: every new or changed file goes, by itself, into typed
    raw.transactions, and what cannot be read into raw.rejected_rows, so that
    accepted + rejected = input rows. A vanished file's rows go away. All in one
    transaction; unchanged files cost one look at their size and time. -#}
{% macro land_transactions() %}
{% if not execute or flags.WHICH not in ('run', 'build') %}{{ return('') }}{% endif %}
{% do run_query(raw_tables_ddl()) %}
{% set input = input_files() %}
{% set landing_hash = local_md5(landing_version() ~ var('earliest_date'))[:12] %}
{% set changes = changed_files(input, landing_hash) %}
{% if not changes.land and not changes.forget %}{{ return('') }}{% endif %}

{% set statements = [] %}
{% for file in changes.land %}
    {% set columns = file_columns(file.path) %}
    {% set matched = match_columns(file.path, columns) %}
    {% do statements.append(land_file(file, columns, matched, landing_hash, input.data)) %}
{% endfor %}

{#- Run here, not returned: a hook's own SQL that fails does not stop dbt. -#}
{% set script %}
begin transaction;
{{ restore_duplicates() }}
{{ forget_files(changes.forget) }}
{{ statements | join('\n') }}
{{ reject_duplicates() }}
{% endset %}
{% do run_query(script) %}
{% do stop_at_unclosed_quotes(changes.land) %}
{% do run_query('commit') %}
{% endmacro %}

{#- A quote that is never closed makes one record of all lines behind it. They
    would count as one malformed line, so nothing is landed instead. -#}
{% macro stop_at_unclosed_quotes(files) %}
{% for file in files if not is_parquet(file.path) %}
    {% set swallowed = run_query(lines_of_unclosed_quotes(file.path)).rows %}
    {% if swallowed %}
        {{ exceptions.raise_compiler_error(
            file.path ~ ', line ' ~ swallowed[0][0] | int ~ ': a quote is opened and never '
            ~ 'closed, so the lines behind it cannot be told apart; close or double it'
        ) }}
    {% endif %}
{% endfor %}
{% endmacro %}

{#- Raised by whoever changes how a file is read: all files are landed again. -#}
{% macro landing_version() -%}{{ return(2) }}{%- endmacro %}

{% macro raw_tables_ddl() %}
create schema if not exists raw;
create table if not exists raw.transactions (
    {%- for name in contract_columns() %}
    {{ name }} {{ column_type(name) }},
    {%- endfor %}
    source_file varchar not null,
    source_row bigint not null,
    landed_at timestamp not null
);
create table if not exists raw.duplicate_transactions as
    select * from raw.transactions where false;
create table if not exists raw.rejected_rows (
    source_file varchar not null,
    source_row bigint,
    rejected_text varchar,
    rejection_reason varchar not null,
    landed_at timestamp not null
);
create table if not exists raw.files (
    source_file varchar not null,
    file_path varchar not null,
    size_bytes bigint not null,
    modified_at timestamp not null,
    landing_hash varchar not null,
    data_kind varchar not null,
    input_rows bigint not null,
    landed_at timestamp not null
);
create table if not exists raw.outcomes (
    CustomerId varchar not null,
    DefaultedAt timestamp not null,
    source_file varchar not null
);
{% endmacro %}

{#- {land: [{name, path, size, modified_at}], forget: [name]}. -#}
{% macro changed_files(input, landing_hash) -%}
    {%- set known = {} -%}
    {%- for row in run_query(
        'select source_file, file_path, size_bytes, cast(modified_at as varchar), '
        ~ 'landing_hash, data_kind from raw.files'
    ).rows -%}
        {%- do known.update({row[0]: [row[1], row[2] | int, row[3], row[4], row[5]]}) -%}
    {%- endfor -%}
    {%- set paths = [] -%}
    {%- for path in input.files -%}{%- do paths.append(exact_path(path)) -%}{%- endfor -%}
    {%- set present = run_query(
        "select filename, size, cast(timezone('UTC', last_modified) as varchar) from read_blob(["
        ~ paths | join(', ') ~ ']) order by filename'
    ) -%}
    {%- set land = [] -%}
    {%- set forget = [] -%}
    {%- set names = [] -%}
    {%- for row in present.rows -%}
        {%- set name = row[0][input.root | length:] if row[0].startswith(input.root) else row[0] -%}
        {%- do names.append(name) -%}
        {%- if known.get(name) != [row[0], row[1] | int, row[2], landing_hash, input.data] -%}
            {%- do land.append({
                'name': name, 'path': row[0], 'size': row[1] | int, 'modified_at': row[2]
            }) -%}
            {%- do forget.append(name) if name in known -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in known if name not in names -%}{%- do forget.append(name) -%}{%- endfor -%}
    {{ return({'land': land, 'forget': forget}) }}
{%- endmacro %}

{% macro forget_files(names) %}
{% for name in names %}
delete from raw.transactions where source_file = {{ sql_text(name) }};
delete from raw.rejected_rows where source_file = {{ sql_text(name) }};
delete from raw.files where source_file = {{ sql_text(name) }};
{% endfor %}
{% endmacro %}

{% macro land_file(file, columns, matched, landing_hash, data_kind) %}
create or replace temporary table landing_rows as
{{ parsed_rows(file, columns, matched) }};

insert into raw.transactions by name
select * exclude (rejected_text, rejection_reason)
from landing_rows
where rejection_reason is null;

insert into raw.rejected_rows by name
select source_file, source_row, rejected_text, rejection_reason, landed_at
from landing_rows
where rejection_reason is not null;
{% if not is_parquet(file.path) %}
insert into raw.rejected_rows by name
select
    {{ sql_text(file.name) }} as source_file,
    unreadable_lines.*,
    {{ landed_at() }} as landed_at
from ({{ unreadable_lines(file.path) }}) as unreadable_lines;
{% endif %}
insert into raw.files by name
select
    {{ sql_text(file.name) }} as source_file,
    {{ sql_text(file.path) }} as file_path,
    {{ file.size }} as size_bytes,
    cast({{ sql_text(file.modified_at) }} as timestamp) as modified_at,
    {{ sql_text(landing_hash) }} as landing_hash,
    {{ sql_text(data_kind) }} as data_kind,
    (select count(*) from landing_rows)
    {%- if not is_parquet(file.path) %}
    + (select count(*) from ({{ unreadable_lines(file.path) }}))
    {%- endif %} as input_rows,
    {{ landed_at() }} as landed_at;
drop table landing_rows;
{% endmacro %}

{% macro landed_at() -%}
    cast({{ sql_text(run_started_at.strftime('%Y-%m-%d %H:%M:%S')) }} as timestamp)
{%- endmacro %}

{#- Every readable record of a file with its typed values and, where one of
    them breaks the contract, the first reason why. -#}
{% macro parsed_rows(file, columns, matched) %}
{%- set amount = matched['Amount'] -%}
with records as (
    {{ read_file(file.path, columns) | indent(4) }}
),

parsed as (
    select
        {%- for name in contract_columns() if name != 'TransactionId' %}
        {%- if name in matched %}
        {{ column_parser(name)('c' ~ matched[name], columns[matched[name]].type) }} as {{ name }},
        {%- else %}
        cast(null as {{ column_type(name) }}) as {{ name }},
        {%- endif %}
        {%- endfor %}
        coalesce(
            {{ parse_id('c' ~ matched['TransactionId'], '') if 'TransactionId' in matched else 'null' }},
            {{ sql_text(file.name ~ '#') }} || source_row
        ) as TransactionId,
        {{ is_finite_number('c' ~ amount, columns[amount].type) }} as is_amount_finite,
        {{ sql_text(file.name) }} as source_file,
        source_row,
        {{ landed_at() }} as landed_at,
        concat_ws(
            ',',
            {%- for column in columns %}
            coalesce(cast(c{{ loop.index0 }} as varchar), ''){{ ',' if not loop.last }}
            {%- endfor %}
        ) as record_text
    from records
),

judged as (
    select
        *,
        case
            when CustomerId is null or not regexp_matches(CustomerId, '\S') then 'customer_missing'
            when Amount is null and is_amount_finite then 'amount_out_of_range'
            when Amount is null then 'amount_not_a_number'
            when TransactionStartTime is null then 'time_unreadable'
            when
                TransactionStartTime < cast('{{ var("earliest_date") }}' as timestamp)
                or TransactionStartTime > landed_at
                then 'time_implausible'
        end as rejection_reason
    from parsed
)

select
    * exclude (is_amount_finite, record_text),
    case when rejection_reason is not null then record_text end as rejected_text
from judged
{% endmacro %}
