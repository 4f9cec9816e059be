/*
 * Stages as rows in the order of the kernel's text, transitions as bands. What goes on leaves to the
 * right and leads down, what goes back leaves to the left and leads up. A band is as wide as the time
 * that was spent before it, a stage as high as the bands beside it: time is neither made nor lost.
 *
 * No two labels meet: those in one column are a row apart, those at one height two columns.
 */
const ROW_HEIGHT = 66;
const WHOLE_HEIGHT = 44;
const BAND_MIN = 1.25;
const ENDS = ['ok', 'failed', 'in_flight', 'incomplete'];

function flow_rows(summary) {
	const stages = summary.stages.filter(row => row.visits).map(row => ({
		name: row.name, stage: true, ns: row.time_ns.total, visits: row.visits,
	}));
	const ends = ENDS.filter(name => summary.slowpath.outcomes[name]).map(name => ({
		name, ns: 0, episodes: summary.slowpath.outcomes[name],
	}));

	return stages.concat(ends).map((row, at) => ({ ...row, at, y: at * ROW_HEIGHT + ROW_HEIGHT / 2 }));
}

/* Pixels of the columns: names, bars, the line of the stages, bands that reach over so many rows. */
function flow_columns(width, reach) {
	const narrow = width < 640;
	const axis = Math.round(width * (narrow ? 0.47 : 0.55));
	const room = width - axis - (narrow ? 50 : 110);

	return {
		narrow, axis, forward: Math.min(narrow ? 44 : 100, room / Math.max(1, reach)),
		back: narrow ? 16 : 30, bars: narrow ? 0 : Math.max(0, axis - 110 - 250),
	};
}

/* Transitions between rows that there are: [{ row, from, to, span, forward, thick }]. */
function bands_of(summary, rows, whole) {
	const place = new Map(rows.map(row => [row.name, row]));

	const known = (summary.transitions || []).filter(row => place.has(row.from) && place.has(row.to));

	return known.map(row => {
		const from = place.get(row.from), to = place.get(row.to);

		return {
			row, from, to, span: Math.abs(to.at - from.at), forward: to.at > from.at,
			thick: Math.max(BAND_MIN, whole ? row.time_ns.total / whole * WHOLE_HEIGHT : 0),
		};
	});
}

/*
 * Where the bands touch one side of a stage: from the top those that come from above, the nearest
 * first, then those that lead down, the farthest first; on the left side the other way round. So no
 * two cross at a stage. Sets from_y and to_y; returns the height that they need.
 */
function stack_side(node, bands, forward) {
	const ours = bands.filter(band => band.forward === forward);
	const coming = ours.filter(band => band.to === node).sort((a, b) => a.span - b.span);
	const leaving = ours.filter(band => band.from === node).sort((a, b) => b.span - a.span);
	const ordered = [...coming.map(band => [band, 'to_y']), ...leaving.map(band => [band, 'from_y'])];
	const height = ours.reduce((sum, band) =>
		sum + (band.to === node ? band.thick : 0) + (band.from === node ? band.thick : 0), 0);
	let y = node.y - height / 2;

	for (const [band, key] of forward ? ordered : ordered.reverse()) {
		band[key] = y + band.thick / 2;
		y += band.thick;
	}
	return height;
}

function node_tip(row) {
	return row.stage ? `${row.name}: ${ns_text(row.ns)} in ${count_of(row.visits, 'visit')}` :
		`${words_of(row.name)}: ${count_of(row.episodes, 'episode')}`;
}

function draw_node(row, columns, needed) {
	const height = Math.max(8, needed);

	return rect(row.stage ? `fill-${stage_class(row.name)}` : 'end', columns.axis - 4,
		row.y - height / 2, 8, height, node_tip(row), { rx: 2 });
}

function draw_row(row, columns, whole) {
	const text = row.stage ? `${ns_text(row.ns)}, ${percent_text(row.ns, whole)}` :
		count_of(row.episodes, 'episode');
	const bar = row.stage && !columns.narrow ?
		Math.max(1, Math.min(1, row.ns / (whole || 1)) * columns.bars) : 0;

	return [
		label(0, row.y - 3, words_of(row.name), 'strong'),
		label(0, row.y + 13, bar ? count_of(row.visits, 'visit') : text),
		bar ? [
			rect(`fill-${stage_class(row.name)}`, 110, row.y - 6, bar, 12, node_tip(row)),
			label(110 + bar + 10, row.y + 4, text, 'plain'),
		] : null,
	];
}

