#!/usr/bin/env bash
# fuzz.sh   fuzz every parser of ours and the frame protocol for FUZZTIME each (default 2m), then the confined child
# with damaged copies of real files. A finding is kept by Go under testdata/fuzz and fails the run.
#   FUZZTIME=30s FUZZ_ONLY=rtf scripts/fuzz.sh      AIDOC_CORPUS=folder adds its files to what is damaged
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"
time=${FUZZTIME:-2m} only=${FUZZ_ONLY:-} failed=0 n=0

# The targets are what the sources declare, so that a new one is fuzzed without being named here.
while IFS=: read -r file line; do
	dir=./$(dirname "$file") target=$(sed -E 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/' <<<"$line")
	[[ $dir/$target == *"$only"* ]] || continue
	n=$((n + 1))
	# Minimising is bounded: left alone it can eat the whole time of a target.
	if out=$(go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 20x -parallel "${FUZZ_PARALLEL:-1}" "$dir" 2>&1); then
		execs=$(grep -o 'execs: [0-9]*' <<<"$out" | tail -1)
		note "$dir $target: $execs"
		# A seed of megabytes lets Go's fuzzer make nothing, which is no finding either.
		if ((${execs#execs: } < 10)); then note "$dir $target tried nothing: its seeds are too long"; failed=$((failed + 1)); fi
	else
		printf '%s\n' "$out"; failed=$((failed + 1))
	fi
done < <(git ls-files -co --exclude-standard -- '*_test.go' | xargs grep -H '^func Fuzz' | sort)

if [[ -z $only || $only == child ]]; then
	n=$((n + 1))
	AIDOC_FUZZ_SECONDS=${AIDOC_FUZZ_SECONDS:-300} go test -count 1 -timeout 12h -run '^TestMutatedFiles$' -v ./extract | grep -E 'mutants|FAIL|^ok|mutant ' || failed=$((failed + 1))
fi
[ $failed = 0 ] || die "fuzz: $failed of $n failed"
echo "fuzz: $n targets, no finding"
