# The image of every instance: one static binary, no shell, no root.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/shiken . && mkdir /out/data

# Certificates, time zones and the account 65532, nothing else.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/shiken /shiken
COPY --from=build --chown=65532:65532 /out/data /data
ENV SHIKEN_ADDR=0.0.0.0:8080 \
    SHIKEN_DATA=/data
USER 65532:65532
EXPOSE 8080
# Of the embedded shape; a cluster keeps nothing here.
VOLUME /data
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["/shiken", "healthcheck"]
ENTRYPOINT ["/shiken"]
