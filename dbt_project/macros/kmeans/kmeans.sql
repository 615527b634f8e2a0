{#- k-means with three clusters on the axes recency, frequency and monetary, as
    CTEs of plain SQL: Lloyd's algorithm from many deterministic starts over
    weighted cells, then from the best of them over the points themselves, to
    the fixed point.

    The models that use it begin `with recursive points as (…)`. Coordinates
    come from scaled_engagement, rounded so that their sums are exact: the same
    points give the same centroids to the last bit, on any number of threads. -#}
{% macro kmeans(output) %}
{{ kmeans_bins('points') }}

cells as (
    select
        0 as scenario,
        3 as cluster_count,
        {{- weighted_point() | indent(4) }}
    from binned
    group by recency_bin, frequency_bin, monetary_bin
),

{{ kmeans_best('cells', starts=64) }}

{{ kmeans_polished() }}

ended_exactly as (
    {{ kmeans_ended('exact_steps') | indent(4) }}
),

distances as (
    select
        {{- squared_distances('points', 'ended_exactly') | indent(4) }}
    from points
    cross join ended_exactly
),

measured as (
    select
        {%- for cluster in range(3) %}
        count(*) filter (
            where {{ nearest_cluster() | indent(8) }} = {{ cluster }}
        ) as point_count_{{ cluster }},
        {%- endfor %}
        {{ stable('sum(' ~ nearest_distance() ~ ')') | indent(4) }} as inertia
    from distances
),

clusters as (
    {%- for cluster in range(3) %}
    select
        {{ cluster }} as cluster,
        {%- for axis in kmeans_axes() %}
        ended_exactly.{{ axis }}_{{ cluster }} as {{ axis }},
        {%- endfor %}
        measured.point_count_{{ cluster }} as point_count,
        measured.inertia,
        ended_exactly.move as last_move,
        ended_exactly.start as best_start
    from ended_exactly
    cross join measured
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

{{ output }} as (
    select
        cluster,
        recency,
        frequency,
        monetary,
        -recency + frequency + monetary as engagement,
        point_count,
        inertia,
        last_move,
        best_start
    from clusters
    where recency is not null
)
{% endmacro %}
