{% for line in header -%}
{{ line }}
{% endfor -%}
EXECUTE STATEMENT SET
BEGIN
{% for insert in inserts -%}
{{ insert }};
{% endfor -%}
END
