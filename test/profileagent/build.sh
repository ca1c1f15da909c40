#!/usr/bin/env bash
# build.sh FOLDER   The agent under a profiler (test/profileagent/agent), with the readers' program beside it, as the agent has it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
link="-s -w -X $(go list -m)/extract/internal/child/wire.build=profile"
go build -tags nodynamic -buildvcs=false -ldflags "$link" -o "$1/aidoc-agent" ./test/profileagent/agent
go build -tags nodynamic -buildvcs=false -ldflags "$link" -o "$1/aidoc-reader" ./extract/reader
