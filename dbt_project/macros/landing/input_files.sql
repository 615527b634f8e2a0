{#- Which files a run reads: TRANSACTIONS_PATH (file, folder or glob) if it is
    set; else $DATA_DIR/raw; else the simulated file. Never a silent fallback.
    models_py/pipeline/sources.py decides the same before dbt starts. -#}

{% macro data_dir() -%}
    {{ return(env_var('DATA_DIR', 'data')) }}
{%- endmacro %}

{% macro sql_text(value) -%}
    {{ return("'" ~ (value | string | replace("'", "''")) ~ "'") }}
{%- endmacro %}

{#- A path that DuckDB takes for itself, not for a pattern. -#}
{% macro exact_path(path) -%}
    {{ return(sql_text(
        path | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')
    )) }}
{%- endmacro %}

{% macro exact_paths(paths) -%}
    {%- set exact = [] -%}
    {%- for path in paths -%}{%- do exact.append(exact_path(path)) -%}{%- endfor -%}
    {{ return('[' ~ exact | join(', ') ~ ']') }}
{%- endmacro %}

{% macro readable_ending() -%}{{ return('(?i)\\.(csv|csv\\.gz|parquet)$') }}{%- endmacro %}

{#- The readable files that a pattern (a SQL text) matches, whatever the case of
    their ending. Folders are not listed, nor, unless named, hidden files. -#}
{% macro list_files(pattern, hidden=false) -%}
    {%- set found = [] -%}
    {%- for row in run_query('select file from glob(' ~ pattern ~ ') order by file').rows -%}
        {%- if modules.re.search(readable_ending(), row[0])
            and (hidden or not row[0].split('/')[-1].startswith('.')) -%}
            {%- do found.append(row[0]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- {root, files} of a folder; file names start behind the root. -#}
{% macro files_in(folder) -%}
    {%- set root = folder.rstrip('/') ~ '/' -%}
    {{ return({'root': root, 'files': list_files(exact_path(root) ~ " || '*'")}) }}
{%- endmacro %}

{#- {root, files} of a path: the file or folder of that very name comes before
    the files that it matches as a pattern. -#}
{% macro files_at(path) -%}
    {%- set file = list_files(exact_path(path), hidden=true) -%}
    {%- if file -%}
        {{ return({'root': path.rpartition('/')[0] ~ ('/' if '/' in path else ''), 'files': file}) }}
    {%- endif -%}
    {%- set inside = files_in(path) -%}
    {%- if inside.files -%}{{ return(inside) }}{%- endif -%}
    {%- set fixed = modules.re.split('[*?\\[]', path)[0] -%}
    {{ return({
        'root': fixed.rpartition('/')[0] ~ ('/' if '/' in fixed else ''),
        'files': list_files(sql_text(path)),
    }) }}
{%- endmacro %}

{#- A file that would lie there unread stops the run: in a folder of the folder, or
    of another kind. Hidden ones do not, nor README and Spark's _SUCCESS. -#}
{% macro stop_at_unread_file(folder) -%}
    {%- set root = folder ~ '/' -%}
    {%- for row in run_query('select file from glob(' ~ exact_path(root) ~ " || '**') order by file").rows -%}
        {%- set within = row[0][root | length:] -%}
        {%- if not modules.re.search('(^|/)\\.|(^|/)(README|_SUCCESS)[^/]*$', within) -%}
            {%- if '/' in within -%}
                {{ exceptions.raise_compiler_error(
                    row[0] ~ ' lies in a folder of ' ~ folder ~ ', where nothing is read: '
                    ~ 'move it up, or name its folder as TRANSACTIONS_PATH'
                ) }}
            {%- elif not modules.re.search(readable_ending(), within) -%}
                {{ exceptions.raise_compiler_error(
                    row[0] ~ ' is no .csv, .csv.gz or .parquet file, so it would not be read: '
                    ~ 'convert it, or move it out of ' ~ folder
                ) }}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{#- {data: raw|simulated, root: …, files: [path, …]} -#}
{% macro input_files() -%}
    {%- set path = env_var('TRANSACTIONS_PATH', '') -%}
    {%- if path -%}
        {%- set given = files_at(path) -%}
        {%- if not given.files -%}
            {{ exceptions.raise_compiler_error(
                'TRANSACTIONS_PATH=' ~ path ~ ' names no .csv, .csv.gz or .parquet file: '
                ~ 'correct it, or unset it to read ' ~ data_dir() ~ '/raw'
            ) }}
        {%- endif -%}
        {{ return({'data': 'raw', 'root': given.root, 'files': given.files}) }}
    {%- endif -%}

    {%- do stop_at_unread_file(data_dir() ~ '/raw') -%}
    {%- set raw = files_in(data_dir() ~ '/raw') -%}
    {%- if raw.files -%}
        {{ return({'data': 'raw', 'root': raw.root, 'files': raw.files}) }}
    {%- endif -%}

    {%- set simulated = files_at(data_dir() ~ '/simulated/transactions.parquet') -%}
    {%- if simulated.files -%}
        {%- if run_query("select 1 from raw.files where data_kind = 'raw' limit 1").rows -%}
            {{ exceptions.raise_compiler_error(
                data_dir() ~ ' holds transactions of yours, but now there are none to read: '
                ~ 'set TRANSACTIONS_PATH again, or take another DATA_DIR for simulated data'
            ) }}
        {%- endif -%}
        {{ return({'data': 'simulated', 'root': simulated.root, 'files': simulated.files}) }}
    {%- endif -%}

    {{ exceptions.raise_compiler_error(
        'no transactions: put .csv, .csv.gz or .parquet files into ' ~ data_dir() ~ '/raw'
        ~ ', set TRANSACTIONS_PATH, or run: python -m simulator'
    ) }}
{%- endmacro %}
