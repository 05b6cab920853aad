/** An event that is told later than this is history, and starts no automation. */
const LATEST_S = 60;

/**
 * Makes `{"event_type":"in",…}` of a Falconet event that says that its object crossed the line, and nothing of any other
 * or of one that comes late. In plain Jinja2: no filter is Home Assistant's own.
 */
export function lineTemplate(line: string): string {
  const crossings = ['in', 'out'].map((direction) => `'line:${line}:${direction}'`).join(', ');
  return [
    `{% if value_json.late_s <= ${LATEST_S} %}`,
    `{% for reason in value_json.reason if reason in [${crossings}] %}{% if loop.first %}`,
    "{{ {'event_type': reason.split(':')[2], 'label': value_json.label, 'id': value_json.id} | tojson }}",
    '{% endif %}{% endfor %}{% endif %}',
  ].join('');
}
