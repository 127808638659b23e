#include "tools/zone_edit/verbs.h"

namespace dnsd {
namespace {

constexpr Verb table[] = {
    {"check", "Every defect in the data directory", setup_check},
    {"status", "What the running daemon serves, and what changes next", setup_status},
    {"reload", "Make the running daemon read its files again", setup_reload},
    {"record", "Records of a zone: list, add, set, remove", setup_record},
    {"pool", "Members of a pool: list, add, remove, drain, enable", setup_pool},
    {"pin", "Pinned sets: list, announce, retire, postpone, cancel, revoke, waive, client, import", setup_pin},
    {"ledger", "What was promised when: list, check, rebuild", setup_ledger},
    {"schedule", "Coming changes of all pinned sets", setup_schedule},
    {"explain", "What would be answered, and why", setup_explain},
    {"simulate", "What a pool's answers do to its members, and who would see an edit", setup_simulate},
    {"feed", "The feed of pinned addresses, as the daemon serves it", setup_feed},
};

}  // namespace

std::span<const Verb> verbs() { return table; }

}  // namespace dnsd
