{#- CSV files as lines. DuckDB's CSV reader is used for lines only: one unclosed
    quote would cost it the rest of the file. With new_line = '\r', strict_mode off
    and parallel off it ends a line at each CR and each LF and loses none; its
    other settings lose characters or lines of files with mixed line ends. -#}

{#- No text has these characters in a row, so a line is one column. -#}
{% macro read_lines(paths, errors, scans) %}
read_csv(
    {{ exact_paths(paths) }},
    columns = {'line': 'varchar'},
    auto_detect = false, header = false, delim = '{{ '\x01\x02\x03\x04' }}', quote = '', escape = '',
    new_line = '\r', strict_mode = false, parallel = false,
    store_rejects = true, rejects_limit = 0, rejects_table = '{{ errors }}', rejects_scan = '{{ scans }}'
)
{% endmacro %}

{#- landing_lines: all lines that are not empty, file by file, in order of rowid. -#}
{% macro stage_lines(paths) %}
drop table if exists landing_errors;
drop table if exists landing_scans;
create or replace temporary table landing_lines as
select
    cast(file_index as integer) as file_id,
    line
from {{ read_lines(paths, 'landing_errors', 'landing_scans') }}
where line is not null;
{% endmacro %}

{#- Files in which a line is not a record by itself: a quote is open at its end,
    or the reader refused it. -#}
{% macro suspect_files() %}
select distinct file_id
from landing_lines
where contains(line, '"') and {{ ends_in_quotes('line') }}
union
select distinct cast(file_id as integer) as file_id
from landing_errors
order by file_id
{% endmacro %}

{#- landing_suspect_lines: those files again, refused lines in their places. The
    k-th refused line of a file, its line l, has l - k other lines before it. -#}
{% macro stage_suspect_lines(file_ids, paths) %}
drop table if exists suspect_errors;
drop table if exists suspect_scans;
create or replace temporary table suspect_pieces as
select
    {{ file_ids }}[cast(file_index as integer) + 1] as file_id,
    line
from {{ read_lines(paths, 'suspect_errors', 'suspect_scans') }};

create or replace temporary table landing_suspect_lines as
with first_pieces as (
    select
        file_id,
        min(rowid) as first_piece
    from suspect_pieces
    group by file_id
),

refused as (
    select
        {{ file_ids }}[cast(file_id as integer) + 1] as file_id,
        line,
        min(csv_line) as csv_line,
        bool_or(error_type = 'INVALID ENCODING') as is_not_utf8,
        row_number() over (partition by file_id order by line) as refused_before
    from suspect_errors
    group by file_id, line
),

placed as (
    select
        pieces.file_id,
        pieces.rowid - first_pieces.first_piece + 1 as place,
        0 as refused_before,
        pieces.line,
        cast(null as varchar) as fault
    from suspect_pieces as pieces
    inner join first_pieces on pieces.file_id = first_pieces.file_id
    where pieces.line is not null
    union all
    select
        file_id,
        line - refused_before as place,
        refused_before,
        trim(csv_line, chr(10) || chr(13)) as line,
        case when is_not_utf8 then 'not_utf8' else 'malformed_line' end as fault
    from refused
)

select
    file_id,
    row_number() over (partition by file_id order by place, refused_before) as line_number,
    line,
    fault
from placed;
{% endmacro %}
