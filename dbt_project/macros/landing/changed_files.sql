{#- {path: {size, modified_at}} as the file system has it now. -#}
{% macro file_states(paths) -%}
    {%- set states = {} -%}
    {%- for row in run_query(
        "select filename, size, cast(timezone('UTC', last_modified) as varchar) "
        ~ 'from read_blob(' ~ exact_paths(paths) ~ ') order by filename'
    ).rows -%}
        {%- do states.update({row[0]: {'size': row[1] | int, 'modified_at': row[2]}}) -%}
    {%- endfor -%}
    {{ return(states) }}
{%- endmacro %}

{#- What is new, changed or gone since the run before:
    {land: [{name, path, size, modified_at}], forget: [name]}. -#}
{% macro changed_files(input, hash) -%}
    {%- set known = {} -%}
    {%- for row in run_query(
        'select source_file, file_path, size_bytes, cast(modified_at as varchar), '
        ~ 'landing_hash, data_kind from raw.files'
    ).rows -%}
        {%- do known.update({row[0]: [row[1], row[2] | int, row[3], row[4], row[5]]}) -%}
    {%- endfor -%}
    {%- set land = [] -%}
    {%- set forget = [] -%}
    {%- set names = {} -%}
    {%- for path, state in file_states(input.files).items() -%}
        {%- set name = path[input.root | length:] if path.startswith(input.root) else path -%}
        {%- do names.update({name: path}) -%}
        {%- if known.get(name) != [path, state.size, state.modified_at, hash, input.data] -%}
            {%- do land.append({
                'name': name, 'path': path,
                'size': state.size, 'modified_at': state.modified_at,
            }) -%}
            {%- do forget.append(name) if name in known -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in known if name not in names -%}{%- do forget.append(name) -%}{%- endfor -%}
    {{ return({'land': land, 'forget': forget}) }}
{%- endmacro %}

{#- A file that somebody was still writing is not half landed. -#}
{% macro stop_if_changed(files) -%}
    {%- if files -%}
        {%- set now = file_states(files | map(attribute='path') | list) -%}
        {%- for file in files -%}
            {%- if now[file.path] != {'size': file.size, 'modified_at': file.modified_at} -%}
                {{ exceptions.raise_compiler_error(
                    file.path ~ ' changed while it was being read: '
                    ~ 'run again when nothing writes to it any more'
                ) }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro forget_files(names) %}
{% if names %}
{%- set texts = [] -%}
{%- for name in names -%}{%- do texts.append(sql_text(name)) -%}{%- endfor -%}
{%- for table in ['transactions', 'rejected_rows', 'files'] %}
delete from raw.{{ table }} where source_file in ({{ texts | join(', ') }});
{%- endfor %}
{% endif %}
{% endmacro %}
