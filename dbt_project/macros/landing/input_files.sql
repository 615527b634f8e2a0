{#- Which files a run reads: TRANSACTIONS_PATH (file, folder or glob) if it is
    set; else $DATA_DIR/raw; else the simulated file. Never a silent fallback. -#}

{% macro data_dir() -%}
    {{ return(env_var('DATA_DIR', 'data')) }}
{%- endmacro %}

{% macro sql_text(value) -%}
    {{ return("'" ~ (value | string | replace("'", "''")) ~ "'") }}
{%- endmacro %}

{#- A path that DuckDB's readers take for itself, not for a pattern. -#}
{% macro exact_path(path) -%}
    {{ return(sql_text(
        path | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')
    )) }}
{%- endmacro %}

{#- The readable files among the matches, whatever the case of their ending. -#}
{% macro list_files(patterns) -%}
    {%- set found = [] -%}
    {%- for pattern in patterns -%}
        {%- for row in run_query('select file from glob(' ~ sql_text(pattern) ~ ')').rows -%}
            {%- if row[0] not in found and modules.re.search('(?i)\\.(csv|csv\\.gz|parquet)$', row[0]) -%}
                {%- do found.append(row[0]) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found | sort) }}
{%- endmacro %}

{#- The part of a path that its files share: file names start behind it. -#}
{% macro path_root(path) -%}
    {%- set fixed = modules.re.split('[*?\\[]', path)[0] -%}
    {{ return(fixed.rsplit('/', 1)[0] ~ '/' if '/' in fixed else '') }}
{%- endmacro %}

{#- {data: raw|simulated, root: …, files: [path, …]} -#}
{% macro input_files() -%}
    {%- set path = env_var('TRANSACTIONS_PATH', '') -%}
    {%- if path -%}
        {%- set direct = list_files([path]) -%}
        {%- set files = direct or list_files([path ~ '/*']) -%}
        {%- if not files -%}
            {{ exceptions.raise_compiler_error(
                'TRANSACTIONS_PATH=' ~ path ~ ' names no .csv, .csv.gz or .parquet file: '
                ~ 'correct it, or unset it to read ' ~ data_dir() ~ '/raw'
            ) }}
        {%- endif -%}
        {{ return({
            'data': 'raw', 'files': files,
            'root': path_root(path) if direct else path ~ '/',
        }) }}
    {%- endif -%}

    {%- set raw_folder = data_dir() ~ '/raw' -%}
    {%- set files = list_files([raw_folder ~ '/*']) -%}
    {%- if files -%}
        {{ return({'data': 'raw', 'root': raw_folder ~ '/', 'files': files}) }}
    {%- endif -%}

    {%- set simulated_folder = data_dir() ~ '/simulated' -%}
    {%- set simulated = list_files([simulated_folder ~ '/transactions.parquet']) -%}
    {%- if simulated -%}
        {%- if run_query("select 1 from raw.files where data_kind = 'raw' limit 1").rows -%}
            {{ exceptions.raise_compiler_error(
                data_dir() ~ ' holds transactions of yours, but now there are none to read: '
                ~ 'set TRANSACTIONS_PATH again, or take another DATA_DIR for simulated data'
            ) }}
        {%- endif -%}
        {{ return({'data': 'simulated', 'root': simulated_folder ~ '/', 'files': simulated}) }}
    {%- endif -%}

    {{ exceptions.raise_compiler_error(
        'no transactions: put .csv, .csv.gz or .parquet files into ' ~ raw_folder
        ~ ', set TRANSACTIONS_PATH, or run: python -m simulator'
    ) }}
{%- endmacro %}
