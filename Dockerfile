# archcheck in an image that holds nothing else:
#   docker run --rm -v "$PWD:/system" archcheck plan /system
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /archcheck ./cmd/archcheck

FROM scratch
COPY --from=build /archcheck /archcheck
COPY LICENSE NOTICE /
USER 65534:65534
WORKDIR /system
ENTRYPOINT ["/archcheck"]
