{% for line in header -%}
{{ line }}
{% endfor -%}
{% for statement in statements %}
{{ statement }};
{% endfor -%}
