{#- on-run-start: every new or changed file goes into typed raw.transactions, and what
    cannot be read into raw.rejected_rows, so that accepted + rejected = input rows.
    A vanished file's rows go away. All in one transaction, which an error undoes;
    unchanged files cost one look at their size and time. -#}
{% macro land_transactions() %}
{% if not execute or flags.WHICH not in ('run', 'build') %}{{ return('') }}{% endif %}
{% do run_query(add_missing_columns(raw_tables_ddl()) ~ raw_tables_ddl()) %}
{% do run_query(set_landed_at()) %}
{% set input = input_files() %}
{% set hash = landing_hash() %}
{% set changes = changed_files(input, hash) %}
{% if not changes.land and not changes.forget %}{{ return('') }}{% endif %}

{#- Run here, not returned: a hook's own SQL that fails does not stop dbt. -#}
{% do run_query('begin transaction') %}
{% do change_rows(restore_duplicates() ~ forget_files(changes.forget)) %}
{% for files in batches(changes.land) %}
    {% set layouts = layouts_of(files, contract_columns(), required_columns()) %}
    {% do run_query(land_files(files, hash, input.data)) %}
    {% for layout in layouts %}{% do change_rows(accept_rows(layout)) %}{% endfor %}
    {% if missing_rows() %}
        {% for layout in layouts %}{% do change_rows(reject_rows(layout)) %}{% endfor %}
    {% endif %}
    {% for layout in layouts if has_missing_values(layout) %}
        {% do run_query(count_unread_values(layout)) %}
    {% endfor %}
    {% do warn_of_unread_values() %}
{% endfor %}
{% do change_rows(reject_duplicates()) %}
{% do stop_if_changed(changes.land) %}
{% do run_query('commit') %}
{% endmacro %}

{#- Where DuckDB keeps the order of rows, an insert of no rows hides those that the
    same transaction inserts after it (seen with 2.0.0; a test lands such files). -#}
{% macro change_rows(statements) %}
{% do run_query('set preserve_insertion_order = false') %}
{% do run_query(statements) %}
{% do run_query('set preserve_insertion_order = true') %}
{% endmacro %}

{% macro set_landed_at() %}
set variable landed_at = cast({{ sql_text(run_started_at.strftime('%Y-%m-%d %H:%M:%S')) }} as timestamp)
{% endmacro %}

{#- Names how a file is read: the SQL itself, for a column of each type. What was
    landed by other SQL, or other vars in it, is landed again. -#}
{% macro landing_hash() -%}
    {%- set parts = [read_lines([], '', ''), suspect_records()] -%}
    {%- for type in ['VARCHAR', 'DOUBLE', 'FLOAT', 'BIGINT', 'BOOLEAN',
                     'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_NS'] -%}
        {%- set columns = {} -%}
        {%- for name in contract_columns() -%}
            {%- do columns.update({name: {'type': type, 'sql': name}}) -%}
        {%- endfor -%}
        {%- do parts.append(judged_rows({
            'columns': columns, 'records': csv_records({'width': 0, 'file_ids': []}),
        })) -%}
    {%- endfor -%}
    {{ return(local_md5(parts | join(' ') | replace('\n', ' ') | replace(' ', ''))[:12]) }}
{%- endmacro %}
