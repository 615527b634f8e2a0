{#- CTE `exact_steps`: Lloyd's algorithm over `points` themselves, from the
    clusters in `numbered`.

    Near its end only points on a border between clusters change sides. A point
    whose nearest centroid is nearer than the second by more than twice `reach`
    stays where it is while no centroid moves farther than `reach` (in standard
    deviations): all such points of a cluster stand in as one weighted point.
    The last steps are over all points, and go on if that was not enough. -#}
{% macro kmeans_polished(reach=0.05) -%}
best_numbered as (
    {{ centroids_side_by_side('numbered', keys=['scenario', 'start']) | indent(4) }}
),

point_distances as (
    select
        points.*,
        {{- squared_distances('points', 'best_numbered') | indent(4) }}
    from points
    cross join best_numbered
),

placed as (
    select
        *,
        {{ nearest_cluster() | indent(4) }} as cluster,
        sqrt(
            greatest(
                least(distance_0, distance_1),
                least(greatest(distance_0, distance_1), distance_2)
            )
        ) - sqrt({{ nearest_distance() }}) <= {{ 2 * reach }}e0 as is_bordering
    from point_distances
),

bordering as {{ materialized() }} (
    select
        0 as scenario,
        {{- weighted_point() | indent(4) }}
    from placed
    group by
        cluster,
        {%- for axis in kmeans_axes() %}
        case when is_bordering then {{ axis }} end{{ ',' if not loop.last }}
        {%- endfor %}
),

bordering_step_0 as (
    {{ kmeans_step_0('best_numbered') | indent(4) }}
),

{{ kmeans_steps('bordering_steps', 'bordering_step_0', 'bordering') }}

ended_bordering as (
    {{ kmeans_ended('bordering_steps') | indent(4) }}
),

exact_step_0 as (
    {{ kmeans_step_0('ended_bordering') | indent(4) }}
),

single_points as (
    select
        0 as scenario,
        {%- for axis in kmeans_axes() %}
        {{ axis }},
        {{ axis }} as sum_{{ axis }},
        {%- endfor %}
        1 as weight
    from points
),

{{ kmeans_steps('exact_steps', 'exact_step_0', 'single_points') }}
{%- endmacro %}
