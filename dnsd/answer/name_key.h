// A name on its way through a lookup: lowercased, with the places of its labels, so that any of its suffixes can be
// hashed and looked up at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "dnsd/snapshot/name_hash.h"
#include "zones/name.h"

namespace dnsd {

class NameKey {
 public:
  NameKey() = default;  // not a name until set()

  // Reads the uncompressed name at the start of `wire`. False where there is none (a compression pointer, a label
  // type other than 00, a name over 255 octets, or the end of `wire` before its root label).
  bool set(Bytes wire);

  size_t size() const { return size_; }
  size_t labels() const { return labels_; }
  Bytes lowercase() const { return {lower_.data(), size_}; }
  // The last `labels` labels, lowercased. Precondition: labels <= labels().
  Bytes suffix(size_t labels) const {
    const size_t at = label_at_[labels_ - labels];
    return {lower_.data() + at, size_ - at};
  }

 private:
  uint8_t size_;
  uint8_t labels_;
  std::array<uint8_t, max_labels + 1> label_at_;  // the last one is the root label's
  std::array<uint8_t, max_name_octets + 16> lower_;  // whole steps of lowercase_copy()
};

inline bool NameKey::set(Bytes wire) {
  const size_t end = std::min(wire.size(), max_name_octets);
  size_t at = 0;
  size_t labels = 0;
  for (;; ++labels) {
    if (at >= end) return false;
    const size_t length = wire[at];
    label_at_[labels] = static_cast<uint8_t>(at);
    if (length == 0) break;
    if (length > max_label_octets) return false;
    at += 1 + length;
  }
  size_ = static_cast<uint8_t>(at + 1);
  labels_ = static_cast<uint8_t>(labels);
  lowercase_copy(lower_.data(), wire, size_);
  return true;
}

}  // namespace dnsd
