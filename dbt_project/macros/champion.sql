{#- What the scoring models need to know when they are compiled: the champion's
    rows of schema `model`, through their staging views. Points are frozen into the SQL
    at that moment, so scoring is a dbt run of its own, after training. Where the views
    do not exist yet there is no champion. The refs stand before `execute`, so that the
    lineage has them. -#}

{% macro champion_rows(columns, table, order_by) -%}
    {%- set rows = ref('stg_model__' ~ table) -%}
    {%- set champion = ref('stg_model__champion') -%}
    {%- if not execute or load_relation(rows) is none or load_relation(champion) is none -%}
        {{ return([]) }}
    {%- endif -%}
    {{ return(run_query(
        'select ' ~ columns ~ ' from ' ~ rows
        ~ ' where model_version = (select model_version from ' ~ champion
        ~ ') order by ' ~ order_by
    ).rows) }}
{%- endmacro %}

{#- Whether any real transactions have landed: simulated ones never stand beside them. -#}
{% macro has_real_data() -%}
    {{ return(run_query(
        'select 1 from ' ~ source('raw', 'files') ~ " where data_kind = 'raw' limit 1"
    ).rows | length > 0) }}
{%- endmacro %}

{#- The kind of data that a version's last training read; none where it is not known. -#}
{% macro trained_on(model_version) -%}
    {%- set trainings = run_query(
        'select data_kind from ' ~ source('model', 'training_runs')
        ~ " where model_version = '" ~ model_version ~ "' order by trained_at desc limit 1"
    ).rows -%}
    {{ return(trainings[0][0] if trainings else none) }}
{%- endmacro %}

{#- What to do with a champion of other parameters, in words. -#}
{% macro way_to_these_parameters() -%}
    {%- set trained = run_query(
        'select model_version from ' ~ source('model', 'training_runs')
        ~ " where parameters_hash = '" ~ parameters_hash() ~ "'"
        ~ ' order by trained_at desc limit 1'
    ).rows -%}
    {%- if trained -%}
        promote the model of these, python -m training promote --version {{ trained[0][0] }}
        {{- ' --approver NAME --reason "...", and run again' -}}
    {%- else -%}
        train with these (dbt build --exclude tag:scoring, python -m training), then
        {{- ' python -m training promote' -}}
    {%- endif -%}
    {{- '; or use the same vars, or another DATA_DIR' -}}
{%- endmacro %}

{#- What this and the macros above read stops a run and is in no row: it is no lineage.
    A champion of other parameters stops the run, as its points mean something else;
    so does one of simulated data, as soon as there are real ones. -#}
{% macro require_fitting(model_version, trained_with) -%}
    {%- if trained_with != parameters_hash() -%}
        {{ exceptions.raise_compiler_error(
            'champion ' ~ model_version ~ ' was trained with parameters ' ~ trained_with
            ~ ', this run has ' ~ parameters_hash() ~ ': ' ~ way_to_these_parameters()
        ) }}
    {%- endif -%}
    {%- if trained_on(model_version) == 'simulated' and has_real_data() -%}
        {{ exceptions.raise_compiler_error(
            'champion ' ~ model_version ~ ' was trained on simulated data, and real ones have '
            ~ 'landed: python -m training makes a model of these'
        ) }}
    {%- endif -%}
{%- endmacro %}

{#- Features that an earlier run made with other vars mean something else to the points,
    although this run has those of the champion. -#}
{% macro require_features_of_these_parameters() -%}
    {%- set features = ref('fct_customer_features') -%}
    {%- set others = run_query(
        'select parameters_hash from ' ~ features ~ " where parameters_hash != '"
        ~ parameters_hash() ~ "' limit 1"
    ).rows if load_relation(features) is not none else [] -%}
    {%- if others -%}
        {{ exceptions.raise_compiler_error(
            'marts.fct_customer_features are of parameters ' ~ others[0][0] ~ ', this run has '
            ~ parameters_hash() ~ ': run dbt build --exclude tag:scoring with the same vars first'
        ) }}
    {%- endif -%}
{%- endmacro %}

{#- The champion's row of model.scorecard as a dict, or none; a run stops at one that
    does not fit it. -#}
{% macro champion_scorecard() -%}
    {%- set rows = champion_rows(
        'model_version, parameters_hash, '
        ~ 'cast(score_factor as varchar), cast(score_offset as varchar), label_source',
        'scorecard', 'model_version'
    ) -%}
    {%- if not rows -%}{{ return(none) }}{%- endif -%}
    {%- set champion = rows[0] -%}
    {%- if flags.WHICH in ('run', 'build') -%}
        {%- do require_fitting(champion[0], champion[1]) -%}
        {%- do require_features_of_these_parameters() -%}
    {%- endif -%}
    {{ return({
        'model_version': champion[0], 'score_factor': champion[2],
        'score_offset': champion[3], 'label_source': champion[4],
    }) }}
{%- endmacro %}

{#- The features that a champion scores: those of a split; without it, no row. -#}
{% macro champion_features(champion, split) -%}
select *
from {{ ref('fct_customer_features') }}
where
    split = '{{ split }}'
    {%- if not champion %}
    and false
    {%- endif %}
{%- endmacro %}

{#- {feature: [bin rows]} of the champion, bins in order. -#}
{% macro champion_bins() -%}
    {%- set bins = {} -%}
    {%- for row in champion_rows(
        'feature, bin_kind, cast(lower as varchar), cast(upper as varchar), '
        ~ "to_json(categories), cast(points as varchar)",
        'scorecard_points', 'feature, bin_index'
    ) -%}
        {%- do bins.setdefault(row[0], []).append({
            'kind': row[1], 'lower': row[2], 'upper': row[3],
            'categories': fromjson(row[4]) if row[4] else [], 'points': row[5],
        }) -%}
    {%- endfor -%}
    {{ return(bins) }}
{%- endmacro %}

{#- A feature's value → its bin's points. Numbers travel as text, so that every
    digit arrives. -#}
{% macro points_case(feature, bins) -%}
case
    {%- for bin in bins if bin.kind == 'missing' %}
    when {{ feature }} is null then cast('{{ bin.points }}' as double)
    {%- endfor %}
    {%- for bin in bins if bin.kind == 'range' and bin.upper is not none %}
    when {{ feature }} < cast('{{ bin.upper }}' as double) then cast('{{ bin.points }}' as double)
    {%- endfor %}
    {%- for bin in bins if bin.kind == 'range' and bin.upper is none %}
    else cast('{{ bin.points }}' as double)
    {%- endfor %}
    {%- for bin in bins if bin.kind == 'category' %}
    when {{ feature }} in ({% for value in bin.categories %}{{ sql_text(value) }}{{ ', ' if not loop.last }}{% endfor %})
        then cast('{{ bin.points }}' as double)
    {%- endfor %}
    {%- for bin in bins if bin.kind == 'other' %}
    else cast('{{ bin.points }}' as double)
    {%- endfor %}
end
{%- endmacro %}
