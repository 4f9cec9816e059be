/* From the summary in the page to the page. A part that has nothing to show is left out. */
const parts = [
	['worth', draw_worth],
	['timeline', draw_timeline],
	['latency', draw_latency],
	['flow', draw_flow],
	['requests', draw_requests],
	['episodes', draw_episodes],
	['waiting', draw_waiting],
	['stacks', draw_stacks],
	['tasks', draw_tasks],
	['host', draw_host],
	['state', draw_state],
];

/* A part that fails leaves the others. */
function draw_part(name, draw, summary) {
	const place = document.getElementById(name);

	try {
		if (draw(place, summary) === false)
			place.remove();
	} catch (error) {
		place.append(el('p', { class: 'warning' },
			'This part could not be drawn; the JSON has its numbers.'));
		console.error(error);
	}
}

/* The JSON as it was before it was put into a page: what the page escapes, JSON itself never does. */
function json_of(text) {
	return text.trim().replace(/\\(u003c|u003e|u0026|u2028|u2029|.)/g, (all, what) =>
		what.length > 1 ? String.fromCharCode(parseInt(what.slice(1), 16)) : all) + '\n';
}

function save_json(summary, text) {
	const url = URL.createObjectURL(new Blob([json_of(text)], { type: 'application/json' }));
	const name = String(summary.capture.file || 'summary').replace(/\.dat$/, '').replace(/[^\w.-]/g, '_');

	el('a', { href: url, download: `${name}.json` }).click();
	setTimeout(() => URL.revokeObjectURL(url), 60e3);
}

function draw_footer(summary, text) {
	const button = el('button', { type: 'button' }, 'Save the JSON of this page');

	button.addEventListener('click', () => save_json(summary, text));
	document.getElementById('footer').append(
		el('span', null, `Made by pagetrail ${clean(summary.tool.version || '')} from ` +
			`${clean(summary.schema)}. This page holds all its data and asks nobody for more.`),
		button);
}

function main() {
	const text = document.getElementById('summary').textContent;
	const summary = JSON.parse(text);

	document.getElementById('page').hidden = false;
	draw_part('headline', (place, all) => draw_headline(all), summary);
	for (const [name, draw] of parts)
		draw_part(name, draw, summary);
	draw_footer(summary, text);
	start_tips();
}

main();
