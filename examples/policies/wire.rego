package custom.wire

import data.archcheck.lib

# METADATA
# title: Payments is called over an unprotected wire
# description: Card data crosses this call.
# schemas: [{input: schema.call}]
# custom: {id: WIRE-001, severity: critical, subject: call, say: "{from} calls {to} over {protocol}, mTLS {mtls}."}
payments_wire contains {
	"verdict": v,
	"facts": {"protocol": input.subject.protocol, "mtls": input.subject.mtls},
	"fix": [{"set": "protocol", "value": "grpc"}],
} if {
	input.to.addr == "service.payments"
	v := lib.unless(lib.all_of([lib.is(input.subject.protocol, "grpc"), lib.is(input.subject.mtls, true)]))
	lib.fires(v)
}
