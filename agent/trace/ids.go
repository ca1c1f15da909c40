package trace

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"

	"go.opentelemetry.io/otel/propagation"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	otel "go.opentelemetry.io/otel/trace"
)

type idsKey struct{}

type leaseIDs struct {
	trace otel.TraceID
	span  otel.SpanID
}

// withIDs is the context in which the next root span gets the ids of a lease.
func withIDs(ctx context.Context, trace string, epoch int64) context.Context {
	tid, sid := idsOf(trace, epoch)
	return context.WithValue(ctx, idsKey{}, leaseIDs{tid, sid})
}

// idsOf are the ids of a lease's span. A trace id of the plugin's is one of OpenTelemetry's as it is; what another site sends is made one. The
// span's id follows from it, so that who delivers the result, in another process even, knows what it belongs to.
func idsOf(trace string, epoch int64) (otel.TraceID, otel.SpanID) {
	tid, err := otel.TraceIDFromHex(trace)
	sum := sha256.Sum256([]byte(trace))
	if err != nil {
		copy(tid[:], sum[:])
	}
	sum = sha256.Sum256(fmt.Appendf(nil, "%s %d", tid, epoch))
	var sid otel.SpanID
	copy(sid[:], sum[:])
	return tid, sid
}

// ids gives spans their ids: that of a lease is its own, all others are drawn.
type ids struct{}

var _ sdk.IDGenerator = ids{}

// NewIDs implements sdk.IDGenerator.
func (g ids) NewIDs(ctx context.Context) (tid otel.TraceID, sid otel.SpanID) {
	if l, ok := ctx.Value(idsKey{}).(leaseIDs); ok {
		return l.trace, l.span
	}
	_, _ = rand.Read(tid[:]) // never fails
	return tid, g.NewSpanID(ctx, tid)
}

// NewSpanID implements sdk.IDGenerator.
func (ids) NewSpanID(context.Context, otel.TraceID) (sid otel.SpanID) {
	_, _ = rand.Read(sid[:])
	return sid
}

// Header puts the W3C header of ctx's span into h, where there is one.
func Header(ctx context.Context, h http.Header) {
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(h))
}
