-- The macros' list builds the SQL, the seed is what training, release and API
-- read: a difference would shift every value of a feature vector.
with contract as (
    select
        position,
        name,
        kind
    from {{ ref('feature_contract') }}
),

macros as (
    {%- for feature in feature_names() %}
    select
        {{ loop.index }} as position,
        '{{ feature }}' as name,
        '{{ "numeric" if feature in numeric_features() else "categorical" }}' as kind
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    contract.position,
    contract.name,
    macros.name as macro_name
from contract
full outer join macros on contract.position = macros.position
where
    contract.name is null
    or macros.name is null
    or contract.name != macros.name
    or contract.kind != macros.kind
