{#- A warehouse of an earlier version lacks the columns that came since: they are added,
    null in the rows that are there. It reads `create table if not exists` statements,
    which leave a table alone that is there, and must run before them: a view over
    `select *` breaks when its table changes after it. -#}
{% macro add_missing_columns(ddl) %}
{%- set tables = 'create table if not exists ([\\w.]+) \\((.*?)\\n\\);' -%}
{%- for table, columns in modules.re.findall('(?s)' ~ tables, ddl) %}
{%- for name, type in modules.re.findall('(?m)^ +("?\\w+"?) (\\w+(?:\\[\\])?)', columns) %}
alter table if exists {{ table }} add column if not exists {{ name }} {{ type }};
{%- endfor %}
{%- endfor %}
{% endmacro %}