function band_tip(row, whole) {
	return `${words_of(row.from)} to ${words_of(row.to)}: ${count_of(row.count, 'time')}\n` +
		`after ${ns_text(row.time_ns.total)} in ${words_of(row.from)}, ` +
		`${percent_text(row.time_ns.total, whole)} of all`;
}

function draw_band(band, columns, whole) {
	const { row, from_y, to_y } = band, side = band.forward ? 1 : -1;
	const reach = side * Math.max(1, band.span) * (band.forward ? columns.forward : columns.back);
	const x = columns.axis + side * 4, text = count_text(row.count);
	/* A cubic with both controls at the same x reaches three quarters of the way to them. */
	const control = (x + reach / 0.75).toFixed(1);

	return {
		line: svg('path', {
			class: `band stroke-${stage_class(row.from)}`, 'stroke-width': band.thick.toFixed(2),
			'data-tip': band_tip(row, whole),
			d: `M${x} ${from_y.toFixed(1)}C${control} ${from_y.toFixed(1)} ` +
				`${control} ${to_y.toFixed(1)} ${x} ${to_y.toFixed(1)}`,
		}),
		text: label(x + reach + side * (band.thick / 2 + 5), (from_y + to_y) / 2 + 4,
			columns.narrow ? text : `${text} · ${ns_text(row.time_ns.total)}`, 'plain halo',
			band.forward ? 'start' : 'end'),
	};
}

function flow_picture(summary, width) {
	const rows = flow_rows(summary), whole = summary.slowpath.time_ns.total;
	const bands = bands_of(summary, rows, whole);
	const columns = flow_columns(width, most(bands, band => band.forward ? band.span : 0));
	const needed = rows.map(row =>
		Math.max(stack_side(row, bands, true), stack_side(row, bands, false)));
	const drawn = bands.map(band => draw_band(band, columns, whole));

	return picture(width, rows.length * ROW_HEIGHT,
		rows.slice(1).map(row => row.y - ROW_HEIGHT / 2)
			.map(y => rule(0, y, columns.axis - 12, y, 'grid')),
		svg('g', { 'data-marks': 'bands' }, drawn.map(band => band.line)),
		svg('g', { 'data-marks': 'nodes' },
			rows.map((row, at) => draw_node(row, columns, needed[at]))),
		rows.map(row => draw_row(row, columns, whole)),
		drawn.map(band => band.text));
}

/* --- beside the picture --- */
const run_words = { on_cpu: 'on a CPU', runnable: 'waiting for a CPU', sleeping: 'asleep' };

function run_text(run) {
	if (!run)
		return NOT_KNOWN;
	return Object.entries(run)
		.map(([name, ns]) => `${run_words[name] || words_of(name)} ${ns_text(ns)}`).join(', ');
}

function stages_table(summary) {
	const rows = summary.stages.filter(row => row.visits);
	const columns = [
		{ name: 'stage', cell: row => words_of(row.name) },
		count_column('episodes', 'episodes'),
		{ ...count_column('visits', 'visits'), optional: true },
		{ ...count_column('succeeded', 'succeeded'), optional: true },
		...time_columns(summary.slowpath.time_ns.total, row => row.name),
	];

	if (rows.some(row => row.run_ns))
		columns.push({ name: 'of that', cell: row => run_text(row.run_ns) });
	return table_of('Stages', columns, rows);
}

function exit_text(row) {
	const may_be = row.exit_may_be.map(words_of);
	const why = row.exit === 'unknown' ? may_be.join(' or ') || NOT_KNOWN : words_of(row.exit);

	return `${words_of(row.outcome)}: ${why}` +
		(row.watermark ? `, watermark ${words_of(row.watermark)}` : '');
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
		retries ? note(`Rounds begun anew: ${between_text(retries.total)}, in one episode ` +
			`at most ${between_text(retries.most)}; of them because another task held ` +
			`oom_lock: ${between_text(retries.oom_lock_waits)}.`) : null,
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

	place.append(note('Read downwards. Bands on the right lead on, those on the left back. ' +
		'Each says how often it was taken, and is as wide as the time that was spent before it.'));
	chart(place, 'Stages with their share of the time, and the transitions between them; ' +
		'the numbers are in the tables below', width => flow_picture(summary, width));
	if (unvisited.length)
		place.append(note(`Never visited: ${joined(unvisited)}.`));
	place.append(...[stages_table(summary), exits_part(summary), paths_part(summary),
		detours_part(summary.slow_not_slowpath)].flat(2).filter(Boolean));
	return true;
}
