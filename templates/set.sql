{% for line in header -%}
{{ line }}
{% endfor -%}
SET {{ key }} = {{ value }}
