#include "pinned_ips/feed/schema.h"

namespace dnsd {
namespace {

// Unknown keys are allowed everywhere: readers must live with keys that come later.
constexpr const char* schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Addresses that customers allow in their firewalls",
  "type": "object",
  "required": ["serial", "generated_at", "valid_until", "syncToken", "createDate", "policy", "entries", "changes",
               "sets"],
  "properties": {
    "$schema": {"type": "string"},
    "serial": {"type": "integer", "minimum": 1, "description": "rises by one with each change of the meaning"},
    "generated_at": {"$ref": "#/$defs/instant"},
    "valid_until": {"$ref": "#/$defs/instant_or_null", "description": "the next scheduled change"},
    "syncToken": {"type": "string", "pattern": "^[0-9]+$", "description": "generated_at in seconds since 1970"},
    "createDate": {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}){5}$"},
    "policy": {
      "type": "object",
      "description": "what holds for every set: the shortest times and the highest numbers of all",
      "required": ["notice_hours", "max_age_seconds", "quarantine_days", "max_entries", "retention_days",
                   "shortest_notice_hours_ever", "waivers_ever", "revocations_ever"],
      "properties": {
        "notice_hours": {
          "type": "integer",
          "minimum": 0,
          "description": "every change is announced at least so long before"
        },
        "max_age_seconds": {"type": "integer", "minimum": 0, "description": "ask again after this"},
        "quarantine_days": {"type": "integer", "minimum": 0},
        "max_entries": {"$ref": "#/$defs/max_entries"},
        "retention_days": {"type": "integer", "minimum": 0, "description": "so long an entry is listed after its end"},
        "shortest_notice_hours_ever": {
          "type": ["integer", "null"],
          "minimum": 0,
          "description": "between an announcement and the entry being enabled; null before the first"
        },
        "waivers_ever": {"type": "integer", "minimum": 0, "description": "entries enabled without the whole notice"},
        "revocations_ever": {"type": "integer", "minimum": 0, "description": "entries lost or hijacked"}
      }
    },
    "entries": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/entry"}},
    "changes": {"type": "array", "items": {"$ref": "#/$defs/change"}},
    "sets": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/set"}}
  },
  "$defs": {
    "date": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "date_or_null": {"anyOf": [{"$ref": "#/$defs/date"}, {"type": "null"}]},
    "instant": {
      "type": "string",
      "format": "date-time",
      "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
    },
    "instant_or_null": {"anyOf": [{"$ref": "#/$defs/instant"}, {"type": "null"}]},
    "max_entries": {
      "type": "object",
      "description": "of a set: what a firewall must have room for",
      "required": ["ipv4", "ipv6"],
      "properties": {"ipv4": {"type": "integer", "minimum": 0}, "ipv6": {"type": "integer", "minimum": 0}}
    },
    "set": {
      "type": "object",
      "required": ["name", "notice_hours", "quarantine_days", "retention_days", "max_entries", "waivers_allowed",
                   "policy_changes"],
      "properties": {
        "name": {"type": "string", "minLength": 1},
        "notice_hours": {"type": "integer", "minimum": 0},
        "quarantine_days": {"type": "integer", "minimum": 0},
        "retention_days": {"type": "integer", "minimum": 0},
        "max_entries": {"$ref": "#/$defs/max_entries"},
        "waivers_allowed": {"type": "boolean", "description": "in an emergency an entry may come without notice"},
        "policy_changes": {
          "type": "array",
          "description": "what is to come",
          "items": {"$ref": "#/$defs/policy_change"}
        }
      }
    },
    "policy_change": {
      "type": "object",
      "required": ["effective_at", "notice_hours", "quarantine_days", "retention_days", "max_entries",
                   "waivers_allowed"],
      "properties": {
        "effective_at": {"$ref": "#/$defs/instant"},
        "notice_hours": {"type": "integer", "minimum": 0},
        "quarantine_days": {"type": "integer", "minimum": 0},
        "retention_days": {"type": "integer", "minimum": 0},
        "max_entries": {"$ref": "#/$defs/max_entries"},
        "waivers_allowed": {"type": "boolean"}
      }
    },
    "entry": {
      "type": "object",
      "required": ["cidr", "class", "published", "enabled", "retired", "facility", "set", "id", "state",
                   "published_at", "enabled_at", "last_answer_at", "retired_at", "genesis", "notice_waived"],
      "properties": {
        "cidr": {"type": "string", "pattern": "^[0-9a-f.:]+/[0-9]{1,3}$"},
        "class": {"enum": ["ipv4", "ipv6"]},
        "published": {"$ref": "#/$defs/date"},
        "enabled": {"$ref": "#/$defs/date", "description": "not answered before this day"},
        "retired": {"$ref": "#/$defs/date_or_null", "description": "in no cache from this day on"},
        "facility": {"type": "string"},
        "set": {"type": "string"},
        "id": {"type": "string"},
        "state": {
          "enum": ["announced", "standby", "active", "draining", "retired", "quarantined", "cancelled", "revoked"]
        },
        "published_at": {"$ref": "#/$defs/instant"},
        "enabled_at": {"$ref": "#/$defs/instant"},
        "last_answer_at": {"$ref": "#/$defs/instant_or_null"},
        "retired_at": {
          "$ref": "#/$defs/instant_or_null",
          "description": "when its host may be gone, or it was cancelled or revoked"
        },
        "genesis": {"type": "boolean", "description": "stood there before the ledger began"},
        "notice_waived": {"type": "boolean", "description": "enabled without the whole notice"},
        "reason": {"type": "string", "minLength": 1}
      }
    },
    "change": {
      "type": "object",
      "required": ["entry", "change", "at", "effective_at"],
      "properties": {
        "entry": {"type": "string", "description": "the id of an entry"},
        "change": {
          "type": "string",
          "examples": ["announced", "rescheduled", "retiring", "cancelled", "revoked", "waived"]
        },
        "at": {"$ref": "#/$defs/instant", "description": "when the feed first said so"},
        "effective_at": {"$ref": "#/$defs/instant", "description": "when it happens"}
      }
    }
  }
}
)";

}  // namespace

std::optional<std::string> feed_schema(const FeedView&) { return std::string(schema); }

}  // namespace dnsd
