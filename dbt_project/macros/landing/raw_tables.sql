{#- The only DDL of schema raw. -#}
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
    unread_values bigint not null,
    unread_fraud_results bigint not null,
    landed_at timestamp not null
);
{% endmacro %}

{#- Filled anew by every run. -#}
{% macro new_outcomes_table() %}
create or replace table raw.outcomes (
    CustomerId varchar not null,
    DefaultedAt timestamp not null,
    source_file varchar not null,
    source_row bigint not null
);
{% endmacro %}
