#!/usr/bin/env bash
# profile-agent.sh   make profile-agent: the mix without images with the agent under a profiler. RUNS (3). BEFORE: a folder that test/profileagent/build.sh of another
# checkout has filled, measured in turn with this one. Writes the section "CPU by part" of docs/benchmarks-pipeline.md (OUT).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
test/profileagent/build.sh build/profile
PARTS=profile PROFILED="${BEFORE:+$BEFORE/aidoc-agent,}build/profile/aidoc-agent" test/benchpipeline/bench-pipeline.sh
