{#- on-run-start: the logs of decisions that the API writes, from DECISIONS_DIR or
    $DATA_DIR/decisions (*.jsonl, api/decisions/records.py). A log that has grown is
    landed whole, others cost nothing. A line that is no JSON counts as torn: its
    process was killed while it wrote it. Nothing is judged here beyond that;
    python -m api verify checks the chains. How far each log came is never forgotten:
    test_decision_logs_are_not_cut misses one that is gone or shorter. -#}
{% macro land_decisions() %}
{% if not execute or flags.WHICH not in ('run', 'build') %}{{ return('') }}{% endif %}
{% do run_query(decision_tables_ddl()) %}
{% set root = (env_var('DECISIONS_DIR', '') or data_dir() ~ '/decisions').rstrip('/') ~ '/' %}
{% set paths = [] %}
{% for row in run_query(
    'select file from glob(' ~ exact_path(root) ~ " || '*.jsonl') order by file"
).rows %}
    {% do paths.append(row[0]) %}
{% endfor %}
{% set known = {} %}
{% for row in run_query('select writer, size_bytes from decisions.logs').rows %}
    {% do known.update({row[0]: row[1] | int}) %}
{% endfor %}

{% do run_query('begin transaction') %}
{% for path, state in (file_states(paths) if paths else {}).items() %}
    {% set writer = path[root | length:].removesuffix('.jsonl') %}
    {% if known.pop(writer, none) != state.size %}
        {% do run_query(land_log(writer, path, state.size)) %}
    {% endif %}
{% endfor %}
{% for writer in known %}
    {% do run_query(forget_log(writer)) %}
{% endfor %}
{% do run_query(note_log_ends()) %}
{% do run_query('commit') %}
{% endmacro %}

{% macro land_log(writer, path, size) %}
{{ forget_log(writer) }}
create or replace temporary table landing_decisions as
select *
from read_json(
    {{ exact_path(path) }},
    format = 'newline_delimited',
    columns = {
        {%- for name, type in decision_columns().items() %}
        {{ name }}: '{{ type }}'{{ ',' if not loop.last }}
        {%- endfor %}
    },
    ignore_errors = true
);
insert into decisions.records by name
select * replace ({{ sql_text(writer) }} as writer)
from landing_decisions
where kind is not null;
insert into decisions.logs by name
select
    {{ sql_text(writer) }} as writer,
    {{ size }} as size_bytes,
    count(kind) as record_count,
    count(*) - count(kind) as torn_count
from landing_decisions;
{% endmacro %}

{% macro forget_log(writer) %}
delete from decisions.records where writer = {{ sql_text(writer) }};
delete from decisions.logs where writer = {{ sql_text(writer) }};
{% endmacro %}

{% macro note_log_ends() %}
insert into decisions.log_ends by name
with ends as (
    select
        writer,
        max(sequence) as record_count,
        max_by(record_hash, sequence) as last_hash
    from decisions.records
    group by writer
)

select * from ends
where not exists (
    select 1
    from decisions.log_ends as known
    where
        known.writer = ends.writer
        and known.record_count >= ends.record_count
);
{% endmacro %}

{#- Of both kinds of record; a review has none of a decision's own. -#}
{% macro decision_columns() %}
{{ return({
    'kind': 'varchar',
    'format': 'integer',
    'writer': 'varchar',
    'sequence': 'bigint',
    'recorded_at': 'timestamp',
    'actor': 'varchar',
    'decision_id': 'varchar',
    'customer_id': 'varchar',
    'amount': 'double',
    'idempotency_key_hash': 'varchar',
    'release_id': 'varchar',
    'manifest_hash': 'varchar',
    'model_version': 'varchar',
    'snapshot_date': 'date',
    'snapshot_age_days': 'integer',
    'target': 'varchar',
    'data': 'varchar',
    'disclaimer': 'varchar',
    'status': 'varchar',
    'not_scored_reason': 'varchar',
    'features': 'json',
    'points': 'map(varchar, double)',
    'score': 'double',
    'score_shown': 'integer',
    'proxy_probability': 'double',
    'grade': 'varchar',
    'action': 'varchar',
    'reasons': 'struct(code varchar, wording varchar, loss double)[]',
    'reason_reference': 'varchar',
    'wording_version': 'varchar',
    'review_id': 'varchar',
    'author': 'varchar',
    'outcome': 'varchar',
    'reason': 'varchar',
    'previous_hash': 'varchar',
    'record_hash': 'varchar',
}) }}
{% endmacro %}

{#- The only DDL of schema decisions. -#}
{% macro decision_tables_ddl() %}
create schema if not exists decisions;
create table if not exists decisions.records (
    {%- for name, type in decision_columns().items() %}
    {{ name }} {{ type }}{{ ',' if not loop.last }}
    {%- endfor %}
);
create table if not exists decisions.logs (
    writer varchar not null,
    size_bytes bigint not null,
    record_count bigint not null,
    torn_count bigint not null
);
create table if not exists decisions.log_ends (
    writer varchar not null,
    record_count bigint not null,
    last_hash varchar not null
);
{% endmacro %}
