{#- One file as a relation of columns c0, c1, … and source_row (1 = the first
    readable record). What the CSV reader cannot read goes to the temporary
    tables landing_errors and landing_scans, line by line. -#}
{% macro read_file(path, columns) %}
{%- if is_parquet(path) %}
select
    {%- for column in columns %}
    {{ adapter.quote(column.name) }} as c{{ loop.index0 }},
    {%- endfor %}
    file_row_number + 1 as source_row
from read_parquet({{ exact_path(path) }}, file_row_number = true)
{%- else %}
select
    {%- for column in columns %}
    c{{ loop.index0 }},
    {%- endfor %}
    row_number() over () as source_row
from read_csv(
    {{ exact_path(path) }},
    auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    columns = { {%- for column in columns %}'c{{ loop.index0 }}': 'varchar'{{ ', ' if not loop.last }}{% endfor -%} },
    store_rejects = true, rejects_table = 'landing_errors', rejects_scan = 'landing_scans',
    rejects_limit = 0
)
{%- endif %}
{% endmacro %}

{#- What the CSV reader left out of one file, one row per line. -#}
{% macro unreadable_lines(path) %}
select
    landing_errors.line as source_row,
    trim(min(landing_errors.csv_line), chr(10) || chr(13)) as rejected_text,
    case
        when bool_or(landing_errors.error_type = 'INVALID ENCODING') then 'not_utf8'
        else 'malformed_line'
    end as rejection_reason
from landing_errors
inner join landing_scans
    on
        landing_errors.scan_id = landing_scans.scan_id
        and landing_errors.file_id = landing_scans.file_id
where landing_scans.file_path = {{ sql_text(path) }}
group by landing_errors.line, landing_errors.line_byte_position
{% endmacro %}

{#- Lines where a quote opens that swallows the lines behind it. -#}
{% macro lines_of_unclosed_quotes(path) %}
select landing_errors.line
from landing_errors
inner join landing_scans
    on
        landing_errors.scan_id = landing_scans.scan_id
        and landing_errors.file_id = landing_scans.file_id
where
    landing_scans.file_path = {{ sql_text(path) }}
    and landing_errors.error_type = 'UNQUOTED VALUE'
    and contains(trim(landing_errors.csv_line, chr(10) || chr(13)), chr(10))
order by landing_errors.line
limit 1
{% endmacro %}
