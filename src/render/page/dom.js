/* Elements. Texts become text nodes, never markup. */
const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
	for (const [name, value] of Object.entries(attributes || {}))
		if (value !== null && value !== undefined && value !== false)
			node.setAttribute(name, value === true ? '' : value);
	node.append(...children.flat(Infinity)
		.filter(child => child !== null && child !== undefined));
	return node;
}

function el(name, attributes, ...children) {
	return fill(document.createElement(name), attributes, children);
}

function svg(name, attributes, ...children) {
	return fill(document.createElementNS(SVG, name), attributes, children);
}

/* Lines may break after what matches; a clean text has no newline. */
function breaking(text, after) {
	return text.replace(after, '$&\n').split('\n')
		.map((part, at) => at ? [el('wbr'), part] : part);
}

/* A text of the capture; its direction stays its own. */
function said(text) {
	return el('bdi', null, text === null || text === undefined ? NOT_KNOWN :
		breaking(clean(text), /[^_]_(?=[^_])/g));
}

/* Flags as the kernel prints them. */
function flags(text) {
	return el('bdi', { class: 'mono' },
		text === null || text === undefined ? NOT_KNOWN : breaking(clean(text), /\|/g));
}

function note(...children) {
	return el('p', { class: 'note' }, children);
}

function facts(rows) {
	return el('dl', { class: 'facts' }, rows.filter(row => row).map(([name, ...value]) =>
		[el('dt', null, name), el('dd', null, value)]));
}

/* What opens. `make` is called when it first does. */
function opening(title, make, attributes) {
	const inside = el('div', { class: 'inside' });
	const node = el('details', attributes, el('summary', null, title), inside);
	const open = () => node.open && !inside.firstChild && inside.append(...[make()].flat());

	node.addEventListener('toggle', open);
	open();
	return node;
}

function legend(rows) {
	return el('ul', { class: 'legend' }, rows.map(([name, text]) =>
		el('li', null, el('i', { class: `fill-${name}` }), text)));
}

function stage_legend(stages) {
	return legend(stages.map(stage => [stage_class(stage), stage]));
}
