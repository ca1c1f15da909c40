#!/usr/bin/env bash
# profile-agent.sh   make profile-agent: the measurement with the readers' own program beside it, as the agent has it. PROFILE_READER=own lets the agent's program read.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$PWD/build/profile; rm -rf "$work"; mkdir -p "$work"
link="-s -w -X $(go list -m)/extract/internal/child/wire.build=profile"
go test -c -tags profile,nodynamic -ldflags "$link" -o "$work/agent" ./test/profileagent
[ "${PROFILE_READER:-}" = own ] || go build -tags nodynamic -buildvcs=false -ldflags "$link" -o "$work/aidoc-reader" ./extract/reader
cd test/profileagent && "$work/agent" -test.v -test.run TestProfile
