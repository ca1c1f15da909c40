#!/usr/bin/env bash
# test-deb.sh   the Debian package of bin/aidoc-agent installed, upgraded, removed and purged, in a throwaway copy of this machine (an overlay in a
# mount namespace; nothing of it is left). It needs root or a user namespace that may mount, else it says so and passes.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$ROOT"

if [ "${1:-}" != --inside ]; then
	have dpkg-deb || { note 'this is no Debian machine: the package is not tried'; exit 0; }
	work=$(mktemp -d "${TMPDIR:-/tmp}/aidoc-deb-test.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	for v in 0.1.0 0.2.0; do SOURCE_DATE_EPOCH=1700000000 scripts/deb.sh bin "$v" . "$work/$v" 2>/dev/null; done
	user=(); [ "$(id -u)" = 0 ] || user=(--map-root-user)
	if ! unshare "${user[@]}" --mount true 2>/dev/null; then note 'neither root nor a user namespace: the package is not tried'; exit 0; fi
	unshare "${user[@]}" --mount --pid --fork "$0" --inside "$work"
	exit
fi

work=$2
mount -t tmpfs -o size=1g tmpfs /mnt
mkdir -p /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root 2>/dev/null || { note 'no overlay can be mounted here: the package is not tried'; exit 0; }
mount -t proc proc /mnt/root/proc
mkdir -p "/mnt/root$work"; cp -r "$work"/0.* "/mnt/root$work/"
inside() { chroot /mnt/root "$@"; }
install_deb() { inside env DEBIAN_FRONTEND=noninteractive dpkg -i "$work/$1/aidoc-agent_$1_$(dpkg --print-architecture).deb" >"/mnt/root$work/dpkg.log" 2>&1 || { cat "/mnt/root$work/dpkg.log"; die "dpkg does not install $1."; }; }
as_agent() { inside setpriv --reuid aidoc-agent --regid aidoc-agent --clear-groups env -i PATH=/usr/bin:/bin "$@"; }

# What doctor says of the readers; it exits with the code of what else is missing.
readers_of_the_package() { as_agent aidoc-agent --data-dir /var/lib/aidoc-agent doctor --json 2>/dev/null | jq -c '.findings[] | select(.check == "readers") | {check, state, text}'; [ "${PIPESTATUS[1]}" = 0 ]; }

install_deb 0.1.0
[ "$(inside stat -c '%U:%G %a' /var/lib/aidoc-agent)" = 'aidoc-agent:aidoc-agent 700' ] || die "the state folder is not the agent's alone."
inside getent passwd aidoc-agent | grep -q nologin || die 'the account can log in.'
# says WORD COMMAND…   the command succeeds and its output, all of which is read, has the word.
says() { local word=$1 out; shift; out=$("$@" 2>&1) || { printf 'exit %s: %s\n' "$?" "$out" >&2; return 1; }; case $out in *"$word"*) ;; *) printf '%s\n' "$out" >&2; return 1 ;; esac; }
says aidoc-agent as_agent aidoc-agent version || die 'the installed agent does not run.'
says /etc/aidoc-agent/agent.yaml as_agent aidoc-agent --data-dir /var/lib/aidoc-agent config check || die 'the agent does not read its configuration.'
says '"check":"readers","state":"ok","text":"/usr/bin/aidoc-reader"' readers_of_the_package || die 'documents are not read by the program for it.'
grep -q 'aidoc-agent join https://www.example.org -$' "/mnt/root$work/dpkg.log" || die 'nobody is told to join.'
if have systemd-analyze; then
	inside systemd-analyze verify --man=no /usr/lib/systemd/system/aidoc-agent.service >"$work/verify" 2>&1 || true
	if grep aidoc-agent.service "$work/verify"; then die 'systemd finds fault with the unit.'; fi
	# In tenths: 1.5 of 10, where 10 is a service without any confinement.
	systemd-analyze security --offline=true --threshold=15 --no-pager configs/systemd/aidoc-agent.service >"$work/exposure" 2>&1 || { tail -n 1 "$work/exposure" >&2; die 'the unit is more exposed than 1.5 (systemd-analyze security).'; }
	note "exposure: $(sed -n 's/.*Overall exposure level.*: \([0-9.]*\).*/\1/p' "$work/exposure")"
fi
inside sh -c 'echo key >/var/lib/aidoc-agent/kept && echo "log: {level: warn}" >>/etc/aidoc-agent/agent.yaml'
install_deb 0.2.0
if ! inside test -f /var/lib/aidoc-agent/kept || ! inside grep -q warn /etc/aidoc-agent/agent.yaml; then die 'an upgrade lost state or settings.'; fi
install_deb 0.1.0
inside dpkg -r aidoc-agent >/dev/null 2>&1
inside test -f /var/lib/aidoc-agent/kept || die 'removing the package removed the keys.'
inside dpkg -P aidoc-agent >/dev/null 2>&1
! inside test -e /var/lib/aidoc-agent || die 'purging the package left the keys.'
note 'installed, upgraded, rolled back, removed and purged'
