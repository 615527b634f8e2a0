{#- CTE `binned`: points with the cell in which they lie. Millions of points
    become thousands of cells, over which many starts cost little.

    A cell is narrow on each axis in two ways: in distance (`width`, in standard
    deviations) and in rank (`ranks` bands of equally many points). Width alone
    would put everybody in one cell when a giant stretches the axis, rank alone
    would put the giant in a cell with ordinary points. -#}
{% macro kmeans_bins(points, width=0.25, ranks=16) -%}
{%- set fractions = [] -%}
{%- for rank in range(1, ranks) -%}
    {%- do fractions.append(rank / ranks) -%}
{%- endfor -%}
bounds as (
    select
        {%- for axis in kmeans_axes() %}
        {{ quantiles(axis, fractions) }} as {{ axis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ points }}
),

binned as (
    select
        {{ points }}.*,
        {%- for axis in kmeans_axes() %}
        {{ ranks }} * floor({{ points }}.{{ axis }} / {{ width }}e0)
        {%- for rank in range(ranks - 1) %}
        + case when {{ points }}.{{ axis }} > {{ element('bounds.' ~ axis, rank) }} then 1 else 0 end
        {%- endfor %} as {{ axis }}_bin{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ points }}
    cross join bounds
),
{%- endmacro %}

{#- The rows of a group as one weighted point: their number, their sum and their
    mean on each axis. `times` is the column that says how often a row counts. -#}
{% macro weighted_point(times=none) -%}
    {%- set weight = 'sum(' ~ times ~ ')' if times else 'count(*)' %}
    {%- for axis in kmeans_axes() %}
    {%- set total = 'sum(' ~ (times ~ ' * ' if times else '') ~ axis ~ ')' %}
    {{ total }} / {{ weight }} as {{ axis }},
    {{ total }} as sum_{{ axis }},
    {%- endfor %}
    cast({{ weight }} as bigint) as weight
{%- endmacro %}
