package custom.acme

# METADATA
# title: Service has no owner team
# description: Nobody answers when it fails at night.
# schemas: [{input: schema.service}]
# custom: {id: ACME-001, kind: missing, severity: medium, subject: service}
no_owner contains "Set team on this service" if not input.subject.team.value
