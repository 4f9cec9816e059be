/* One of the slowest: what it went through on an axis of its own, and who else was stalled. */
const LANE = 20;
const OTHERS_SHOWN = 8;
const STEPS_SHOWN = 200;

const step_words = {
	stage: step => `enters ${words_of(step.stage)}`,
	attempt: step => `attempt (${words_of(step.label)}) ${step.page ? 'gets a page' : 'gets no page'}, ` +
		clean(step.names || step.alloc_flags),
	wake_kswapd: step => `wakes kswapd of node ${step.node}`,
	reclaimed: step => `reclaimed ${count_of(step.pages, 'page')}`,
	compacted: step => `compaction: ${words_of(step.result)}`,
	throttled: step => `slept ${ns_text(step.slept_ns)}, throttled`,
	drain: () => 'drains the per-CPU lists',
	unreserve: step => `gives back a highatomic reserve${step.force ? ', forced' : ''}`,
	victim: step => `the OOM killer chose pid ${step.pid}`,
	warn: () => 'warns of the failure',
	nested: step => `another episode inside, ${ns_text(step.nested_ns)}`,
};

function step_text(step) {
	return Object.hasOwn(step_words, step.what) ? step_words[step.what](step) : words_of(step.what);
}

/* Those that overlap it, of the ones that are listed. */
function others_of(episode, shown) {
	const end = episode.start_ns + episode.duration_ns;

	/* Times of two captures are on two clocks. */
	return shown.filter(other => other !== episode && other.origin === episode.origin &&
		other.start_ns < end && other.start_ns + other.duration_ns > episode.start_ns);
}

function stage_lane(view, episode) {
	return spans_of(episode).map(span => {
		const left = view.x(span.from), width = view.x(span.to) - left;
		const name = span.stage === null ? 'steps not kept' : words_of(span.stage);

		return [
			rect(`fill-${stage_class(span.stage)}`, left, view.y, Math.max(0.75, width), 20,
				`${name}, ${ns_text(span.to - span.from)}\n` +
				`from ${ns_text(span.from)} to ${ns_text(span.to)}`),
			width > name.length * 7 + 8 ?
				label(left + width / 2, view.y + 14, name, 'on', 'middle') : null,
		];
	});
}

function hole_lane(view, episode) {
	return episode.holes.map(hole => {
		const left = view.x(hole.at_ns);
		const right = Math.min(view.x(hole.at_ns + hole.duration_ns), view.right);

		return svg('path', {
			class: 'hole', d: `M${left.toFixed(1)} ${view.y + 4}v6H${right.toFixed(1)}v-6`,
			'data-tip': `no event for ${ns_text(hole.duration_ns)}` +
				(hole.lost ? ', then records were lost' : '') +
				(hole.run_ns ? `\n${run_text(hole.run_ns)}` : ''),
		});
	});
}

/* A nested episode is told when it is over. */
function step_mark(view, step) {
	const x = view.x(step.at_ns), tip = `at ${ns_text(step.at_ns)}: ${step_text(step)}`;

	if (step.what === 'nested') {
		const from = view.x(Math.max(0, step.at_ns - step.nested_ns));

		return rect('other', from, view.y + 5, Math.max(1, x - from), 8, tip);
	}
	return svg('circle', {
		class: step.what === 'attempt' && !step.page ? 'step-none' : 'step', cx: x.toFixed(1),
		cy: view.y + 9, r: 3, 'data-tip': tip,
	});
}

function steps_lane(kinds) {
	return (view, episode) => episode.steps.filter(step => kinds(step.what))
		.map(step => step_mark(view, step));
}

const lanes = [
	['stages', stage_lane, () => true],
	['no event', hole_lane, episode => episode.holes.length],
	['attempts', steps_lane(what => what === 'attempt'),
		episode => episode.steps.some(step => step.what === 'attempt')],
	['inside it', steps_lane(what => what === 'nested'),
		episode => episode.steps.some(step => step.what === 'nested')],
	['steps', steps_lane(what => !['stage', 'attempt', 'nested'].includes(what)),
		episode => episode.steps.some(step => !['stage', 'attempt', 'nested'].includes(step.what))],
];

function other_lane(view, episode, other) {
	const from = view.x(Math.max(0, other.start_ns - episode.start_ns));
	const end = other.start_ns + other.duration_ns - episode.start_ns;
	const to = view.x(Math.min(episode.duration_ns, end));

	return rect(`fill-${stage_class(worst_stage(other))}`, from, view.y + 5, Math.max(1.5, to - from), 8,
		`${who(other)}, ${ns_text(other.duration_ns)}\n${clean(other.path)}`);
}

