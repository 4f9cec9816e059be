# For the tests that record on this very machine. Sourced; needs $BUILD.
tracefs=/sys/kernel/tracing
pagetrail=$(realpath $BUILD)/pagetrail
dir=$(mktemp -d)
failed=0
# shellcheck disable=SC2154
trap 'rm -rf "$dir"' EXIT

# ok NAME COMMAND...: one case; what the command says goes to the log when it fails.
ok() {
	name=$1
	shift
	if "$@" >"$dir/log" 2>&1; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		sed 's/^/# /' "$dir/log"
		failed=1
	fi
}

# Ends the test when this machine cannot record at all.
need_tracefs() {
	if [ "$(id -u)" -ne 0 ]; then
		echo "ok - $1 # SKIP needs root"
		exit 0
	fi
	if ! mkdir "$tracefs/instances/pagetrail_test" 2>/dev/null; then
		echo "ok - $1 # SKIP no tracefs instance can be made on this machine"
		exit 0
	fi
	rmdir "$tracefs/instances/pagetrail_test"
}

# Prints what a recorder must leave as it found it. Of recorders, only those that are dead: others
# may be at work on this machine at the same time.
kernel_state() {
	find "$tracefs/instances" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | while read -r name; do
		number=${name#pagetrail_}
		grep -qsx pagetrail "/proc/${number%%_*}/comm" || echo "$name"
	done
	cat "$tracefs/events/enable" "$tracefs/tracing_on" "$tracefs/trace_clock" \
		"$tracefs/buffer_size_kb" "$tracefs/set_event_pid"
	grep -v ':pagetrail_' "$tracefs/kprobe_events" 2>/dev/null
	true
}

# The state of $dir/before; with patience for what others leave behind for a moment.
same_state() {
	for _ in 1 2 3 4; do
		kernel_state | diff "$dir/before" - >"$dir/differs" && return 0
		sleep 1
	done
	cat "$dir/differs"
	return 1
}

# refused WORD COMMAND...: exits with 1 and one sentence on stderr that has the word.
refused() {
	word=$1
	shift
	"$@" >"$dir/out" 2>"$dir/err"
	status=$?
	cat "$dir/err"
	[ $status -eq 1 ] && [ "$(wc -l <"$dir/err")" -eq 1 ] && grep -q -- "$word" "$dir/err"
}

# Waits until a recorder has opened its window: its parts are there and hold pages, or 10 s.
wait_for() {
	tries=100
	while [ ! -e "$1.cpu0" ] && [ $tries -gt 0 ]; do
		sleep 0.1
		tries=$((tries - 1))
	done
	sleep 0.3
}
