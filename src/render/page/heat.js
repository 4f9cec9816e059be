/*
 * What was asked for, as a map: orders across, gfp flags, whose names are long, down; the more time, the
 * stronger the colour. The table behind it has every row, also those without a place in the map.
 */
const HEAT_ROWS = 12;
const HEAT_COLUMNS = 12;
const HEAT_CELL = 34;
const HEAT_CELL_WIDTH = 110; /* at most */
const heat_steps = [
	[0, 'under 0.1 % of all time'],
	[0.001, '0.1 to 1 %'],
	[0.01, '1 to 10 %'],
	[0.1, '10 to 30 %'],
	[0.3, '30 % and more'],
];

function heat_class(ns, whole) {
	return `heat-${heat_steps.filter(([share]) => !share || (whole > 0 && ns >= share * whole)).length}`;
}

/* The values of a column with the most time, that first. */
function heaviest(rows, key, most_values) {
	const sums = new Map();

	for (const row of rows)
		sums.set(row[key], (sums.get(row[key]) || 0) + row.time_ns.total);
	return [...sums].sort((a, b) => b[1] - a[1]).slice(0, most_values).map(([value]) => value);
}

function heat_of(rows) {
	const known = rows.filter(row => row.order !== null && row.gfp !== null);
	const gfps = heaviest(known, 'gfp', HEAT_ROWS);
	const orders = heaviest(known, 'order', HEAT_COLUMNS).sort((a, b) => a - b);
	const cells = known.filter(row => gfps.includes(row.gfp) && orders.includes(row.order));
	const names = new Map(cells.map(row => [row.gfp, clean(row.names || row.gfp)]));

	return { cells, gfps, orders, names, left: known.length - cells.length };
}

function heat_tip(row, whole) {
	return `order ${row.order}, ${clean(row.names || row.gfp)}\n${count_of(row.count, 'episode')}\n` +
		`${ns_text(row.time_ns.total)}, ${percent_text(row.time_ns.total, whole)} of all time`;
}

/* On a phone the names stand above their cells. */
function heat_layout(map, width) {
	const narrow = width < 640, name = narrow ? 20 : 0;
	const left = narrow ? 0 : Math.max(320, width - map.orders.length * HEAT_CELL_WIDTH);

	return {
		narrow, left, name, head: 22, row: name + HEAT_CELL + 2,
		cell: Math.min(HEAT_CELL_WIDTH, (width - left) / map.orders.length),
		letters: Math.floor((narrow ? width : left - 10) / 7.4),
	};
}

/* Times where there is room for them. */
function heat_cell(map, at, row, whole) {
	const x = at.left + map.orders.indexOf(row.order) * at.cell;
	const y = at.head + map.gfps.indexOf(row.gfp) * at.row + at.name;

	return svg('g', null,
		rect(`fill-${heat_class(row.time_ns.total, whole)}`, x + 1, y, at.cell - 2, HEAT_CELL,
			heat_tip(row, whole)),
		at.cell < 62 ? null :
			label(x + at.cell / 2, y + 21, ns_text(row.time_ns.total), 'in-cell', 'middle'));
}

function heat_picture(map, whole, width) {
	const at = heat_layout(map, width);
	const middle = order => at.left + (map.orders.indexOf(order) + 0.5) * at.cell;

	return picture(width, at.head + map.gfps.length * at.row,
		map.orders.map(order => label(middle(order), 14,
			at.cell < 62 ? String(order) : `order ${order}`, null, 'middle')),
		map.gfps.map((gfp, nr) => label(0, at.head + nr * at.row + (at.narrow ? 14 : 21),
			cut(map.names.get(gfp) || clean(gfp), at.letters), 'plain')),
		svg('g', { 'data-marks': 'heat' },
			map.cells.map(row => heat_cell(map, at, row, whole))));
}

function heat_table(rows, whole) {
	return long_table('By order and gfp flags', [
		{ name: 'order', cell: row => key_text(row, row.order, `order ${row.order}`) },
		{ name: 'gfp flags', cell: row => row.gfp === null ? '' : flags(row.names || row.gfp) },
		count_column('episodes', 'count'),
		...time_columns(whole),
	], rows);
}

/* Summaries of older versions do not have it. */
function heat_part(place, summary) {
	const rows = (summary.by && summary.by.order_gfp) || [], map = heat_of(rows);
	const whole = summary.slowpath.time_ns && summary.slowpath.time_ns.total;

	if (!map.cells.length)
		return;
	place.append(note('Each order that was asked for with each gfp flags, by the time that it took. ' +
		'The numbers are in the table “By order and gfp flags”.' + (map.left ?
			` ${count_of(map.left, 'pair')} with little time ${map.left === 1 ? 'is' : 'are'} ` +
			'there alone.' : '')));
	chart(place, 'Time by order, across, and gfp flags, down; the table by order and gfp flags says ' +
		'the same', width => heat_picture(map, whole, width));
	place.append(legend(heat_steps.map(([, text], nr) => [`heat-${nr + 1}`, text])),
		...[heat_table(rows, whole)].flat());
}
