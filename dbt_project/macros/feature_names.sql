{#- The 26 features in contract order, as Jinja needs them at compile time;
    tests/test_feature_names_follow_the_contract holds them to the seed. -#}
{% macro numeric_features() -%}
    {{ return([
        'recency_days', 'transaction_count', 'total_value', 'avg_value',
        'std_value', 'min_value', 'max_value', 'median_value', 'net_amount',
        'credit_share', 'tenure_days', 'active_days', 'avg_gap_days',
        'night_share', 'weekend_share', 'transaction_count_7d', 'value_7d',
        'transaction_count_trend', 'value_trend', 'product_category_count',
        'airtime_share', 'financial_services_share', 'utility_bill_share',
    ]) }}
{%- endmacro %}

{% macro categorical_features() -%}
    {{ return(['main_product_category', 'main_channel', 'main_pricing_strategy']) }}
{%- endmacro %}

{% macro feature_names() -%}
    {{ return(numeric_features() + categorical_features()) }}
{%- endmacro %}
