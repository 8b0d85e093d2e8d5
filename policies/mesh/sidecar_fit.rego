package archcheck.rules.mesh.sidecar_fit

import data.archcheck.lib

# METADATA
# scope: document
# title: A sidecar has no bounds, or no place in the order of starting
# description: A sidecar shares the machine with its service. Without limits it takes what the service needs, and a proxy that starts after the service leaves its first calls without a way out.
# related_resources:
#   - https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
#   - https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# schemas: [{input: schema.service}]
# custom:
#   id: DSC-011
#   kind: misconfigured
#   severities:
#     medium: the service is killed, or starts without its proxy
#     low: it is slowed down
#   pattern: mesh/sidecar
#   subject: service
#   trade_offs: A limit that is too low stops or slows the sidecar, so measure what it uses before it is set.
#   waive_when: The platform sets the limits of every sidecar.
#   cleared_by: memory and cpu of each sidecar; starts_first = true of a proxy.
unbounded_sidecar contains {
	"verdict": "violation",
	"severity": bound_severity,
	"say": unbounded,
	"facts": {
		"leaky": lib.labels(addrs(leaky)), "late": lib.labels(addrs(late)), "greedy": lib.labels(addrs(greedy)),
		"copies": input.subject.replicas,
	},
	"evidence": addrs([c | some c in own; c in array.concat(leaky, array.concat(late, greedy))]),
	"fix": array.concat(
		[{"at": c.addr, "set": "memory", "value": starter(c).memory} | some c in leaky],
		array.concat(
			[{"at": c.addr, "set": "cpu", "value": starter(c).cpu} | some c in greedy],
			[{"at": c.addr, "set": "starts_first", "value": true} | some c in late],
		),
	),
} if {
	(count(leaky) + count(late)) + count(greedy) > 0
}

# A proxy beside a mesh's own is one too many, whatever its limits are: DSC-016 says so.
own := input.subject.containers if {
	count(input.subject.proxied_by) == 0
} else := [c | some c in input.subject.containers; object.get(c.purpose, "value", "") != "proxy"]

leaky := [c | some c in own; lib.absent(c.memory) == "violation"]

greedy := [c | some c in own; lib.absent(c.cpu) == "violation"]

late := [c |
	some c in own
	c.purpose.value == "proxy"
	lib.any_of([lib.absent(c.starts_first), lib.is(c.starts_first, false)]) == "violation"
]

addrs(cs) := [c.addr | some c in cs]

# What a small collector takes, and what a proxy takes for a thousand requests a second.
starter(c) := {"cpu": "200m", "memory": "128MiB"} if {
	c.purpose.value == "proxy"
} else := {"cpu": "50m", "memory": "64MiB"}

# A service that is slowed down goes on; one that is killed, or that starts without its proxy, fails requests.
default bound_severity := "medium"

bound_severity := "low" if count(leaky) + count(late) == 0

unbounded := "A leak in {leaky} takes the memory of {subject} with it: nothing limits what a sidecar beside each copy may use." if {
	count(leaky) > 0
} else := "First calls fail whenever a copy of {subject} starts: nothing says that its proxy {late} is ready before it." if {
	count(late) > 0
} else := "A busy {greedy} takes CPU from {subject}: nothing limits what a sidecar beside each copy may use."

# METADATA
# scope: document
# title: Sidecars cost as much as the service
# description: A sidecar is paid for once per copy of its service. Beside many small copies it is the larger part of the bill.
# related_resources: ["https://istio.io/latest/docs/ops/deployment/performance-and-scalability/"]
# schemas: [{input: schema.service}]
# custom:
#   id: DSC-012
#   kind: misconfigured
#   severity: low
#   pattern: mesh/sidecar
#   subject: service
#   trade_offs: An agent per node serves several services, so one of them can crowd out the others.
#   waive_when: The limits are far above what the sidecars use.
#   cleared_by: sidecars that may use less than half of what a copy has; fewer than 20 copies with a sidecar in the system.
dwarfing_sidecar contains {
	"verdict": v,
	"say": dwarfed,
	"facts": {
		"sidecars": lib.labels(addrs(input.subject.containers)), "cpu_share": input.subject.sidecar_cpu_share, "memory_share": input.subject.sidecar_memory_share,
		"cpu": input.subject.sidecar_cpu_total, "memory": input.subject.sidecar_memory_total, "copies": input.subject.replicas,
	},
	"evidence": addrs(input.subject.containers),
	"fix": [{"advise": sprintf("Run it once per node, as an agent or as the mesh's ambient mode, instead of beside each copy: %s.", [concat(", ", lib.labels(addrs(input.subject.containers)))])}],
} if {
	v := lib.all_of([
		lib.at_least(input.subject.system_sidecar_copies, 20),
		lib.any_of([lib.at_least(input.subject.sidecar_cpu_share, 0.5), lib.at_least(input.subject.sidecar_memory_share, 0.5)]),
	])
	v in {"violation", "risk"} # nobody is asked for the size of a container
}

default dwarfed := "What stands beside each copy of {subject} may take at least half of what the copy itself has: {sidecars}."

dwarfed := "{memory} of memory go to what stands beside the {copies} copies of {subject}, {memory_share} of what the copies themselves have: {sidecars}." if {
	input.subject.sidecar_memory_share.value >= 0.5
	input.subject.sidecar_memory_total.value
} else := "{cpu} go to what stands beside the {copies} copies of {subject}, {cpu_share} of what the copies themselves have: {sidecars}." if {
	input.subject.sidecar_cpu_share.value >= 0.5
	input.subject.sidecar_cpu_total.value
}

