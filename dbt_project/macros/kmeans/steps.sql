{#- CTE `steps`: every row of `first` after every step over the weighted points
    `cells`, until nothing moves or kmeans_max_iterations is reached. A row at
    its fixed point takes no more steps. Spark cannot aggregate inside a
    recursive CTE: there the steps stand one after another. -#}
{% macro kmeans_steps(steps, first, cells, clusters=3) -%}
    {{ return(adapter.dispatch('kmeans_steps')(steps, first, cells, clusters)) }}
{%- endmacro %}

{% macro default__kmeans_steps(steps, first, cells, clusters) -%}
{{ steps }} as (
    select * from {{ first }}
    union all
    {{ kmeans_step(steps, cells, clusters) | indent(4) }}
),
{%- endmacro %}

{% macro spark__kmeans_steps(steps, first, cells, clusters) -%}
{{ steps }}_0 as (select * from {{ first }}),
{%- for step in range(1, var('kmeans_max_iterations') + 1) %}
{{ steps }}_{{ step }} as (
    {{ kmeans_step(steps ~ '_' ~ (step - 1), cells, clusters) | indent(4) }}
    union all
    select * from {{ steps }}_{{ step - 1 }} where move = 0
),
{%- endfor %}

{{ steps }} as (select * from {{ steps }}_{{ var('kmeans_max_iterations') }}),
{%- endmacro %}

{#- One step of Lloyd's algorithm: points to their nearest centroid, centroids
    to the mean of their points. A centroid without points stays where it was;
    `move` is the largest change of a coordinate. -#}
{% macro kmeans_step(centroids, cells, clusters) -%}
select
    scenario,
    start,
    step + 1 as step,
    {%- for coordinate in kmeans_coordinates(clusters) %}
    {{ coordinate }},
    {%- endfor %}
    greatest(
        {%- for coordinate in kmeans_coordinates(clusters) %}
        abs({{ coordinate }} - previous_{{ coordinate }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as move
from (
    select
        centroids.scenario,
        centroids.start,
        centroids.step,
        {%- for cluster in range(clusters) %}
        {%- for axis in kmeans_axes() %}
        max(centroids.{{ axis }}_{{ cluster }}) as previous_{{ axis }}_{{ cluster }},
        coalesce(
            max(means.{{ axis }}) filter (where means.cluster = {{ cluster }}),
            max(centroids.{{ axis }}_{{ cluster }})
        ) as {{ axis }}_{{ cluster }}{{ ',' if not (loop.last and cluster == clusters - 1) }}
        {%- endfor %}
        {%- endfor %}
    from {{ centroids }} as centroids
    inner join (
        select
            scenario,
            start,
            {{ nearest_cluster(clusters) }} as cluster,
            {%- for axis in kmeans_axes() %}
            sum(sum_{{ axis }}) / sum(weight) as {{ axis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select
                centroids.scenario,
                centroids.start,
                {%- for axis in kmeans_axes() %}
                cells.sum_{{ axis }},
                {%- endfor %}
                cells.weight,
                {{- squared_distances('cells', 'centroids', clusters) | indent(8) }}
            from {{ centroids }} as centroids
            inner join {{ cells }} as cells on centroids.scenario = cells.scenario
            where
                centroids.move > 0
                and centroids.step < {{ var('kmeans_max_iterations') }}
        ) as distances
        group by scenario, start, cluster
    ) as means
        on
            centroids.scenario = means.scenario
            and centroids.start = means.start
    group by centroids.scenario, centroids.start, centroids.step
) as moved
{%- endmacro %}

{#- Centroids as the row from which steps are counted. -#}
{% macro kmeans_step_0(centroids, clusters=3) -%}
select
    scenario,
    start,
    0 as step,
    {%- for coordinate in kmeans_coordinates(clusters) %}
    {{ coordinate }},
    {%- endfor %}
    cast('infinity' as double) as move
from {{ centroids }}
{%- endmacro %}

{#- The rows of `steps` after their last step. -#}
{% macro kmeans_ended(steps) -%}
select *
from {{ steps }}
qualify row_number() over (partition by scenario, start order by step desc) = 1
{%- endmacro %}
