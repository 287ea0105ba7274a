{% for line in header -%}
{{ line }}
{% endfor -%}
INSERT INTO {{ sink }} {{ columns }}
SELECT
{%- for projection in projections %}
  {{ projection }}{% if not loop.last %},{% endif %}
{%- endfor %}
FROM {{ source }}
{%- if condition %}
WHERE {{ condition }}
{%- endif %}
