# syntax=docker/dockerfile:1
# The agent in a container: no open port, no root, everything it keeps below /var/lib/aidoc.
#   docker build --build-arg TESSERACT_LANGS="eng deu" -t aidoc-agent .
#   docker run --rm -v aidoc:/var/lib/aidoc aidoc-agent join https://www.example.org aidoc1.…
#   docker run -d --restart on-failure --init --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     -v aidoc:/var/lib/aidoc aidoc-agent
# Base images by digest. These two are the ones that many public repositories pin for these tags; scripts/pin-images.sh asks the
# registry itself and writes what it says, --strict refuses to release an image without a digest.
ARG BUILD_IMAGE=golang:1.26.9-bookworm@sha256:d9c68c2c51161e12fd77e4c6320687c9cd86e1af1e3ad6e6cd63ff970641453c
ARG RUN_IMAGE=debian:bookworm-20261005-slim@sha256:7c7b2c966bc9ee8cedfeef67e0e279108992c77681fa595db4a9d65c06ccc587

FROM ${BUILD_IMAGE} AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ pkg-config libtesseract-dev libleptonica-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The toolchain that go.mod names, where it is newer than the image's; Go checks it against the checksum database.
ARG GOTOOLCHAIN=auto
ENV GOTOOLCHAIN=${GOTOOLCHAIN}
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
# Empty: the number in the file VERSION, with -dev.
ARG VERSION=
# --exclude-libs: MuPDF's static libjpeg must not stand in for leptonica's shared one.
ENV CGO_ENABLED=1 CGO_LDFLAGS="-O2 -g -Wl,--exclude-libs,ALL"
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    scripts/build.sh --release /out "${VERSION}"

FROM ${RUN_IMAGE}
ARG TESSERACT_LANGS="eng deu fra"
# libtesseract5 and its leptonica are named by what needs them: the package names carry a suffix from trixie on.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tzdata tesseract-ocr tesseract-ocr-osd \
      $(for l in ${TESSERACT_LANGS}; do printf 'tesseract-ocr-%s ' "$(echo "$l" | tr '_' '-')"; done) \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 aidoc \
 && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/aidoc --shell /usr/sbin/nologin aidoc \
 && install -d -o aidoc -g aidoc -m 0700 /var/lib/aidoc
COPY --from=build /out/aidoc-agent /out/aidoc-reader /usr/local/bin/
COPY --from=build /src/LICENSE /usr/share/doc/aidoc-agent/LICENSE

# By number, so that runAsNonRoot can be checked without reading /etc/passwd.
USER 10001:10001
VOLUME /var/lib/aidoc
WORKDIR /var/lib/aidoc
ENV AIDOC_DATA_DIR=/var/lib/aidoc OMP_THREAD_LIMIT=1
STOPSIGNAL SIGTERM
# Whether the agent lives, whatever its disk or its sites do; asked by a socket in its data folder, no port is involved.
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s --retries=3 CMD ["aidoc-agent", "health"]
ENTRYPOINT ["aidoc-agent"]
CMD ["run"]
