/*
 * Call stacks as a flame graph: a frame is as wide as the time of the episodes under it, callers above
 * what they call. Summaries without stacks show nothing.
 */
const FRAME_HEIGHT = 20;
const DEPTH_MAX = 64;
const FRAMES_MAX = 4000;

function frame_name(frame) {
	return typeof frame === 'string' ? frame : frame && (frame.function || frame.symbol || frame.name);
}

/* The names in the first list of frames that a row has, innermost first as the kernel tells them. */
function frames_in(row) {
	for (const key of ['stack', 'frames', 'caller', 'callers'])
		if (Array.isArray(row[key]))
			return row[key].map(frame_name).filter(name => typeof name === 'string').slice(0, DEPTH_MAX);
	return [];
}

/* A tree of { name, ns, count, under: Map }. */
function flame_tree(rows) {
	const root = { name: 'all', ns: 0, count: 0, under: new Map() };

	for (const row of rows) {
		let node = root;

		for (const name of [null, ...frames_in(row).reverse()]) {
			if (name !== null && !node.under.has(name))
				node.under.set(name, { name, ns: 0, count: 0, under: new Map() });
			node = name === null ? root : node.under.get(name);
			node.ns += row.time_ns.total;
			node.count += row.count;
		}
	}
	return root;
}

function draw_frame(view, node, depth, left) {
	const width = node.ns / view.whole * view.width, name = clean(node.name);

	view.deepest = Math.max(view.deepest, depth);
	if (width < 0.5 || ++view.drawn > FRAMES_MAX)
		return [];
	let x = left;
	const under = [...node.under.values()].map(child => {
		const drawn = draw_frame(view, child, depth + 1, x);

		x += child.ns / view.whole * view.width;
		return drawn;
	});

	return [
		rect('frame bar', left, depth * FRAME_HEIGHT, width, FRAME_HEIGHT,
			`${name}\n${ns_text(node.ns)}, ${percent_text(node.ns, view.whole)}, ${count_of(node.count, 'episode')}`),
		width > 34 ? label(left + 5, depth * FRAME_HEIGHT + 14, cut(name, Math.floor((width - 6) / 6.6)), 'on') : null,
		under,
	];
}

function flame_picture(tree, width) {
	const view = { whole: tree.ns, width, deepest: 0, drawn: 0 };
	const marks = draw_frame(view, tree, 0, 0);

	return picture(width, (view.deepest + 1) * FRAME_HEIGHT + 2, svg('g', { 'data-marks': 'flame' }, marks));
}

function draw_stacks(place, summary) {
	const all = (summary.by && summary.by.caller) || [];
	const rows = Array.isArray(all) ? all.filter(row => frames_in(row).length && row.time_ns) : [];
	const tree = flame_tree(rows);

	if (!tree.ns)
		return false;
	place.append(note('Callers above what they call; as wide as the time of the episodes.'));
	chart(place, 'Flame graph of the call stacks; the table below says the same', width => flame_picture(tree, width));
	place.append(...[long_table('Stacks', [
		{ name: 'innermost first', cell: row => el('bdi', { class: 'mono' }, frames_in(row).map(clean).join(' < ')) },
		count_column('episodes', 'count'),
		...time_columns(tree.ns),
	], rows)].flat());
	return true;
}
