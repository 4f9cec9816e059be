/*
 * Stages as rows in the order of the kernel's text, transitions as arcs. What goes on bulges to the
 * right and leads down, what goes back to the left and leads up. An arc is as wide as its share of time.
 *
 * No two labels of arcs meet: those in one column are a row apart, those at one height two columns.
 */
const ROW_HEIGHT = 60;
const ARC_MAX = 24;
const ENDS = ['ok', 'failed', 'in_flight', 'incomplete'];

function flow_rows(summary) {
	const stages = summary.stages.filter(row => row.visits).map(row => ({
		name: row.name, stage: true, ns: row.time_ns.total, visits: row.visits,
	}));
	const ends = ENDS.filter(name => summary.slowpath.outcomes[name]).map(name => ({
		name, ns: 0, episodes: summary.slowpath.outcomes[name],
	}));

	return stages.concat(ends);
}

/* Pixels of the columns: names, bars, the line of the stages, arcs on both sides. */
function flow_columns(width, nr) {
	const narrow = width < 640;
	const axis = narrow ? Math.round(width * 0.5) : Math.round(width * 0.58);
	const room = width - axis - (narrow ? 46 : 96);

	return {
		narrow, axis, forward: Math.min(narrow ? 40 : 72, room / Math.max(1, nr - 1)),
		back: narrow ? 18 : 30, bars: narrow ? 0 : axis - 130 - 210,
	};
}

function node_tip(row) {
	return row.stage ? `${row.name}: ${ns_text(row.ns)} in ${count_of(row.visits, 'visit')}` :
		`${words_of(row.name)}: ${count_of(row.episodes, 'episode')}`;
}

function draw_node(row, y, columns, whole) {
	if (!row.stage)
		return svg('circle', { class: 'end', cx: columns.axis, cy: y, r: 5, 'data-tip': node_tip(row) });
	const height = Math.max(10, Math.min(1, row.ns / (whole || 1)) * (ROW_HEIGHT - 18));

	return rect(`fill-${stage_class(row.name)}`, columns.axis - 5, y - height / 2, 10, height, node_tip(row),
		{ rx: 3 });
}

function draw_row(row, y, columns, whole) {
	const text = row.stage ? `${ns_text(row.ns)}, ${percent_text(row.ns, whole)}` :
		count_of(row.episodes, 'episode');
	const bar = row.stage && columns.bars > 40 ? Math.min(1, row.ns / (whole || 1)) * columns.bars : 0;

	return [
		label(0, y - 3, words_of(row.name), 'strong'),
		label(0, y + 13, row.stage && !columns.narrow ? count_of(row.visits, 'visit') : text),
		bar || (row.stage && !columns.narrow) ? [
			rect(`fill-${stage_class(row.name)}`, 110, y - 6, Math.max(1, bar), 12, node_tip(row), { rx: 1 }),
			label(110 + bar + 10, y + 4, text, 'plain'),
		] : null,
	];
}

function arc_text(row, columns) {
	return columns.narrow ? count_text(row.count) : `${count_text(row.count)} · ${ns_text(row.time_ns.total)}`;
}

function draw_arc(row, place, columns, whole) {
	const from = place.get(row.from), to = place.get(row.to), span = Math.abs(to.at - from.at);
	const forward = to.at > from.at, side = forward ? 1 : -1;
	const reach = side * Math.max(1, span) * (forward ? columns.forward : columns.back);
	const x = columns.axis + side * 6, width = Math.max(1.25, row.time_ns.total / (whole || 1) * ARC_MAX);
	const tip = `${words_of(row.from)} to ${words_of(row.to)}: ${count_of(row.count, 'time')}\n` +
		`after ${ns_text(row.time_ns.total)} in ${words_of(row.from)}, ${percent_text(row.time_ns.total, whole)} of all`;
	/* A cubic with both controls at the same x reaches three quarters of the way to them. */
	const control = (x + reach / 0.75).toFixed(1);

	return {
		line: svg('path', {
			class: `arc stroke-${stage_class(row.from)}`, 'stroke-width': width.toFixed(2), 'data-tip': tip,
			d: `M${x} ${from.y}C${control} ${from.y} ${control} ${to.y} ${x} ${to.y}`,
		}),
		text: label(x + reach + side * (width / 2 + 5), (from.y + to.y) / 2 + 4, arc_text(row, columns),
			'plain halo', forward ? 'start' : 'end'),
	};
}

