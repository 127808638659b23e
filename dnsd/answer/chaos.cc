#include "dnsd/answer/chaos.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "dnsd/snapshot/stored_record.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

struct ChaosName {
  std::string_view wire;  // lowercased
  std::string Identity::*text;
};

using namespace std::string_view_literals;
constexpr ChaosName names[] = {
    {"\2id\6server\0"sv, &Identity::id},
    {"\10hostname\4bind\0"sv, &Identity::id},
    {"\7version\6server\0"sv, &Identity::version},
    {"\7version\4bind\0"sv, &Identity::version},
};

}  // namespace

bool answer_chaos(const Query& query, const Identity& identity, MessageWriter& writer) {
  const Bytes asked = query.name.lowercase();
  const auto* name = std::find_if(std::begin(names), std::end(names), [&](const ChaosName& n) {
    return n.wire.size() == asked.size() && std::memcmp(n.wire.data(), asked.data(), asked.size()) == 0;
  });
  if (name == std::end(names) || (identity.*name->text).empty()) return false;
  if (query.type != rr_type::TXT && query.type != rr_type::ANY) return false;
  writer.set_authoritative();
  const std::string& text = identity.*name->text;
  std::array<uint8_t, stored_record::rdata_at + 256> record;
  const auto head = stored_record::head(rr_type::TXT, 0, 1 + text.size(), rr_class::CH);
  std::memcpy(record.data(), head.data(), head.size());
  record[head.size()] = static_cast<uint8_t>(text.size());
  std::memcpy(&record[head.size() + 1], text.data(), text.size());
  if (!writer.copy(Section::answer, Bytes(record).first(head.size() + 1 + text.size()), 1)) writer.set_truncated();
  return true;
}

}  // namespace dnsd
