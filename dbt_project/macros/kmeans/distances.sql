{#- The geometry that fitting and assigning share. Points lie on three axes;
    the centroids of one k-means stand side by side in one row: recency_0,
    frequency_0, monetary_0, recency_1, … -#}

{% macro kmeans_axes() -%}{{ return(['recency', 'frequency', 'monetary']) }}{%- endmacro %}

{#- Columns of the centroids, in order. -#}
{% macro kmeans_coordinates(clusters=3) -%}
    {%- set names = [] -%}
    {%- for cluster in range(clusters) -%}
        {%- for axis in kmeans_axes() -%}
            {%- do names.append(axis ~ '_' ~ cluster) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#- Columns distance_0, distance_1, …: squared distances of a row of `points` to
    the centroids of a row of `centroids`. -#}
{% macro squared_distances(points, centroids, clusters=3) -%}
    {%- for cluster in range(clusters) %}
    {%- for axis in kmeans_axes() %}
    {%- set apart = points ~ '.' ~ axis ~ ' - ' ~ centroids ~ '.' ~ axis ~ '_' ~ cluster %}
    {{ '+ ' if not loop.first }}({{ apart }}) * ({{ apart }})
    {%- endfor %} as distance_{{ cluster }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro nearest_distance(clusters=3) -%}
    least(
        {%- for cluster in range(clusters) -%}
        distance_{{ cluster }}{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{#- Index of the nearest centroid; ties go to the lower index, and a centroid
    that is null is nobody's nearest. -#}
{% macro nearest_cluster(clusters=3) -%}
    case {{ nearest_distance(clusters) }}
        {%- for cluster in range(clusters) %}
        when distance_{{ cluster }} then {{ cluster }}
        {%- endfor %}
    end
{%- endmacro %}

{#- A table with a row per cluster, or per cluster and `keys`, as one row of
    centroids, or one per `keys`; none when it is empty. -#}
{% macro centroids_side_by_side(numbered, clusters=3, keys=[]) -%}
{%- set columns = keys | list -%}
{%- for cluster in range(clusters) -%}
    {%- for axis in kmeans_axes() -%}
        {%- do columns.append(
            'max(' ~ axis ~ ') filter (where cluster = ' ~ cluster ~ ') as ' ~ axis ~ '_' ~ cluster
        ) -%}
    {%- endfor -%}
{%- endfor -%}
select
    {{ columns | join(',\n    ') }}
from {{ numbered }}
{{ 'group by ' ~ keys | join(', ') if keys else 'having count(*) > 0' }}
{%- endmacro %}
