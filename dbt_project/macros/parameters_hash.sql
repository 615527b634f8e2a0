{#- The vars that change a row, in one place. They and `training_parameter_names`
    are also the column list of marts.dim_parameters. -#}
{% macro parameter_names() -%}
    {{ return([
        'observation_days', 'outcome_days', 'snapshot_interval_days', 'seed',
        'label_source', 'kmeans_max_iterations', 'earliest_date',
        'data_time_zone', 'recent_days', 'night_start_hour', 'night_end_hour',
        'weekend_start_weekday', 'rfm_quantiles', 'customer_folds',
    ]) }}
{%- endmacro %}

{#- The vars that change no row of dbt's, only what training does with it. -#}
{% macro training_parameter_names() -%}
    {{ return(['type_1_error_cost', 'type_2_error_cost', 'central_tendency']) }}
{%- endmacro %}

{#- 12 hex digits that name this set of parameters. -#}
{% macro parameters_hash() -%}
    {%- set values = [] -%}
    {%- for name in parameter_names() -%}
        {%- do values.append(name ~ '=' ~ var(name)) -%}
    {%- endfor -%}
    {{ return(local_md5(values | join(';'))[:12]) }}
{%- endmacro %}