function flow_picture(summary, width) {
	const rows = flow_rows(summary), whole = summary.slowpath.time_ns.total;
	const columns = flow_columns(width, rows.length), place = new Map();

	rows.forEach((row, at) => place.set(row.name, { at, y: at * ROW_HEIGHT + 30 }));
	const arcs = (summary.transitions || []).filter(row => place.has(row.from) && place.has(row.to))
		.map(row => draw_arc(row, place, columns, whole));

	return picture(width, rows.length * ROW_HEIGHT,
		rows.map(row => rule(0, place.get(row.name).y + 30, columns.axis - 12, place.get(row.name).y + 30, 'grid')),
		svg('g', { 'data-marks': 'arcs' }, arcs.map(arc => arc.line)),
		svg('g', { 'data-marks': 'nodes' }, rows.map(row => draw_node(row, place.get(row.name).y, columns, whole))),
		rows.map(row => draw_row(row, place.get(row.name).y, columns, whole)),
		arcs.map(arc => arc.text));
}

/* --- beside the picture --- */
const run_words = { on_cpu: 'on a CPU', runnable: 'waiting for a CPU', sleeping: 'asleep' };

function run_text(run) {
	if (!run)
		return NOT_KNOWN;
	return Object.entries(run).map(([name, ns]) => `${run_words[name] || words_of(name)} ${ns_text(ns)}`).join(', ');
}

function stages_table(summary) {
	const rows = summary.stages.filter(row => row.visits);
	const columns = [
		{ name: 'stage', cell: row => words_of(row.name) },
		count_column('episodes', 'episodes'),
		count_column('visits', 'visits'),
		count_column('succeeded', 'succeeded'),
		...time_columns(summary.slowpath.time_ns.total, row => row.name),
	];

	if (rows.some(row => row.run_ns))
		columns.push({ name: 'of that', cell: row => run_text(row.run_ns) });
	return table_of('Stages', columns, rows);
}

function exit_text(row) {
	const may_be = row.exit_may_be.map(words_of);
	const why = row.exit === 'unknown' ? may_be.join(' or ') || NOT_KNOWN : words_of(row.exit);

	return `${words_of(row.outcome)}: ${why}` + (row.watermark ? `, watermark ${words_of(row.watermark)}` : '');
}

function exits_part(summary) {
	const retries = summary.retries;

	if (!summary.exits || !summary.exits.length)
		return [];
	return [
		long_table('Why they ended', [
			{ name: 'why', cell: exit_text },
			count_column('episodes', 'count'),
			...time_columns(summary.slowpath.time_ns.total),
		], summary.exits),
		retries ? note(`Rounds begun anew: ${between_text(retries.total)}, in one episode at most ` +
			`${between_text(retries.most)}; of them because another task held oom_lock: ` +
			`${between_text(retries.oom_lock_waits)}.`) : null,
	];
}

function paths_part(summary) {
	return long_table('Paths', [
		{ name: 'path', cell: row => row.path === null ? '(others)' : said(row.path) },
		count_column('episodes', 'count'),
		...time_columns(summary.slowpath.time_ns.total),
	], summary.paths || []);
}

function detours_part(detours) {
	const rows = detours.classes.filter(row => row.count);

	if (!rows.length)
		return null;
	return table_of('Slow, but not in the slowpath', [
		{ name: 'what', cell: row => words_of(row.class) },
		{ name: 'allocations', number: true, cell: row => count_text(row.count) },
		{ name: 'reclaims', number: true, cell: row => count_text(row.reclaims) },
		...time_columns(most(rows, row => row.time_ns && row.time_ns.total)),
	], rows);
}

function draw_flow(place, summary) {
	if (!summary.stages || !summary.slowpath.rebuilt)
		return false;
	const unvisited = summary.stages.filter(row => !row.visits).map(row => row.name);

	place.append(note('Read downwards. Arcs on the right lead on, those on the left back; each says how often ' +
		'it was taken, and is as wide as the share of time that was spent before it.'));
	chart(place, 'Stages with their share of the time, and the transitions between them; the numbers are in ' +
		'the tables below', width => flow_picture(summary, width));
	if (unvisited.length)
		place.append(note(`Never visited: ${joined(unvisited)}.`));
	place.append(...[stages_table(summary), exits_part(summary), paths_part(summary),
		detours_part(summary.slow_not_slowpath)].flat(2).filter(Boolean));
	return true;
}
