package archcheck.rules.system.capacity

import data.archcheck.lib

node := input.subject

# METADATA
# scope: document
# title: Not enough capacity
# description: Above its capacity a service queues without end; without room for the loss of a zone, the loss of one zone becomes the loss of all.
# related_resources: ["https://sre.google/sre-book/addressing-cascading-failures/"]
# schemas: [{input: schema.node}]
# custom:
#   id: SYS-008
#   kind: conflict
#   severities:
#     critical: the rate exceeds what all copies together can serve
#     high: it exceeds what is left after the loss of a zone, or all copies are 80 % busy
#     medium: what is left after the loss of a zone is 80 % busy
#   subject: node
#   trade_offs: Replicas cost money while nothing is wrong. Load shedding or a queue is the cheaper way where work can wait.
#   waive_when: The peak stated is a planning figure, and the waiver says when capacity follows.
#   cleared_by: replicas for a utilisation of 70 % and of 80 % after a zone loss, autoscaling that covers the survivors, less load
too_small contains {
	"verdict": v,
	"severity": severity,
	"say": message,
	"facts": {
		"rate": node.rate,
		"capacity": node.capacity,
		"use": node.utilisation,
		"after": node.utilisation_zone_loss,
		"replicas": node.replicas,
		"zones": node.zones,
		"needed": node.rec_replicas,
	},
	"asks": ["after", "use"],
	"fix": [{"set": "scale.replicas", "value": node.rec_replicas}],
} if {
	node.type in {"service", "gateway"}
	v := lib.any_of([
		lib.all_of([lib.at_least(node.utilisation, high), lib.unless(covered(node.utilisation_at_max, high))]),
		lib.all_of([lib.at_least(node.utilisation_zone_loss, high), lib.unless(covered(node.utilisation_zone_loss_at_max, high))]),
	])
	decidable(v, {node.rate, node.capacity})
}

# A question about two numbers is worth asking where somebody stated one of them: the other one decides then.
decidable(v, _) if v in {"violation", "risk", "unlikely"}

decidable("question", halves) if {
	some half in halves
	half.value > 0
}

high := input.system.params.utilisation_high

# Autoscaling covers it if at the highest number of replicas the load fits. Without autoscaling nothing does.
covered(at_max, limit) := "pass" if {
	at_max.state in {"absent", "none"}
} else := lib.below(at_max, limit)

severity := "critical" if {
	node.utilisation.value >= 1
} else := "high" if {
	node.utilisation_zone_loss.value >= 1
} else := "high" if {
	node.utilisation.value >= high
} else := "medium"

message := "{rate} meet a capacity of {capacity}: {subject} is {use} busy at peak and cannot keep up. {needed} replicas would." if {
	node.utilisation.value >= 1
} else := "{rate} on {replicas} replicas is {use} of what they can serve. After the loss of one of {zones} zones it is {after}. {needed} replicas would carry it." if {
	node.utilisation_zone_loss.value >= high
} else := "{rate} meet a capacity of {capacity}: {subject} is {use} busy at peak, and queues grow steeply from there. {needed} replicas would carry it."

# METADATA
# scope: document
# title: More connections than the database allows
# description: While new copies start before old ones stop, both hold their pools. The database refuses what is beyond its limit, and the new version fails to start.
# related_resources:
#   - https://www.postgresql.org/docs/current/runtime-config-connection.html
#   - https://github.com/brettwooldridge/HikariCP/wiki/About-Pool-Sizing
# schemas: [{input: schema.store}]
# custom:
#   id: SYS-009
#   kind: conflict
#   severity: high
#   subject: store
#   aliases: [DEP-007 doubled connections exceed the database]
#   trade_offs: A smaller pool makes requests wait at the caller instead of the database; a pooler adds a hop.
#   waive_when: The database's limit is raised before the next release, by a change that the waiver names.
#   cleared_by: smaller pools, a pooler (pgbouncer, rds-proxy), a higher max_connections
too_many_connections contains {
	"verdict": v,
	"facts": {
		"steady": node.connections,
		"surge": node.connections_at_surge,
		"usable": node.usable_connections,
		"limit": node.max_connections,
		"pool": node.rec_pool,
	},
	"asks": ["surge", "usable"],
	"evidence": [via | some u in node.users; some via in u.via],
	"fix": [{"at": via, "set": "pool", "value": node.rec_pool} |
		some u in node.users
		some via in u.via
		u.pool.value
	],
	"say": concat("", ["All callers together hold {steady} connections", released, ". {subject} allows {limit}, of which {usable} are for them and the rest is a reserve. A pool of {pool} a copy fits."]),
} if {
	lib.one_of(node.engine, {"pgbouncer", "rds-proxy"}) != "violation"
	v := lib.above(node.connections_at_surge, node.usable_connections)
	decidable(v, {node.max_connections} | {u.pool | some u in node.users})
}

