{#- on-run-start: observed defaults, if the bank has them, from
    $DATA_DIR/outcomes/*.csv (CustomerId, DefaultedAt), read whole each time; those
    of simulated customers from simulated/outcomes.csv, while their transactions are
    what is read. Unlike a transaction, an outcome that cannot be read stops the run: a
    missing default would silently become a good customer. -#}
{% macro land_outcomes() %}
{% if not execute or flags.WHICH not in ('run', 'build') %}{{ return('') }}{% endif %}
{% set folder = files_in(data_dir() ~ '/outcomes') %}
{% if not folder.files and input_files().data == 'simulated' %}
    {% set simulated = files_at(data_dir() ~ '/simulated/outcomes.csv') %}
    {% if simulated.files %}{% set folder = simulated %}{% endif %}
{% endif %}
{% if not folder.files and var('label_source') == 'observed' %}
    {{ exceptions.raise_compiler_error(
        'label_source is observed, but ' ~ folder.root ~ ' has no .csv file with '
        ~ 'CustomerId and DefaultedAt: add one, or use label_source: proxy'
    ) }}
{% endif %}
{% set files = [] %}
{% for path, state in (file_states(folder.files) if folder.files else {}).items() %}
    {% do files.append({
        'name': path[folder.root | length:], 'path': path,
        'size': state.size, 'modified_at': state.modified_at,
    }) %}
{% endfor %}

{#- Run here, not returned: a hook's own SQL that fails does not stop dbt. -#}
{% do run_query('begin transaction') %}
{% do run_query(new_outcomes_table()) %}
{% do run_query(set_landed_at()) %}
{% set names = ['CustomerId', 'DefaultedAt'] %}
{% for batch in batches(files) %}
    {% for layout in layouts_of(batch, names, names) %}
        {% do run_query('create or replace temporary table landing_outcomes as ' ~ judged_outcomes(layout)) %}
        {% do stop_at_first_fault(folder.root) %}
        {% do run_query(
            'insert into raw.outcomes by name select * exclude (defaulted_text, fault) from landing_outcomes'
        ) %}
    {% endfor %}
{% endfor %}
{% do stop_if_changed(files) %}
{% do run_query('commit') %}
{% do warn_of_unknown_customers(folder.root) if files %}
{% endmacro %}

{% macro judged_outcomes(layout) %}
{%- set time = layout.columns['DefaultedAt'] -%}
{%- set customer = layout.columns['CustomerId'] -%}
with records as (
    {{ layout.records | trim | indent(4) }}
),

parsed as (
    select
        {{ parse_id(customer.sql, customer.type) }} as CustomerId,
        {{ parse_time(time.sql, time.type) }} as DefaultedAt,
        cast({{ time.sql }} as varchar) as defaulted_text,
        files.source_file,
        records.source_row,
        records.fault
    from records
    inner join landing_files as files on records.file_id = files.file_id
)

select
    * replace (
        case
            when fault = 'not_utf8' then 'it is not UTF-8'
            when fault is not null then 'it has more or fewer fields than the header'
            when CustomerId is null then 'CustomerId is empty'
            when DefaultedAt is null
                then 'DefaultedAt is no ISO 8601 time: ' || coalesce(nullif(defaulted_text, ''), '(empty)')
            when
                DefaultedAt < cast('{{ var("earliest_date") }}' as timestamp)
                or DefaultedAt > getvariable('landed_at')
                then 'DefaultedAt is before earliest_date or in the future: ' || defaulted_text
        end as fault
    )
from parsed
{% endmacro %}

{% macro stop_at_first_fault(root) %}
{% set faults = run_query(
    'select source_file, source_row, fault[:200] from landing_outcomes '
    ~ 'where fault is not null order by source_file, source_row limit 1'
).rows %}
{% for fault in faults %}
    {{ exceptions.raise_compiler_error(
        root ~ fault[0] ~ ', row ' ~ fault[1] | int ~ ': ' ~ fault[2]
        ~ ' (correct or remove the row: a default that is not read would make a good customer)'
    ) }}
{% endfor %}
{% endmacro %}

{#- A typing error in a CustomerId turns a bad customer into a good one. -#}
{% macro warn_of_unknown_customers(root) %}
{% set unknown = run_query(
    'select count(*), min_by(source_file, (source_file, source_row)), '
    ~ 'min_by(source_row, (source_file, source_row)), min_by(CustomerId, (source_file, source_row)), '
    ~ '(select count(*) from raw.outcomes) '
    ~ 'from raw.outcomes where CustomerId not in (select CustomerId from raw.transactions)'
).rows[0] %}
{% if unknown[0] %}
    {% set message = root ~ ': ' ~ unknown[0] | int ~ ' of ' ~ unknown[4] | int
        ~ ' outcomes are of customers without a transaction, the first in ' ~ unknown[1]
        ~ ', row ' ~ unknown[2] | int ~ ': ' ~ (unknown[3] | string | tojson) %}
    {% if unknown[0] == unknown[4] and var('label_source') == 'observed' %}
        {{ exceptions.raise_compiler_error(message ~ ': these are outcomes of other customers') }}
    {% endif %}
    {% do exceptions.warn(message ~ ': is the id misspelt? Such a default is not seen') %}
{% endif %}
{% endmacro %}
