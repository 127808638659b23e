// One edit of the records of one owner and type in a master file: gathers what to replace in the text and what this
// should come to, then does it and verifies. For zone_edit.cc alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "zones/zone_diff.h"
#include "zones/zone_edit.h"
#include "zones/zone_scan.h"

namespace dnsd {

struct Replacement {
  TextRange range;
  std::string text;
};

// RDATA as given, in both forms.
struct GivenRdata {
  std::string text;
  std::vector<uint8_t> wire;
};

// Call scan() first; then any number of changes, each of a record that is editable(); then finish().
class ZoneEdit {
 public:
  ZoneEdit(const MasterFile& file, NameView owner, uint16_t type) : file_(file), owner_(owner), type_(type) {}

  Status scan();
  std::vector<const StandingRecord*> rrset() const;
  Status editable(const StandingRecord& record) const;

  void add(const GivenRdata& rdata, std::optional<uint32_t> ttl);
  // Null: the RDATA stays.
  void change(const StandingRecord& record, const GivenRdata* rdata, uint32_t ttl);
  void remove(const StandingRecord& record);
  void change_serial(const StandingRecord& soa, uint32_t serial);
  Result<std::string> finish();
  std::string where(const StandingRecord& record) const;

 private:
  std::string rdata_for(const GivenRdata& rdata, NameView origin) const;
  void change_ttl(const StandingRecord& record, uint32_t ttl);
  void hand_on_owner(const StandingRecord& record);
  const StandingRecord* neighbour() const;
  std::string apply() const;
  Status verify(const std::string& text) const;

  const MasterFile& file_;
  NameView owner_;
  uint16_t type_;
  ZoneScan scan_;
  std::vector<LineOutline> outline_;
  std::vector<size_t> removed_lines_;  // their begins
  std::vector<Replacement> replacements_;
  bool last_line_ended_ = false;
  ZoneDiff want_;
};

}  // namespace dnsd
