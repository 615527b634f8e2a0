{#- A layout is what files of one header share, so that one statement reads them all:
    {columns: {contract name: {type, sql}}, records: SQL}. Its records have file_id,
    source_row (from 1), record (the row as text), fault (why it has no fields, or
    null) and what the columns' sql names. -#}

{% macro layouts_of(files, known, required) -%}
    {%- if is_parquet(files[0].path) -%}
        {{ return(parquet_layouts(files, known, required)) }}
    {%- endif -%}
    {{ return(csv_layouts(files, known, required)) }}
{%- endmacro %}

{% macro is_parquet(path) -%}
    {{ return((path | lower).endswith('.parquet')) }}
{%- endmacro %}

{#- Files that are read together: of one kind, at most 1,000, about 1 GB of text. -#}
{% macro batches(files) -%}
    {%- set found = [] -%}
    {%- set state = {'kind': none, 'bytes': 0} -%}
    {%- for file in files | sort(attribute='path') -%}
        {%- set bytes = file.size * (8 if (file.path | lower).endswith('.gz') else 1) -%}
        {%- set kind = is_parquet(file.path) -%}
        {%- if kind != state.kind or state.bytes + bytes > 1000000000 or found[-1] | length == 1000 -%}
            {%- do found.append([]) -%}
            {%- do state.update({'kind': kind, 'bytes': 0}) -%}
        {%- endif -%}
        {%- do found[-1].append(file) -%}
        {%- do state.update({'bytes': state.bytes + bytes}) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- landing_files: what the records of a batch are joined with. `places` has each CSV
    file's [header's rowid, number of columns]. -#}
{% macro landing_files_table(files, places={}, suspects=[]) %}
create or replace temporary table landing_files (
    file_id integer,
    source_file varchar,
    header_place bigint,
    width bigint,
    is_suspect boolean
);
insert into landing_files values
{%- for file in files %}
{%- set place = places.get(loop.index0, ['null', 'null']) %}
(
    {{ loop.index0 }}, {{ sql_text(file.name) }}, {{ place[0] }}, {{ place[1] }},
    {{ loop.index0 in suspects }}
){{ ',' if not loop.last else ';' }}
{%- endfor %}
{% endmacro %}
