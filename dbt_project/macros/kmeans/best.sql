{#- CTE `best`: per scenario of `cells` the centroids, after their last step, of
    the start with the least inertia; then `numbered`, the same with a row per
    cluster, 0 least engaged. -#}
{% macro kmeans_best(cells, starts, clusters=3) -%}
{{ kmeans_starts(cells, starts, clusters) }}

{{ kmeans_steps('steps', 'step_0', cells, clusters) }}

ended as (
    {{ kmeans_ended('steps') | indent(4) }}
),

cell_distances as (
    select
        ended.scenario,
        ended.start,
        cells.weight,
        {{- squared_distances('cells', 'ended', clusters) | indent(4) }}
    from ended
    inner join {{ cells }} as cells on ended.scenario = cells.scenario
),

inertias as (
    select
        scenario,
        start,
        {{ stable('sum(weight * ' ~ nearest_distance(clusters) ~ ')') | indent(4) }} as inertia
    from cell_distances
    group by scenario, start
),

best as (
    select
        ended.*,
        inertias.inertia
    from ended
    inner join inertias
        on
            ended.scenario = inertias.scenario
            and ended.start = inertias.start
    -- Starts that end in the same place tie.
    qualify row_number() over (
        partition by ended.scenario
        order by inertias.inertia, ended.start
    ) = 1
),

unnumbered as (
    {%- for cluster in range(clusters) %}
    select
        scenario,
        start,
        inertia,
        recency_{{ cluster }} as recency,
        frequency_{{ cluster }} as frequency,
        monetary_{{ cluster }} as monetary
    from best
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

numbered as (
    select
        *,
        cast(
            row_number() over (
                partition by scenario
                order by -recency + frequency + monetary, recency, frequency, monetary
            ) - 1 as integer
        ) as cluster
    from unnumbered
    where recency is not null
),
{%- endmacro %}
