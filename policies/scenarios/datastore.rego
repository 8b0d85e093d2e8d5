# Scenarios that show in one datastore. A force has one value, a result without severity; its name is the scenario's id.

# METADATA
# scope: package
# schemas: [{input: schema.datastore}]
package archcheck.scenarios.datastore

import data.archcheck.lib

# SCN-06 Financial audit requirements, unless an audit log already meets them.
scn_06 := {
	"verdict": lib.is(input.subject.audit, "required"),
	"say": "{store} must keep an audit trail",
	"facts": {"store": lib.label(input.addr)},
} if {
	not input.subject.audit_log.value
}
