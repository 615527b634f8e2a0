{#- landing_records: the records of a batch of CSV files, numbered from 1 behind the
    header. In most files each line is one; the others are put together here. -#}
{% macro stage_records(suspects) %}
{% if suspects %}
create or replace temporary table landing_suspect_records as
{{ suspect_records() }};
{% endif %}

create or replace temporary view landing_records as
select
    lines.file_id,
    lines.rowid - files.header_place as source_row,
    lines.line as record,
    cast(null as varchar) as fault
from landing_lines as lines
inner join landing_files as files on lines.file_id = files.file_id
where not files.is_suspect and lines.rowid > files.header_place
{%- if suspects %}
union all
select *
from landing_suspect_records
where source_row > 0
{%- endif %};
{% endmacro %}

{#- Lines that a quote holds together are one record if it closes and the record has
    as many fields as the header. Else the quote was never meant to hold them: each
    is a record by itself, and only those that are broken by themselves are lost.

    Whether a line ends inside quotes follows from whether it begins there, so each
    line is `fixed` (ends the same way either way, or breaks) or keeps or toggles
    it: a sum since the last fixed line, not a loop over lines. -#}
{% macro suspect_records() %}
with judged as (
    select
        *,
        fault is null and contains(line, '"') and {{ ends_in_quotes('line') }} as opens,
        case when fault is null then {{ from_inside('line') }} else 'breaks' end as inside
    from landing_suspect_lines
),

fixed as (
    select
        *,
        inside = 'breaks' or opens = (inside = 'stays_inside') as is_fixed,
        count(*) filter (where inside = 'breaks' or opens = (inside = 'stays_inside')) over (
            partition by file_id order by line_number
        ) as fixed_so_far
    from judged
),

followed as (
    select
        *,
        sum(cast(opens as integer)) over (
            partition by file_id, fixed_so_far order by line_number
        ) % 2 = 1 as ends_inside
    from fixed
),

begun as (
    select
        *,
        inside = 'breaks' or not lag(ends_inside, 1, false) over (
            partition by file_id order by line_number
        ) as begins_record
    from followed
),

grouped as (
    select
        *,
        count(*) filter (where begins_record) over (
            partition by file_id order by line_number
        ) as record_number
    from begun
),

held_together as (
    select
        grouped.file_id,
        grouped.record_number,
        min(grouped.line_number) as line_number,
        string_agg(grouped.line, chr(10) order by grouped.line_number) as record
    from grouped
    inner join (
        select
            file_id,
            record_number
        from grouped
        group by file_id, record_number
        having
            count(*) > 1
            and not arg_max(ends_inside, line_number)
            and sum(strlen(line)) <= 2000000
    ) as closed
        on grouped.file_id = closed.file_id and grouped.record_number = closed.record_number
    group by grouped.file_id, grouped.record_number
),

whole as (
    select held_together.*
    from held_together
    inner join landing_files as files on held_together.file_id = files.file_id
    where len({{ record_fields('held_together.record') }}) = files.width
),

records as (
    select
        file_id,
        line_number,
        record,
        cast(null as varchar) as fault
    from whole
    union all
    select
        grouped.file_id,
        grouped.line_number,
        grouped.line as record,
        grouped.fault
    from grouped
    left join whole
        on grouped.file_id = whole.file_id and grouped.record_number = whole.record_number
    where whole.file_id is null
)

select
    file_id,
    row_number() over (partition by file_id order by line_number) - 1 as source_row,
    record,
    fault
from records
{% endmacro %}
