{#- CTE `step_0`: where Lloyd's algorithm starts over `cells`, one row per
    scenario and start.

    The starts are k-means++ (Arthur and Vassilvitskii, 2007): the first
    centroid is any point, each next one a point drawn with chances in
    proportion to the squared distance to its nearest centroid so far. One start
    may miss the optimum, many seldom do. Nothing is random: a draw is a race of
    exponential times, -ln(u) / chance, whose u is the MD5 of cell, start and
    centroid.

    Where a scenario has fewer clusters, or fewer distinct points, than
    `clusters`, the centroids that it lacks are null. -#}
{% macro kmeans_starts(cells, starts, clusters=3) -%}
candidates as (
    select
        *,
        row_number() over (
            partition by scenario order by recency, frequency, monetary
        ) as cell
    from {{ cells }}
),

started as (
    select distinct
        scenario,
        cluster_count
    from candidates
),

drawn as (
    select
        started.scenario,
        started.cluster_count,
        numbers.start
    from started
    cross join (select {{ integers_to(starts - 1) }} as start) as numbers
),

{% for cluster in range(clusters) -%}
drawn_{{ cluster }} as (
    {{ kmeans_draw('drawn_' ~ (cluster - 1) if cluster else 'drawn', cluster) | indent(4) }}
),

{% endfor -%}
step_0 as (
    {{ kmeans_step_0('drawn_' ~ (clusters - 1), clusters) | indent(4) }}
),
{%- endmacro %}

{#- The rows of `drawn` with one more centroid, the winner of a race. -#}
{% macro kmeans_draw(drawn, cluster) -%}
{%- set key = "concat_ws(':', cell, start, " ~ cluster ~ ")" -%}
select
    scenario,
    cluster_count,
    start,
    {%- for coordinate in kmeans_coordinates(cluster) %}
    {{ coordinate }},
    {%- endfor %}
    {%- for axis in kmeans_axes() %}
    min_by({{ axis }}, race) as {{ axis }}_{{ cluster }}{{ ',' if not loop.last }}
    {%- endfor %}
from (
    select
        *,
        case
            when cluster_count > {{ cluster }}
                then
                    -ln({{ uniform_hash(key) }})
                    / nullif(weight * {{ nearest_distance(cluster) if cluster else '1e0' }}, 0)
        end as race
    from (
        select
            drawn.*,
            {%- if cluster %}
            {{- squared_distances('candidates', 'drawn', cluster) | indent(8) }},
            {%- endif %}
            candidates.recency,
            candidates.frequency,
            candidates.monetary,
            candidates.weight,
            candidates.cell
        from {{ drawn }} as drawn
        inner join candidates on drawn.scenario = candidates.scenario
    ) as distances
) as races
group by
    scenario,
    cluster_count,
    start
    {%- for coordinate in kmeans_coordinates(cluster) -%}
    ,
    {{ coordinate }}
    {%- endfor %}
{%- endmacro %}
