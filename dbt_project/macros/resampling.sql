{#- A number strictly between 0 and 1 that a text decides, evenly spread. -#}
{% macro uniform_hash(text) -%}
    ({{ hash_integer(text) }} + 0.5e0) / 4294967296e0
{%- endmacro %}

{#- How often a unit is drawn in a bootstrap: the Poisson(1) quantile of a
    uniform number. The sample size then varies a little, but each unit can be
    drawn on its own. Of a million units, fewer than one is drawn more than 8
    times and counts 8. -#}
{% macro poisson_quantile(uniform) -%}
    {%- set state = namespace(chance=0.36787944117144233, below=0.0) -%}
    {%- set bounds = [] -%}
    {%- for times in range(8) -%}
        {%- set state.below = state.below + state.chance -%}
        {%- do bounds.append(state.below) -%}
        {%- set state.chance = state.chance / (times + 1) -%}
    {%- endfor -%}
    case
        {%- for bound in bounds %}
        when {{ uniform }} < {{ bound }} then {{ loop.index0 }}
        {%- endfor %}
        else 8
    end
{%- endmacro %}
