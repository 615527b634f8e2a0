with period as (
    select * from {{ ref('int_data_period__measured') }}
),

dim_parameters as (
    select
        '{{ parameters_hash() }}' as parameters_hash,
        {%- for name in parameter_names() %}
        {%- if var(name) is number %}
        cast({{ var(name) }} as bigint) as {{ name }},
        {%- else %}
        cast('{{ var(name) }}' as string) as {{ name }},
        {%- endif %}
        {%- endfor %}
        {%- for name in training_parameter_names() %}
        {%- set value = 'null' if var(name) is none else var(name) %}
        cast({{ value }} as double) as {{ name }},
        {%- endfor %}
        data_start,
        data_end,
        days_covered,
        days_needed
    from period
)

select * from dim_parameters