function cut(text, most_letters) {
	return text.length > most_letters ? `${text.slice(0, most_letters - 1)}…` : text;
}

function episode_picture(episode, others, width) {
	const left = width < 640 ? 74 : 128, rows = lanes.filter(([, , has]) => has(episode));
	const x = linear(0, episode.duration_ns, left, width - 6), letters = width < 640 ? 10 : 18;
	const bottom = (rows.length + others.length) * (LANE + 4) + 4;
	const view = at => ({ x, y: at * (LANE + 4), right: width - 6 });

	return picture(width, bottom + 24,
		rows.map(([name, draw], at) => svg('g', { 'data-lane': name },
			label(0, view(at).y + 14, name), draw(view(at), episode))),
		others.map((other, at) => svg('g', { 'data-lane': 'other' },
			label(0, view(rows.length + at).y + 14, cut(who(other), letters)),
			other_lane(view(rows.length + at), episode, other))),
		rule(left, bottom, width, bottom, 'axis'),
		time_axis(x, bottom, episode.duration_ns, width));
}

function others_text(episode) {
	const others = episode.others;

	return others ? `${count_text(others.at_start)} when it began, ` +
		`${count_text(others.max)} at most` : NOT_KNOWN;
}

function episode_facts(summary, episode) {
	const start = episode.start_ns - window_start(summary);

	return facts([
		['gfp flags', flags(episode.gfp_names), episode.gfp === null ? '' : ` ${clean(episode.gfp)}`],
		['path', said(episode.path)],
		['why it ended', episode.outcome === 'in_flight' ? 'it had not, when the recording did' :
			exit_text({ ...episode, exit: episode.exit || 'unknown' })],
		summary.merged ? ['capture', said(episode.origin), `, on CPU ${episode.cpu}`] :
		['began', `${ns_text(Math.abs(start))} ${start < 0 ? 'before' : 'into'} the recording`,
			`, on CPU ${episode.cpu}`],
		['others stalled', others_text(episode)],
		['reclaimed', count_of(episode.reclaimed_pages, 'page')],
		['rounds begun anew', between_text(episode.retries)],
		episode.attempts === null ? null : ['attempts', `${count_text(episode.attempts)}, ` +
			`${count_text(episode.null_attempts)} without a page`],
		episode.nested_ns ? ['inside it', `other episodes for ${ns_text(episode.nested_ns)}, ` +
			`its own time is ${ns_text(episode.self_ns)}`] : null,
		['its task was', run_text(episode.run_ns)],
		episode.time_basis === 'exact' ? null : ['its duration is', episode.time_basis],
	]);
}

function steps_table(episode) {
	const shown = episode.steps.slice(0, STEPS_SHOWN), dropped = episode.steps_dropped;
	const left = episode.steps.length - shown.length + dropped;

	return [
		table_of('Steps', [
			{ name: 'since its start', cell: step => ns_text(step.at_ns) },
			{ name: 'what', cell: step => said(step_text(step)) },
		], shown),
		left ? note(`And ${count_of(left, 'step')} more, of which ${count_text(dropped)} ` +
			'were not kept.') : null,
	].filter(Boolean);
}

/* Where the capture has it. */
function stack_part(episode) {
	const text = stack_text(episode.stack, episode.stack_offsets);

	return text ? opening('Call stack', () =>
		el('pre', { tabindex: 0, 'aria-label': 'call stack' }, text)) : null;
}

function episode_inside(summary, episode, shown) {
	const others = others_of(episode, shown), listed = others.slice(0, OTHERS_SHOWN);
	const place = el('div');

	/* The width is known when the part that is opened is in the page. */
	queueMicrotask(() => chart(place, `Stages and steps of the episode of ${who(episode)}; ` +
		'the table of steps says the same', width => episode_picture(episode, listed, width)));
	return [
		place,
		others.length ? note('Of the episodes listed here ' +
			`${count_of(others.length, 'other')} overlapped it` +
			(others.length > listed.length ? `; ${listed.length} are drawn.` : '.')) : null,
		episode_facts(summary, episode),
		stack_part(episode),
		opening(`${count_of(episode.steps.length, 'step')}`, () => steps_table(episode)),
	].filter(Boolean);
}
