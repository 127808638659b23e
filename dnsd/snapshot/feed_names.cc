#include "dnsd/snapshot/feed_names.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "dnsd/snapshot/compile.h"
#include "dnsd/snapshot/pages.h"
#include "dnsd/snapshot/stored_record.h"
#include "dnsd/snapshot/text_record.h"
#include "zones/rr_types.h"

namespace dnsd {
namespace {

constexpr uint32_t feed_record_ttl = 60;  // it follows the feed by so much

// Appends character-strings (RFC 1035 3.3) to a record in a buffer that has room for them.
class TextWriter {
 public:
  explicit TextWriter(uint8_t* at) : at_(at) {}

  void begin() { length_ = at_++; }
  void add(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
    *length_ = static_cast<uint8_t>(at_ - length_ - 1);
  }
  void add(const IpPrefix& prefix) {
    char text[INET6_ADDRSTRLEN + 4];
    const bool is_v4 = prefix.family() == Family::ipv4;
    ::inet_ntop(is_v4 ? AF_INET : AF_INET6, prefix.address().octets().data(), text, sizeof text);
    char* end = text + std::strlen(text);
    *end++ = '/';
    end = std::to_chars(end, text + sizeof text, prefix.length()).ptr;
    add({text, static_cast<size_t>(end - text)});
  }
  uint8_t* end() const { return at_; }

 private:
  uint8_t* at_;
  uint8_t* length_ = nullptr;
};

}  // namespace

std::optional<FeedNames> feed_names(const NameRule& rule) {
  if (rule.pinned.empty() || !rule.feed_names || rule.owner.view().is_wildcard()) return std::nullopt;
  const Result<Name> feed = name_below(rule.owner, "_ip-ranges"), next = name_below(rule.owner, "next"),
                     whoami = name_below(rule.owner, "whoami");
  if (!feed || !next || !whoami) return std::nullopt;
  return FeedNames{*feed, *next, *whoami};
}

std::vector<uint8_t> feed_record(const PublishedFeed& feed, const std::string& url) {
  std::vector<std::string> texts = {"serial=" + std::to_string(feed.serial), "sha256=" + feed.sha256};
  const std::string address = "url=" + url + "/ip-ranges.json";
  if (!url.empty() && address.size() <= 255) texts.push_back(address);
  return text_record(feed_record_ttl, texts);
}

PinnedAnswers next_answers(const PinnedAnswers& answers) {
  PinnedAnswers next = answers;
  for (size_t i = 0; i + 1 < next.periods.size(); ++i)
    for (size_t family = 0; family < 2; ++family)
      next.periods[i].records[family] = answers.periods[i + 1].records[family];
  return next;
}

Whoami::Whoami(std::vector<std::string> sets, std::vector<Row> rows, bool everybody, std::string others)
    : sets_(std::move(sets)), rows_(std::move(rows)), everybody_(everybody), others_(std::move(others)) {
  std::ranges::sort(rows_);
  for (const Row& row : rows_) lengths_[static_cast<size_t>(row.prefix.family())][row.prefix.length()] = true;
}

const Whoami::Row* Whoami::find(const IpAddress& address, unsigned bits) const {
  const auto& lengths = lengths_[static_cast<size_t>(address.family())];
  for (unsigned length = bits + 1; length-- > 0;) {
    if (!lengths[length]) continue;
    const IpPrefix prefix(address, length);
    const auto row = std::ranges::lower_bound(rows_, prefix, {}, &Row::prefix);
    if (row != rows_.end() && row->prefix == prefix) return &*row;
  }
  return nullptr;
}

// Names of sets have 63 octets at the most, so that all of it has room.
size_t Whoami::write(const IpAddress& address, unsigned bits, std::array<uint8_t, most_octets>& out) const {
  TextWriter text(out.data() + stored_record::rdata_at);
  const Row* row = find(address, bits);
  text.begin();
  if (row || everybody_) {
    text.add("set=");
    text.add(sets_[row ? row->set : 0]);
  } else {
    text.add(others_);
  }
  if (row) {
    text.begin();
    text.add("prefix=");
    text.add(row->prefix);
  }
  const auto size = static_cast<size_t>(text.end() - out.data());
  const auto head = stored_record::head(rr_type::TXT, 0, size - stored_record::rdata_at);
  std::ranges::copy(head, out.begin());
  return size;
}

}  // namespace dnsd
