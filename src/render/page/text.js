/* Numbers and hostile texts to what people read. */
const KNOWN_STAGES = ['entry', 'compact', 'reclaim', 'throttle', 'retry', 'oom'];
const STAGE_WORDS = {
	entry: 'first attempts on entry',
	compact: 'direct compaction',
	reclaim: 'direct reclaim',
	throttle: 'throttling',
	retry: 'deciding whether to retry',
	oom: 'the OOM killer',
};
const NOT_KNOWN = 'not known';
const TEXT_MAX = 2000;

const ns_units = [
	[1e9, 's'],
	[1e6, 'ms'],
	[1e3, 'µs'],
	[1, 'ns'],
];

/* Three significant digits, without an exponent. */
function three_digits(value) {
	if (value >= 100)
		return Math.round(value).toLocaleString('en-US');
	return value.toFixed(value >= 10 ? 1 : 2);
}

function minutes_text(seconds) {
	const whole = Math.round(seconds);
	const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;

	return hours ? `${count_text(hours)} h ${minutes} min` :
		`${minutes} min${whole % 60 ? ` ${whole % 60} s` : ''}`;
}

function ns_text(ns) {
	if (ns === null || ns === undefined)
		return NOT_KNOWN;
	if (ns >= 120e9)
		return minutes_text(ns / 1e9);
	if (ns < 1e3)
		return `${ns}\u00a0ns`;
	const [unit, name] = ns_units.find(([size]) => ns >= size);
	return `${three_digits(ns / unit)}\u00a0${name}`;
}

function count_text(count) {
	return count === null || count === undefined ? NOT_KNOWN : count.toLocaleString('en-US');
}

/* One noun, in its number. */
function count_of(count, one, many) {
	return `${count_text(count)} ${count === 1 ? one : many || `${one}s`}`;
}

function bytes_text(bytes) {
	const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
	let at = 0;

	for (; bytes >= 1024 && at < units.length - 1; at++)
		bytes /= 1024;
	return at ? `${three_digits(bytes)}\u00a0${units[at]}` : `${bytes}\u00a0B`;
}

function percent_text(part, whole) {
	if (!whole)
		return '–';
	const percent = 100 * part / whole;

	if (percent > 99 && percent < 100)
		return '>\u00a099\u00a0%';
	return part && percent < 1 ? '<\u00a01\u00a0%' : `${Math.round(percent)}\u00a0%`;
}

/* {min, max}; a max that is null has no end. */
function between_text(between) {
	if (!between)
		return NOT_KNOWN;
	if (between.max === null)
		return `at least ${count_text(between.min)}`;
	if (between.min === between.max)
		return count_text(between.min);
	return `${count_text(between.min)} to ${count_text(between.max)}`;
}

/* {count, min, max, certainty} */
function certain_text(count) {
	if (!count || count.certainty === 'unknown')
		return NOT_KNOWN;
	return between_text(count);
}

function hex_of(code, digits) {
	return code.toString(16).padStart(digits, '0');
}

/*
 * A text of the capture. Characters that cannot be seen, or that turn the text around them, are
 * written by number.
 */
function clean(text) {
	const cut = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;

	return cut
		.replace(/[\u0000-\u001f\u007f-\u009f]/g, c => `\\x${hex_of(c.charCodeAt(0), 2)}`)
		.replace(/[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
			c => `\\u${hex_of(c.charCodeAt(0), 4)}`);
}

/* The name of a class of charts.css. */
function stage_class(stage) {
	return KNOWN_STAGES.includes(stage) ? stage : 'other';
}

function words_of(name) {
	return clean(String(name)).replaceAll('_', ' ');
}

function joined(parts) {
	return parts.length < 2 ? parts.join('') :
		`${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
