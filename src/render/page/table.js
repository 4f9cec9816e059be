/* Tables with names in their heads, which scroll by themselves where they are too wide. */
const ROWS_SHOWN = 12;
const ROWS_MAX = 1000;

/*
 * columns: [{ name, cell(row), number, optional }]; the first is the head of its row. A cell is a text
 * or an element.
 */
function cell_of(column, row, at) {
	const name = [column.number && 'number', column.optional && 'optional', column.name_of_class]
		.filter(Boolean).join(' ') || null;

	return at ? el('td', { class: name }, column.cell(row)) :
		el('th', { scope: 'row', class: name }, column.cell(row));
}

function table_of(title, columns, rows, name) {
	return el('div', { class: 'wide', role: 'region', 'aria-label': title, tabindex: 0 },
		el('table', { class: name },
			el('caption', null, title),
			el('thead', null, el('tr', null, columns.map(column => el('th', {
				scope: 'col',
				class: [column.number && 'number', column.optional && 'optional']
					.filter(Boolean).join(' ') || null,
			}, column.name)))),
			el('tbody', null, rows.map(row =>
				el('tr', null, columns.map((column, at) => cell_of(column, row, at)))))));
}

/* The first rows, and the others where they are asked for. */
function long_table(title, columns, rows) {
	const first = table_of(title, columns, rows.slice(0, ROWS_SHOWN));
	const rest = rows.slice(ROWS_SHOWN, ROWS_MAX), more = rows.length - ROWS_MAX;

	if (!rest.length)
		return first;
	return [first, opening(`${count_text(rest.length)} more`, () => [
		table_of(`${title}, continued`, columns, rest),
		more > 0 ? note(`And ${count_text(more)} more, which are in the JSON alone.`) : null,
	].filter(Boolean))];
}

/* A bar that stands in a cell. Its length is set by the object model, which the policy lets through. */
function share_bar(part, whole, stage) {
	const bar = el('span', { class: stage ? `fill-${stage_class(stage)}` : null });

	bar.style.width = whole > 0 ? `${Math.min(100, 100 * part / whole)}%` : '0';
	return bar;
}

/* Columns of all rows with time_ns. `whole`: what the bars are a share of. */
function time_columns(whole, stage_of) {
	const time = (key, name, optional) => ({
		name, number: true, optional,
		cell: row => row.time_ns ? ns_text(row.time_ns[key]) : NOT_KNOWN,
	});

	return [
		{ name: 'share of time', name_of_class: 'share', optional: true, cell: row =>
			share_bar(row.time_ns ? row.time_ns.total : 0, whole, stage_of && stage_of(row)) },
		time('total', 'total'),
		time('p50', 'p50', true),
		time('p90', 'p90', true),
		time('p99', 'p99', true),
		time('max', 'max'),
	];
}

function count_column(name, key) {
	return { name, number: true, cell: row => count_text(row[key]) };
}
