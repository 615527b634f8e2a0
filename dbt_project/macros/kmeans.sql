{#- Lloyd's k-means (k = 3) on the axes recency, frequency and monetary, as
    CTEs of plain SQL: deterministic starts, every step to the fixed point,
    the start with the least inertia kept.

    No single start is safe, so there are eight: the points are cut into three
    bands of equal width, and into three of equal count, along each axis and
    along engagement (-recency + frequency + monetary). A band without points
    starts at the point nearest its middle. One row per start holds its three
    centroids side by side: {axis}_0, {axis}_1, {axis}_2.

    Sums of doubles differ in the last digits from run to run, so centroids are
    rounded at every step; the fixed point is then reached exactly.

    The models that use it begin `with recursive points as (…)`. -#}

{% macro kmeans_axes() -%}{{ return(['recency', 'frequency', 'monetary']) }}{%- endmacro %}

{% macro squared_distance(point, centroid, suffix='') -%}
    {%- for axis in kmeans_axes() -%}
    ({{ point }}.{{ axis }} - {{ centroid }}.{{ axis }}{{ suffix }})
        * ({{ point }}.{{ axis }} - {{ centroid }}.{{ axis }}{{ suffix }})
    {%- if not loop.last %}
        + {% endif -%}
    {%- endfor -%}
{%- endmacro %}

{#- The index of the nearest of a row's three centroids; ties go to the lower. -#}
{% macro nearest_of_three() -%}
    case
        when distance_0 <= distance_1 and distance_0 <= distance_2 then 0
        when distance_1 <= distance_2 then 1
        else 2
    end
{%- endmacro %}

{#- One step of every start in `centroids`: points to their nearest centroid,
    centroids to the mean of their points. A centroid that lost its points stays
    where it was; `move` is the largest change of a coordinate. -#}
{% macro kmeans_step(centroids, where='true') -%}
select
    start,
    step + 1 as step,
    {%- for cluster in range(3) %}
    {%- for axis in kmeans_axes() %}
    {{ axis }}_{{ cluster }},
    {%- endfor %}
    {%- endfor %}
    inertia,
    greatest(
        {%- for cluster in range(3) %}
        {%- set outer = loop %}
        {%- for axis in kmeans_axes() %}
        abs({{ axis }}_{{ cluster }} - previous_{{ axis }}_{{ cluster }})
        {{- ',' if not (loop.last and outer.last) }}
        {%- endfor %}
        {%- endfor %}
    ) as move
from (
    select
        start,
        step,
        {%- for cluster in range(3) %}
        {%- for axis in kmeans_axes() %}
        max({{ axis }}_{{ cluster }}) as previous_{{ axis }}_{{ cluster }},
        coalesce(
            round(avg({{ axis }}) filter (where {{ nearest_of_three() }} = {{ cluster }}), 12),
            max({{ axis }}_{{ cluster }})
        ) as {{ axis }}_{{ cluster }},
        {%- endfor %}
        {%- endfor %}
        sum(least(distance_0, distance_1, distance_2)) as inertia
    from (
        select
            centroids.start,
            centroids.step,
            points.recency,
            points.frequency,
            points.monetary,
            {%- for cluster in range(3) %}
            {%- for axis in kmeans_axes() %}
            centroids.{{ axis }}_{{ cluster }},
            {%- endfor %}
            {%- endfor %}
            {%- for cluster in range(3) %}
            {{ squared_distance('points', 'centroids', '_' ~ cluster) }} as distance_{{ cluster }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        from {{ centroids }} as centroids
        cross join points
        where {{ where }}
    ) as distances
    group by start, step
) as means
{%- endmacro %}

{#- CTE `steps`: every start after every step, until nothing moves or
    kmeans_max_iterations is reached. A start at its fixed point takes no more
    steps. Spark cannot aggregate inside a recursive CTE: there the steps stand
    one after another. -#}
{% macro kmeans_steps() -%}
    {{ return(adapter.dispatch('kmeans_steps')()) }}
{%- endmacro %}

{% macro default__kmeans_steps() %}
steps as (
    select * from step_0
    union all
    {{ kmeans_step(
        'steps',
        where='centroids.move > 0 and centroids.step < ' ~ var('kmeans_max_iterations')
    ) | indent(4) }}
),
{% endmacro %}

{% macro spark__kmeans_steps() %}
{%- for step in range(1, var('kmeans_max_iterations') + 1) %}
step_{{ step }} as (
    {{ kmeans_step('step_' ~ (step - 1)) | indent(4) }}
),
{%- endfor %}

steps as (select * from step_{{ var('kmeans_max_iterations') }}),
{% endmacro %}

{% macro kmeans_starts() %}
{%- set axes = kmeans_axes() + ['engagement'] %}
placed as (
    select
        *,
        -recency + frequency + monetary as engagement
    from points
),

ranked as (
    select
        *,
        {%- for axis in axes %}
        min({{ axis }}) over () as low_{{ axis }},
        max({{ axis }}) over () as high_{{ axis }},
        percent_rank() over (order by {{ axis }}) as rank_{{ axis }}{{ ',' if not loop.last }}
        {%- endfor %}
    from placed
),

{#- position: where a point lies on the start's axis, from 0 to 1. -#}
positioned as (
    {%- for axis in axes %}
    select
        '{{ axis }} by width' as start,
        recency,
        frequency,
        monetary,
        coalesce(
            ({{ axis }} - low_{{ axis }}) / nullif(high_{{ axis }} - low_{{ axis }}, 0), 0
        ) as position
    from ranked
    union all
    select
        '{{ axis }} by count' as start,
        recency,
        frequency,
        monetary,
        rank_{{ axis }} as position
    from ranked
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

banded as (
    select
        *,
        least(cast(floor(3 * position) as integer), 2) as band
    from positioned
),

step_0 as (
    select
        start,
        0 as step,
        {%- for cluster in range(3) %}
        {%- for axis in kmeans_axes() %}
        round(
            coalesce(
                avg({{ axis }}) filter (where band = {{ cluster }}),
                min_by(
                    {{ axis }},
                    (abs(position - {{ (2 * cluster + 1) }} / 6e0), recency, frequency, monetary)
                )
            ),
            12
        ) as {{ axis }}_{{ cluster }},
        {%- endfor %}
        {%- endfor %}
        cast(null as double) as inertia,
        cast('infinity' as double) as move
    from banded
    group by start
),
{% endmacro %}

{% macro kmeans(output) %}
{{ kmeans_starts() }}
{{ kmeans_steps() }}
ended as (
    select *
    from steps
    qualify row_number() over (partition by start order by step desc) = 1
),

best as (
    select *
    from ended
    -- Starts that end in the same place tie to the last digits.
    qualify row_number() over (order by round(inertia, 6), start) = 1
),

clusters as (
    {%- for cluster in range(3) %}
    select
        start,
        {%- for axis in kmeans_axes() %}
        {{ axis }}_{{ cluster }} as {{ axis }},
        {%- endfor %}
        {{ stable('inertia') }} as inertia,
        move as last_move
    from best
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

{{ output }} as (
    select
        cast(
            row_number() over (
                order by -recency + frequency + monetary, recency, frequency, monetary
            ) - 1 as integer
        ) as cluster,
        recency,
        frequency,
        monetary,
        -recency + frequency + monetary as engagement,
        inertia,
        last_move,
        start as best_start
    from clusters
    where recency is not null
)
{% endmacro %}