# METADATA
# scope: document
# title: A sidecar does what a library would do
# description: A sidecar pays off where many languages or many teams need the same. A few services in one language get it from a library, without a second container to run.
# related_resources: ["https://learn.microsoft.com/en-us/azure/architecture/patterns/sidecar"]
# schemas: [{input: schema.service}]
# custom:
#   id: DSC-014
#   kind: misuse
#   severity: low
#   pattern: mesh/sidecar
#   subject: service
#   trade_offs: The library is part of every release of the service.
#   waive_when: Services in other languages are about to join.
#   cleared_by: no sidecar for logging or configuration; four services or a second language; opaque = true.
library_enough contains {
	"verdict": v,
	"say": spare,
	"facts": {
		"sidecars": lib.labels(addrs(plain)), "services": input.subject.system_services, "language": input.subject.system_language,
		"memory": input.subject.sidecar_memory_total,
	},
	"evidence": addrs(plain),
	"fix": [{"advise": sprintf("Let a library of the service, or the platform's own collector, do the work, and remove the sidecar: %s.", [concat(", ", lib.labels(addrs(plain)))])}],
} if {
	count(plain) > 0
	input.subject.system_language.value
	not input.subject.opaque.value
	v := lib.at_most(input.subject.system_services, 3)
	lib.fires(v)
}

plain := [c | some c in input.subject.containers; c.purpose.value in {"logging", "config"}]

default spare := "Each copy of {subject} runs a second container for {sidecars} that has to be upgraded and watched: in a system of {services} services, all in {language}, a library does the same."

spare := "{memory} of memory and a second container for every copy of {subject} go to {sidecars}: in a system of {services} services, all in {language}, a library does the same." if {
	input.subject.sidecar_memory_total.value
}

# METADATA
# scope: document
# title: A sidecar has a life of its own
# description: A sidecar is released, restarted and scaled with its service. What needs its own number of copies, or keeps state, loses it with every copy of the service that goes.
# related_resources: ["https://learn.microsoft.com/en-us/azure/architecture/patterns/sidecar"]
# schemas: [{input: schema.service}]
# custom:
#   id: DSC-015
#   kind: misuse
#   severity: low
#   pattern: mesh/sidecar
#   subject: service
#   trade_offs: A service of its own is called over the network and has to be released and watched.
#   cleared_by: a service of its own; a sidecar without replicas and store; purpose = "cache".
independent_sidecar contains {
	"verdict": "violation",
	"say": apart,
	"facts": {"sidecars": lib.labels(addrs(independent)), "stores": lib.labels(kept)},
	"evidence": array.concat(addrs(independent), kept),
	"fix": [{"advise": sprintf("Make %s a service that %s calls.", [concat(" and ", lib.labels(addrs(independent))), lib.label(input.addr)])}],
} if {
	count(independent) > 0
}

independent := [c |
	some c in input.subject.containers
	object.get(c.purpose, "value", "") != "cache"
	lib.any_of([lib.present(c.replicas), lib.present(c.store)]) == "violation"
]

kept := [c.store.value | some c in independent]

apart := "What {sidecars} keeps in {stores} is tied to copies of {subject} that come and go with their load: this sidecar has state of its own." if {
	count(kept) > 0
} else := "The copies that {sidecars} needs cannot be run: as a sidecar there is one beside each copy of {subject}, as many as the load of {subject} asks for."

# METADATA
# scope: document
# title: Two proxies stand in one path
# description: A proxy of the service's own and the mesh's proxy both retry, time out and encrypt. Tries multiply, and the shorter limit wins without anybody seeing which it was.
# related_resources: ["https://istio.io/latest/docs/ops/deployment/architecture/"]
# schemas: [{input: schema.service}]
# custom:
#   id: DSC-016
#   kind: conflict
#   severity: medium
#   pattern: mesh/sidecar
#   subject: service
#   trade_offs: What the own proxy was configured to do has to be stated for the mesh.
#   waive_when: The own proxy speaks a protocol that the mesh passes through, such as that of a managed database.
#   cleared_by: one proxy; mode = "ambient" on the mesh; another purpose of the sidecar.
two_proxies contains {
	"verdict": "violation",
	"say": "Every request of {subject} passes two proxies, {proxies} and that of {meshes}: both retry, time out and encrypt the same bytes, so tries multiply and nobody sees whose limit ended a call.",
	"facts": {"proxies": lib.labels(addrs(proxies)), "meshes": lib.labels(input.subject.proxied_by)},
	"evidence": array.concat(addrs(proxies), input.subject.proxied_by),
	"fix": [{"advise": sprintf("Remove %s and state its limits in the policy of %s.", [concat(" and ", lib.labels(addrs(proxies))), concat(" and ", lib.labels(input.subject.proxied_by))])}],
	"alternatives": [[{"advise": sprintf("Take %s out of the members of %s.", [lib.label(input.addr), concat(" and ", lib.labels(input.subject.proxied_by))])}]],
} if {
	count(input.subject.proxied_by) > 0
	count(proxies) > 0
}

proxies := [c | some c in input.subject.containers; c.purpose.value == "proxy"]
