{#- The layouts of a batch of Parquet files. -#}
{% macro parquet_layouts(files, known, required) %}
    {%- set described = [] -%}
    {%- for file in files -%}
        {%- do described.append(
            'select ' ~ loop.index0 ~ ' as file_id, column_name, column_type '
            ~ 'from (describe select * from read_parquet(' ~ exact_path(file.path) ~ '))'
        ) -%}
    {%- endfor -%}
    {%- set columns_of = {} -%}
    {%- for row in run_query(described | join(' union all ')).rows -%}
        {%- set columns = columns_of.setdefault(row[0] | int, []) -%}
        {%- do columns.append({
            'name': row[1] | string, 'type': row[2], 'sql': 'records.c' ~ columns | length,
        }) -%}
    {%- endfor -%}
    {%- set layouts = {} -%}
    {%- for id, columns in columns_of.items() -%}
        {%- if columns | string not in layouts -%}
            {%- do layouts.update({columns | string: {
                'columns': match_columns(files[id].path, columns, known, required),
                'all_columns': columns, 'file_ids': [],
            }}) -%}
        {%- endif -%}
        {%- do layouts[columns | string].file_ids.append(id) -%}
    {%- endfor -%}
    {%- do run_query(landing_files_table(files)) -%}
    {%- for layout in layouts.values() -%}
        {%- do layout.update({'records': parquet_records(files, layout)}) -%}
    {%- endfor -%}
    {{ return(layouts.values() | list) }}
{% endmacro %}

{% macro parquet_records(files, layout) %}
{%- set paths = [] -%}
{%- for id in layout.file_ids -%}{%- do paths.append(files[id].path) -%}{%- endfor -%}
select
    {{ layout.file_ids }}[cast(file_index as integer) + 1] as file_id,
    file_row_number + 1 as source_row,
    cast(to_json({
        {%- for column in layout.all_columns %}
        {{ sql_text(column.name) }}: cast({{ sql_name(column.name) }} as varchar){{ ',' if not loop.last }}
        {%- endfor %}
    }) as varchar) as record,
    {%- for column in layout.all_columns %}
    {{ sql_name(column.name) }} as c{{ loop.index0 }},
    {%- endfor %}
    cast(null as varchar) as fault
from read_parquet({{ exact_paths(paths) }}, file_row_number = true)
{% endmacro %}

{#- A column by its name, whatever the name holds. -#}
{% macro sql_name(name) -%}
    {{ return('"' ~ (name | replace('"', '""')) ~ '"') }}
{%- endmacro %}
