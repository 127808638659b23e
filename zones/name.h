// Domain names in wire form (RFC 1035 3.1): labels of a length octet and 1 to 63 octets, ended by the root label 0.
//
//   03 'w' 'w' 'w' 07 'e' 'x' 'a' 'm' 'p' 'l' 'e' 00        www.example.
//
// At most 255 octets in all. Names keep the case they were given; comparison ignores ASCII case (RFC 4343). Since
// length octets are at most 63, below 'A', a whole wire name can be lowercased octet by octet.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace dnsd {

constexpr size_t max_name_octets = 255;
constexpr size_t max_label_octets = 63;
constexpr size_t max_labels = 127;  // without the root label

// A well-formed, uncompressed wire name that somebody else owns. Pass by value.
class NameView {
 public:
  NameView();  // the root
  // Precondition: `wire` is one well-formed name and nothing more (see wire_name_length).
  explicit NameView(Bytes wire) : data_(wire.data()), size_(static_cast<uint8_t>(wire.size())) {}

  Bytes wire() const { return {data_, size_}; }
  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }  // octets, the root label included
  bool is_root() const { return size_ == 1; }
  bool is_wildcard() const { return size_ > 2 && data_[0] == 1 && data_[1] == '*'; }
  size_t label_count() const;  // without the root label: 2 for www.example.
  // The name without its first label. Precondition: !is_root().
  NameView parent() const;
  // The last `labels` labels. Precondition: labels <= label_count().
  NameView suffix(size_t labels) const;
  bool is_at_or_below(NameView ancestor) const;
  bool operator==(NameView other) const;
  // Canonical order, RFC 4034 6.1: by labels from the right, lowercased, as unsigned octets.
  std::strong_ordering canonical_order(NameView other) const;

 private:
  const uint8_t* data_;
  uint8_t size_;
};

// A name that owns its octets; 256 octets, no allocation.
class Name {
 public:
  Name() = default;  // the root
  explicit Name(NameView view) : size_(static_cast<uint8_t>(view.size())) {
    std::copy(view.data(), view.data() + view.size(), octets_.begin());
  }
  // Presentation format with \X and \DDD escapes; relative to `origin` unless it ends in a dot; "@" is the origin.
  // A failure says what is wrong (empty label, label or name too long, bad escape) and where.
  static Result<Name> parse(std::string_view text, NameView origin = NameView());
  // The same into this name, without a copy of 256 octets. After a failure it is any name.
  Status assign(std::string_view text, NameView origin);

  NameView view() const { return NameView(Bytes(octets_.data(), size_)); }
  operator NameView() const { return view(); }
  size_t size() const { return size_; }
  void lowercase();

 private:
  std::array<uint8_t, max_name_octets> octets_{};
  uint8_t size_ = 1;
};

// Canonical order as a strict weak order, for maps and sorting.
struct CanonicalLess {
  using is_transparent = void;
  bool operator()(NameView a, NameView b) const { return a.canonical_order(b) < 0; }
};

// Octets of the uncompressed name at the start of `octets`; 0 where there is no well-formed one.
size_t wire_name_length(Bytes octets);

// With the final dot; octets that are no printable ASCII as \DDD, and . \ " ( ) ; @ $ and space escaped.
std::string to_text(NameView name);

}  // namespace dnsd
