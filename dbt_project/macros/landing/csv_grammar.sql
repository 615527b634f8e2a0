{#- What a CSV record is (RFC 4180): fields between commas; one that begins with a
    quote, spaces aside, ends with a quote, and a quote inside it is doubled. In
    any other field a quote is a character like others. -#}

{% macro csv_patterns() -%}
    {%- set text = '(?:[^"]|"")*' -%}
    {%- set quoted = ' *"' ~ text ~ '" *' -%}
    {%- set field = '(?:' ~ quoted ~ '| *[^", ][^,]*| *)' -%}
    {%- set opened = '(?:' ~ field ~ ',)* *"' ~ text -%}
    {{ return({
        'field': field,
        'record': field ~ '(?:,' ~ field ~ ')*',
        'opened': opened,
        'stays_inside': text ~ '(?:" *,' ~ opened ~ ')?',
        'comes_outside': text ~ '" *(?:,' ~ field ~ ')*',
        'plainly_quoted': '(?:"[^",]*"|[^",]*)(?:,(?:"[^",]*"|[^",]*))*',
    }) }}
{%- endmacro %}

{% macro ends_in_quotes(line) -%}
    regexp_full_match({{ line }}, '{{ csv_patterns().opened }}')
{%- endmacro %}

{#- What a line does that begins inside quotes. -#}
{% macro from_inside(line) -%}
    case
        when not contains({{ line }}, '"') then 'stays_inside'
        when regexp_full_match({{ line }}, '{{ csv_patterns().stays_inside }}') then 'stays_inside'
        when regexp_full_match({{ line }}, '{{ csv_patterns().comes_outside }}') then 'comes_outside'
        else 'breaks'
    end
{%- endmacro %}

{#- A record's fields as a list; null where its quotes are broken. The first two
    branches are the last one, faster, for records that need less. -#}
{% macro record_fields(record) -%}
    case
        when not contains({{ record }}, '"')
            then string_split({{ record }}, ',')
        when regexp_full_match({{ record }}, '{{ csv_patterns().plainly_quoted }}')
            then string_split(replace({{ record }}, '"', ''), ',')
        when regexp_full_match({{ record }}, '{{ csv_patterns().record }}')
            then list_transform(
                regexp_extract_all(',' || {{ record }}, ',({{ csv_patterns().field }})', 1),
                lambda field: case
                    when starts_with(trim(field, ' '), '"')
                        then replace(trim(field, ' ')[2:-2], '""', '"')
                    else field
                end
            )
    end
{%- endmacro %}