default released := ""

released := ", and {surge} while they are released" if node.connections_at_surge.value > node.connections.value

# METADATA
# scope: document
# title: Overload that keeps itself alive
# description: A short failure makes callers retry; the retries alone exceed what the service can serve, so it stays down after the cause is gone.
# related_resources: ["https://www.usenix.org/conference/osdi22/presentation/huang-lexiang"]
# schemas: [{input: schema.node}]
# custom:
#   id: SYS-015
#   kind: conflict
#   severity: high
#   subject: node
#   trade_offs: A retry budget turns some failures that a retry would hide into errors; that is the price of recovering at all.
#   waive_when: A game day showed that the service recovers by itself under full retry load.
#   cleared_by: a retry budget or a breaker on the calls that retry, fewer attempts, a rate limit at the entry, more capacity
metastable contains {
	"verdict": v,
	"facts": {"use": node.utilisation, "load": node.stable_rate, "capacity": node.capacity, "rate": node.rate},
	"asks": ["capacity"],
	"evidence": [e.addr | some e in node.retry_edges],
	"fix": [{"at": e.addr, "set": "retry.budget", "value": "10%"} | some e in node.retry_edges; contains(e.addr, ".call.")],
	"alternatives": [[{"advise": "Break the circuit on these calls, or try once only at all but one of them."}]],
	"say": "At {use} busy {subject} is stable. After a blip its callers' retries offer {load} against a capacity of {capacity} and keep it down.",
} if {
	v := lib.all_of([
		lib.above(node.stable_rate, node.capacity),
		lib.below(node.rate, node.capacity),
	])
	decidable(v, {half | half := node.stable_rate; half.value > node.rate.value})
}

# METADATA
# scope: document
# title: Losing the cache overloads the store
# description: A cache that answers most reads hides how small the store behind it is. A restart of the cache sends everything there at once.
# related_resources: ["https://sre.google/sre-book/addressing-cascading-failures/"]
# schemas: [{input: schema.store}]
# custom:
#   id: SYS-017
#   kind: conflict
#   severity: high
#   subject: store
#   trade_offs: Limiting the miss path makes some reads fail while the cache warms up; without it all of them do.
#   waive_when: A test with an empty cache at peak load passed.
#   cleared_by: a bulkhead or rate limit on the miss path, a store that can serve it all, a warm standby of the cache
cache_loss contains {
	"verdict": v,
	"facts": {"cache": lost_cache, "rate": node.rate, "without": node.rate_without_caches, "capacity": node.total_capacity, "use": node.utilisation_without_caches},
	"asks": ["capacity", "without"],
	"evidence": [loss.call],
	"fix": [{"at": loss.call, "set": "rate_limit", "value": {"rps": loss.rec_rate_limit}} | loss.rec_rate_limit.value],
	"alternatives": [[{"advise": "Coalesce identical misses, and keep a warm standby of the cache."}]],
	"say": cache_message,
} if {
	loss := node.cache_losses[0]
	v := lib.all_of([
		lib.above(node.rate_without_caches, node.total_capacity),
		lib.unless(lib.is(node.miss_path_limited, true)),
		lib.above(loss.extra, 0),
	])
	lib.fires(v)
}

lost := node.cache_losses[0]

# A share of hits names no cache of its own.
lost_cache := sprintf("the cache of %s", [lib.label(lost.cache)]) if {
	not startswith(lost.cache, "datastore.")
} else := lost.cache

cache_message := "Without {cache}, {rate} become {without} on {subject}, which can serve {capacity}." if {
	node.rate.value
} else := "Without {cache}, {without} reach {subject}, which can serve {capacity}."
