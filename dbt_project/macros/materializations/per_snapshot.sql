{#- Materialization of a model whose rows belong to one snapshot each: one
    statement per snapshot, and only for the snapshots whose rows are not what
    they would be now. A new week computes one snapshot; a late file those
    whose window it reaches; other vars or other SQL all of them, and the log
    says why.

    The model reads its snapshots `where {{ each_snapshot() }}`, and names with
    `window_hash` the column of int_snapshots__fingerprinted that stands for
    all it reads. Where it also says `and {{ each_part() }}`, a snapshot of more
    than var transactions_at_once transactions is computed in parts, by customer,
    so that memory holds each. Each row carries `input_hash`: that fingerprint, the
    parameters and the SQL of the model and of what it reads. Rows and hash are
    committed together, snapshot by snapshot, so an interrupted build
    goes on where it stopped. -#}
{% materialization per_snapshot, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set empty_rows -%}
        select *, cast('' as varchar) as input_hash from ({{ sql }}) as model_rows limit 0
    {%- endset -%}
    {%- if existing and (
        existing.is_view or should_full_refresh()
        or query_columns('select * from ' ~ target_relation) != query_columns(empty_rows)
    ) -%}
        {%- do adapter.drop_relation(existing) -%}
        {%- set existing = none -%}
    {%- endif -%}
    {%- if not existing -%}
        {%- do run_query('create table ' ~ target_relation ~ ' as ' ~ empty_rows) -%}
    {%- endif -%}

    {%- set due = due_snapshots(target_relation, config.require('window_hash')) -%}
    {%- do log_due_snapshots(target_relation.identifier, due) -%}
    {%- for snapshot in due if snapshot.change != 'unchanged' -%}
        {%- call statement('snapshot_' ~ loop.index) -%}
            delete from {{ target_relation }}
            where snapshot_date = {{ as_date(snapshot.date) }};
            {%- for part in snapshot.parts %}
            insert into {{ target_relation }} by name
            select *, '{{ snapshot.input_hash }}' as input_hash
            from (
                {{ sql
                    | replace(each_snapshot(), 'snapshot_date = ' ~ as_date(snapshot.date))
                    | replace(each_part(), part) }}
            ) as model_rows;
            {%- endfor %}
        {%- endcall -%}
        {%- do adapter.commit() -%}
    {%- endfor -%}

    {%- call statement('main') -%}
        select count(*) from {{ target_relation }}
    {%- endcall -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- True of every snapshot; the materialization puts one in its place. -#}
{% macro each_snapshot() -%}{{ return('snapshot_date is not null') }}{%- endmacro %}

{#- True of every customer; the materialization puts a part of them in its place. -#}
{% macro each_part() -%}{{ return('customer_part is distinct from -1') }}{%- endmacro %}

{#- Conditions that part the customers of so many transactions; the marker itself where
    they are computed at once. -#}
{% macro parts_of(transaction_count) -%}
    {%- set most = var('customer_parts') -%}
    {%- set needed = (transaction_count / var('transactions_at_once')) | round(0, 'ceil') | int -%}
    {%- set count = [1, [needed, most] | min] | max -%}
    {%- if count == 1 or each_part() not in sql -%}
        {{ return([each_part()]) }}
    {%- endif -%}
    {%- set conditions = [] -%}
    {%- for part in range(count) -%}
        {%- do conditions.append(
            'customer_part >= ' ~ part * most // count
            ~ ' and customer_part < ' ~ (part + 1) * most // count
        ) -%}
    {%- endfor -%}
    {{ return(conditions) }}
{%- endmacro %}

{% macro as_date(date) -%}{{ return("cast('" ~ date ~ "' as date)") }}{%- endmacro %}

{#- [[name, type]] of a query: a table of other types would keep them, and cast values. -#}
{% macro query_columns(query) -%}
    {%- set columns = [] -%}
    {%- for row in run_query('describe ' ~ query).rows -%}
        {%- do columns.append([row[0], row[1]]) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{#- [{date, before, input_hash, parts, change}] of every snapshot that is or was, with
    the hash of its rows before and now, and what is computed at once; change is
    unchanged, new, gone, transactions, parameters or SQL. -#}
{% macro due_snapshots(relation, window_hash) -%}
    {%- set stored = {} -%}
    {%- for row in run_query(
        'select distinct cast(snapshot_date as varchar), input_hash from ' ~ relation
    ).rows -%}
        {%- do stored.update({row[0]: row[1]}) -%}
    {%- endfor -%}
    {%- set rest = parameters_hash() ~ ':' ~ code_hash() -%}
    {%- set snapshots = [] -%}
    {%- set dates = [] -%}
    {%- for row in run_query(
        'select cast(snapshot_date as varchar), ' ~ window_hash ~ ', transaction_count'
        ~ ' from ' ~ ref('int_snapshots__fingerprinted')
        ~ ' where ' ~ window_hash ~ ' is not null order by snapshot_date'
    ).rows -%}
        {%- set before = stored.get(row[0], '').split(':') -%}
        {%- set now = (row[1] ~ ':' ~ rest).split(':') -%}
        {%- do dates.append(row[0]) -%}
        {%- do snapshots.append({
            'date': row[0], 'before': before | join(':'), 'input_hash': now | join(':'),
            'parts': parts_of(row[2]),
            'change':
                'unchanged' if before == now
                else 'new' if before | length != 3
                else 'parameters' if before[1] != now[1]
                else 'SQL' if before[2] != now[2]
                else 'transactions',
        }) -%}
    {%- endfor -%}
    {%- for date in stored if date not in dates -%}
        {%- do snapshots.append({
            'date': date, 'before': stored[date], 'parts': [], 'change': 'gone',
        }) -%}
    {%- endfor -%}
    {{ return(snapshots) }}
{%- endmacro %}

{#- 12 hex digits of the SQL behind the model's rows: its own, that of the views it
    reads, and what the rows of a per_snapshot model it reads say of theirs. What it
    reads of other tables is in the window's hash by its content. -#}
{% macro code_hash() -%}
    {%- set behind = upstream(model, {'view': [], 'per_snapshot': []}) -%}
    {%- set texts = [sql] -%}
    {%- for row in run_query(
        "select sql from duckdb_views() where view_name in ('"
        ~ behind.view | join("', '", attribute='name') ~ "') order by schema_name, view_name"
    ).rows -%}
        {%- do texts.append(row[0]) -%}
    {%- endfor -%}
    {%- for parent in behind.per_snapshot -%}
        {%- for row in run_query(
            "select distinct split_part(input_hash, ':', 3) as code from "
            ~ parent.relation_name ~ ' order by code'
        ).rows -%}
            {%- do texts.append(parent.name ~ ':' ~ row[0]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(local_md5(texts | join('\n'))[:12]) }}
{%- endmacro %}

{#- The views and per_snapshot models upstream, down to the first tables. -#}
{% macro upstream(node, found) -%}
    {%- for id in node.depends_on.nodes if id in graph.nodes -%}
        {%- set parent = graph.nodes[id] -%}
        {%- set known = found.get(parent.config.materialized) -%}
        {%- if known is not none and parent not in known -%}
            {%- do known.append(parent) -%}
            {%- do upstream(parent, found) if parent.config.materialized == 'view' -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro log_due_snapshots(name, snapshots) -%}
    {%- set reasons = [] -%}
    {%- for change, group in snapshots | groupby('change') if change != 'unchanged' -%}
        {%- do reasons.append(group | length ~ ' ' ~ change) -%}
    {%- endfor -%}
    {%- do log(
        name ~ ': ' ~ snapshots | length ~ ' snapshots, to compute: '
        ~ (reasons | join(', ') or 'none') ~ moved_end(snapshots), info=True
    ) -%}
{%- endmacro %}

{#- Snapshots are counted back from the end of the data: where that moves by other than
    whole intervals, each is another. With other parameters it has not moved. -#}
{% macro moved_end(snapshots) -%}
    {%- set before = [] -%}
    {%- set now = [] -%}
    {%- for snapshot in snapshots -%}
        {%- do before.append(snapshot.date) if ':' ~ parameters_hash() ~ ':' in snapshot.before -%}
        {%- do now.append(snapshot.date) if snapshot.change != 'gone' -%}
    {%- endfor -%}
    {%- set is_gone = snapshots | selectattr('change', 'equalto', 'gone') | list -%}
    {%- if is_gone and before and now and before | max != now | max -%}
        {{ return(
            ' (the newest moved from ' ~ before | max ~ ' to ' ~ now | max
            ~ ' with the end of data)'
        ) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
