{#- on-run-start: observed defaults, if the bank has them, from
    $DATA_DIR/outcomes/*.csv (CustomerId, DefaultedAt), read whole each time.
    Unlike a transaction, an outcome that cannot be read stops the run: a
    missing default would silently become a good customer. -#}
{% macro land_outcomes() %}
{% if not execute or flags.WHICH not in ('run', 'build') %}{{ return('') }}{% endif %}
{% if var('label_source') not in ('proxy', 'observed') %}
    {{ exceptions.raise_compiler_error(
        'label_source is ' ~ var('label_source') ~ ': it must be proxy or observed'
    ) }}
{% endif %}
{% set folder = data_dir() ~ '/outcomes/' %}
{% set files = list_files([folder ~ '*']) %}
{% if not files and var('label_source') == 'observed' %}
    {{ exceptions.raise_compiler_error(
        'label_source is observed, but ' ~ folder ~ ' has no .csv file with '
        ~ 'CustomerId and DefaultedAt: add one, or use label_source: proxy'
    ) }}
{% endif %}
{#- Run here, not returned: a hook's own SQL that fails does not stop dbt. -#}
{% set script %}
begin transaction;
delete from raw.outcomes;
{% for file in files %}
insert into raw.outcomes by name
select
    cast(CustomerId as varchar) as CustomerId,
    timezone('UTC', cast(DefaultedAt as timestamptz)) as DefaultedAt,
    {{ sql_text(file[folder | length:]) }} as source_file
from read_csv({{ exact_path(file) }}, header = true, all_varchar = true);
{% endfor %}
commit;
{% endset %}
{% do run_query(script) %}
{% endmacro %}
