-- A record that is lost would silently be missing from monitoring.
with records as (
    select
        writer,
        count(*) as record_count,
        max(sequence) as last_sequence
    from {{ source('decisions', 'records') }}
    group by writer
)

select * from records
where record_count != last_sequence
