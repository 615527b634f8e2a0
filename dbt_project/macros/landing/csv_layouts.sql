{#- The layouts of a batch of CSV files. They are staged as temporary tables. -#}
{% macro csv_layouts(files, known, required) %}
    {%- set paths = files | map(attribute='path') | list -%}
    {%- do run_query(stage_lines(paths)) -%}
    {%- set suspects = run_query(suspect_files()).columns[0].values() | map('int') | list -%}
    {%- set suspect_paths = [] -%}
    {%- for id in suspects -%}{%- do suspect_paths.append(paths[id]) -%}{%- endfor -%}
    {%- do run_query(stage_suspect_lines(suspects, suspect_paths)) if suspects -%}

    {%- set layouts = {} -%}
    {%- set places = {} -%}
    {%- for row in run_query(csv_headers(suspects)).rows -%}
        {%- set file = files[row[0] | int] -%}
        {%- set columns = csv_columns(file.path, row[2], row[3]) -%}
        {%- if row[2] not in layouts -%}
            {%- do layouts.update({row[2]: {
                'columns': match_columns(file.path, columns, known, required),
                'width': columns | length, 'file_ids': [],
            }}) -%}
        {%- endif -%}
        {%- do layouts[row[2]].file_ids.append(row[0] | int) -%}
        {%- do places.update({row[0] | int: [row[1] | int, columns | length]}) -%}
    {%- endfor -%}
    {%- for file in files -%}{%- if loop.index0 not in places -%}
        {{ exceptions.raise_compiler_error(
            file.path ~ ' is empty: it needs a header line that names '
            ~ required | join(', ') ~ '; remove the file or replace it'
        ) }}
    {%- endif -%}{%- endfor -%}
    {%- do run_query(landing_files_table(files, places, suspects) ~ stage_records(suspects)) -%}
    {%- for layout in layouts.values() -%}
        {%- do layout.update({'records': csv_records(layout)}) -%}
    {%- endfor -%}
    {{ return(layouts.values() | list) }}
{% endmacro %}

{#- Each file's first line: its place, its fields as JSON, why it was refused. -#}
{% macro csv_headers(suspects) %}
with first_lines as (
    select
        file_id,
        min(rowid) as header_place
    from landing_lines
    group by file_id
),

headers as (
    select
        lines.file_id,
        first_lines.header_place,
        lines.line,
        cast(null as varchar) as fault
    from landing_lines as lines
    inner join first_lines
        on lines.file_id = first_lines.file_id and lines.rowid = first_lines.header_place
    {%- if suspects %}
    where lines.file_id not in {{ suspects }}
    union all
    select
        file_id,
        0 as header_place,
        line,
        fault
    from landing_suspect_lines
    where line_number = 1
    {%- endif %}
)

select
    file_id,
    header_place,
    cast(to_json({{ record_fields('line') }}) as varchar) as fields,
    fault
from headers
order by file_id
{% endmacro %}

{% macro csv_columns(path, fields, fault) -%}
    {%- if fault or not fields -%}
        {{ exceptions.raise_compiler_error(
            path ~ ' has a header line that ' ~ (
                'is not UTF-8: save it as UTF-8' if fault == 'not_utf8'
                else 'is longer than 2,000,000 bytes: is it a CSV file?' if fault
                else 'has an unclosed quote: repair it'
            )
        ) }}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- for name in fromjson(fields) -%}
        {%- do columns.append({
            'name': name.strip().strip('\ufeff').strip(),
            'type': 'VARCHAR', 'sql': 'records.fields[' ~ loop.index ~ ']',
        }) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{% macro csv_records(layout) %}
select
    file_id,
    source_row,
    record,
    fields,
    coalesce(
        fault,
        case when fields is null or len(fields) != {{ layout.width }} then 'malformed_line' end
    ) as fault
from (
    select
        *,
        {{ record_fields('record') }} as fields
    from landing_records
    where file_id in {{ layout.file_ids }}
)
{% endmacro %}
