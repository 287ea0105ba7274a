{% for line in header -%}
{{ line }}
{% endfor -%}
CREATE {% if temporary %}TEMPORARY {% endif %}TABLE {% if if_not_exists %}IF NOT EXISTS {% endif %}{{ name }} (
{%- for column in columns %}
  {{ column }}{% if not loop.last %},{% endif %}
{%- endfor %}
)
{%- if distribution %}
{{ distribution }}
{%- endif %}
{%- if options %}
WITH (
{%- for option in options %}
  {{ option }}{% if not loop.last %},{% endif %}
{%- endfor %}
)
{%- endif %}
