{#- on-run-start: observed defaults, if the bank has them, from
    $DATA_DIR/outcomes/*.csv (CustomerId, DefaultedAt), read whole each time.
    Unlike a transaction, an outcome that cannot be read stops the run: a
    missing default would silently become a good customer. -#}
{% macro land_outcomes() %}
{% if not execute or flags.WHICH not in ('run', 'build') %}{{ return('') }}{% endif %}
{% set folder = files_in(data_dir() ~ '/outcomes') %}
{% if not folder.files and var('label_source') == 'observed' %}
    {{ exceptions.raise_compiler_error(
        'label_source is observed, but ' ~ folder.root ~ ' has no .csv file with '
        ~ 'CustomerId and DefaultedAt: add one, or use label_source: proxy'
    ) }}
{% endif %}
{#- Run here, not returned: a hook's own SQL that fails does not stop dbt. -#}
{% do run_query('begin transaction; delete from raw.outcomes;') %}
{% for path in folder.files %}
    {% do land_outcome_file(path, path[folder.root | length:]) %}
{% endfor %}
{% do run_query('commit') %}
{% do warn_of_unknown_customers(folder.root) if folder.files %}
{% endmacro %}

{% macro land_outcome_file(path, name) %}
{% set columns = file_columns(path) %}
{% set index = {} %}
{% for column in columns %}{% do index.update({column.name | lower: loop.index0}) %}{% endfor %}
{% for required in ['CustomerId', 'DefaultedAt'] if required | lower not in index %}
    {{ exceptions.raise_compiler_error(
        path ~ ' has no column ' ~ required ~ ': an outcome file has CustomerId and DefaultedAt'
    ) }}
{% endfor %}
{% set customer = index['customerid'] %}
{% set time = index['defaultedat'] %}
{% do run_query(
    'create or replace temporary table landing_outcomes as select '
    ~ parse_id('c' ~ customer, columns[customer].type) ~ ' as CustomerId, '
    ~ parse_time('c' ~ time, columns[time].type) ~ ' as DefaultedAt, source_row '
    ~ 'from (' ~ read_file(path, columns) ~ ') as records'
) %}
{% set unread = 'select source_row from landing_outcomes where CustomerId is null or DefaultedAt is null' %}
{% if not is_parquet(path) %}
    {% set unread = unread ~ ' union all select source_row from (' ~ unreadable_lines(path) ~ ') as lines' %}
{% endif %}
{% set first = run_query('select min(source_row) from (' ~ unread ~ ') as unread').rows[0][0] %}
{% if first is not none %}
    {{ exceptions.raise_compiler_error(
        path ~ ', row ' ~ first | int ~ ': CustomerId is blank or DefaultedAt is no ISO 8601 time; '
        ~ 'mend it, because a default that is not read would make a good customer'
    ) }}
{% endif %}
{% do run_query(
    'insert into raw.outcomes by name select CustomerId, DefaultedAt, '
    ~ sql_text(name) ~ ' as source_file from landing_outcomes'
) %}
{% endmacro %}

{#- A misspelt CustomerId would turn a bad customer into a good one unseen. -#}
{% macro warn_of_unknown_customers(root) %}
{% set unknown = run_query(
    'select count(*) from raw.outcomes '
    ~ 'where CustomerId not in (select CustomerId from raw.transactions)'
).rows[0][0] | int %}
{% if unknown %}
    {% do exceptions.warn(
        root ~ ': ' ~ unknown ~ ' outcomes are of customers without a transaction '
        ~ '(raw.outcomes has them): is an id misspelt?'
    ) %}
{% endif %}
{% endmacro %}
