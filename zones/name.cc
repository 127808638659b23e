#include "zones/name.h"

#include <cstring>

#include "base/text.h"

namespace dnsd {
namespace {

constexpr uint8_t root_wire[1] = {0};

// Where each label starts, in order; the root label is not among them.
struct LabelStarts {
  std::array<uint8_t, max_labels> at;
  size_t count = 0;

  explicit LabelStarts(NameView name) {
    for (size_t i = 0; name.data()[i] != 0; i += 1u + name.data()[i]) at[count++] = static_cast<uint8_t>(i);
  }
};

std::strong_ordering compare_labels(const uint8_t* a, const uint8_t* b) {
  const size_t common = std::min(a[0], b[0]);
  for (size_t i = 1; i <= common; ++i) {
    const uint8_t x = ascii_lower(a[i]), y = ascii_lower(b[i]);
    if (x != y) return x <=> y;
  }
  return a[0] <=> b[0];
}

// One escape after its backslash, \DDD or \X. Advances `at` beyond it; -1 where it is malformed.
int unescape(std::string_view text, size_t& at) {
  if (at >= text.size()) return -1;
  const auto digit = [&](size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1;
  };
  if (digit(at) < 0) return static_cast<uint8_t>(text[at++]);
  if (digit(at + 1) < 0 || digit(at + 2) < 0) return -1;
  const int value = digit(at) * 100 + digit(at + 1) * 10 + digit(at + 2);
  at += 3;
  return value <= 255 ? value : -1;
}

}  // namespace

NameView::NameView() : data_(root_wire), size_(1) {}

size_t NameView::label_count() const {
  size_t count = 0;
  for (size_t i = 0; data_[i] != 0; i += 1u + data_[i]) ++count;
  return count;
}

NameView NameView::parent() const {
  const size_t skip = 1u + data_[0];
  return NameView(Bytes(data_ + skip, size_ - skip));
}

NameView NameView::suffix(size_t labels) const {
  NameView name = *this;
  for (size_t count = label_count(); count > labels; --count) name = name.parent();
  return name;
}

bool NameView::is_at_or_below(NameView ancestor) const {
  if (ancestor.size_ > size_) return false;
  const size_t want = size_ - ancestor.size_;
  size_t at = 0;
  while (at < want) at += 1u + data_[at];
  return at == want && NameView(Bytes(data_ + at, ancestor.size_)) == ancestor;
}

bool NameView::operator==(NameView other) const {
  if (size_ != other.size_) return false;
  if (std::memcmp(data_, other.data_, size_) == 0) return true;
  for (size_t i = 0; i < size_; ++i)
    if (ascii_lower(data_[i]) != ascii_lower(other.data_[i])) return false;
  return true;
}

std::strong_ordering NameView::canonical_order(NameView other) const {
  // Most names that are compared are children of one parent.
  const size_t rest = size_ - 1u - data_[0], other_rest = other.size_ - 1u - other.data_[0];
  if (!is_root() && !other.is_root() && rest == other_rest &&
      std::memcmp(data_ + 1 + data_[0], other.data_ + 1 + other.data_[0], rest) == 0) {
    return compare_labels(data_, other.data_);
  }
  const LabelStarts a(*this), b(other);
  for (size_t i = a.count, j = b.count; i > 0 && j > 0;) {
    const auto order = compare_labels(data_ + a.at[--i], other.data_ + b.at[--j]);
    if (order != 0) return order;
  }
  return a.count <=> b.count;
}

Result<Name> Name::parse(std::string_view text, NameView origin) {
  Name name;
  if (Status done = name.assign(text, origin); !done) return done.failure();
  return name;
}

Status Name::assign(std::string_view text, NameView origin) {
  if (text == "@") return *this = Name(origin), Done{};
  if (text == ".") return *this = Name(), Done{};
  if (text.empty()) return Failure{"an empty name; write @ for the origin and . for the root"};
  size_t label = 0;  // position of the length octet of the label in hand
  size_t end = 1;    // octets used, that length octet included
  bool absolute = false;
  for (size_t at = 0; at < text.size();) {
    const size_t from = at;
    int octet = static_cast<uint8_t>(text[at++]);
    if (octet == '.') {
      if (end - label == 1) return Failure{"an empty label in '" + printable(text) + "'", from};
      octets_[label] = static_cast<uint8_t>(end - label - 1);
      label = end++;
      absolute = at == text.size();
      if (end > max_name_octets) return Failure{"a name of more than 255 octets", from};
      continue;
    }
    if (octet == '\\' && (octet = unescape(text, at)) < 0) return Failure{"a bad escape; write \\X or \\DDD", from};
    if (end - label > max_label_octets) return Failure{"a label of more than 63 octets", from};
    if (end >= max_name_octets) return Failure{"a name of more than 255 octets", from};
    octets_[end++] = static_cast<uint8_t>(octet);
  }
  if (absolute) {
    octets_[label] = 0;
    size_ = static_cast<uint8_t>(end);
    return Done{};
  }
  octets_[label] = static_cast<uint8_t>(end - label - 1);
  if (end + origin.size() > max_name_octets) return Failure{"a name of more than 255 octets with its origin"};
  std::memcpy(&octets_[end], origin.data(), origin.size());
  size_ = static_cast<uint8_t>(end + origin.size());
  return Done{};
}

void Name::lowercase() {
  for (size_t i = 0; i < size_; ++i) octets_[i] = ascii_lower(octets_[i]);
}

size_t wire_name_length(Bytes octets) {
  size_t at = 0;
  while (at < octets.size() && at < max_name_octets) {
    const size_t length = octets[at];
    if (length == 0) return at + 1;
    if (length > max_label_octets) return 0;
    at += 1 + length;
  }
  return 0;
}

std::string to_text(NameView name) {
  if (name.is_root()) return ".";
  std::string text;
  for (size_t i = 0; name.data()[i] != 0;) {
    const size_t length = name.data()[i++];
    for (const size_t end = i + length; i < end; ++i) {
      const uint8_t octet = name.data()[i];
      if (octet <= 0x20 || octet >= 0x7f) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\%03u", octet);
        text += escape;
      } else {
        if (std::strchr(".\\\"();@$", octet)) text += '\\';
        text += static_cast<char>(octet);
      }
    }
    text += '.';
  }
  return text;
}

}  // namespace dnsd
