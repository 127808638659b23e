#include "zones/zone_edit_plan.h"

#include <algorithm>

#include "zones/rdata_text.h"
#include "zones/rr_types.h"
#include "zones/zone_edit_layout.h"

namespace dnsd {
namespace {

std::string_view slice(std::string_view text, TextRange range) {
  return text.substr(range.begin, range.end - range.begin);
}

}  // namespace

Status ZoneEdit::scan() {
  Result<ZoneScan> scan = scan_zone(file_.text, file_.options, file_.open, owner_);
  if (!scan) return Failure{"the master file has a defect: " + scan.failure().message};
  scan_ = std::move(*scan);
  if (owner_.is_at_or_below(file_.options.origin)) return Done{};
  return Failure{to_text(owner_) + " is not in the zone " + to_text(file_.options.origin.view())};
}

std::vector<const StandingRecord*> ZoneEdit::rrset() const {
  std::vector<const StandingRecord*> records;
  for (const StandingRecord& r : scan_.standing)
    if (r.type == type_) records.push_back(&r);
  return records;
}

std::string ZoneEdit::where(const StandingRecord& record) const {
  return scan_.zone->files()[record.place.file] + ":" + std::to_string(record.place.line);
}

Status ZoneEdit::editable(const StandingRecord& record) const {
  const std::string what = "the " + type_text(record.type) + " of " + to_text(owner_);
  if (record.generated)
    return Failure{what + " is made by $GENERATE in " + where(record) + "; edit that line by hand"};
  if (record.place.file != 0)
    return Failure{what + " comes by $INCLUDE from " + where(record) + "; edit that file by hand"};
  return Done{};
}

// The operator's own words where they mean the same under the $ORIGIN of the place, absolute names otherwise.
std::string ZoneEdit::rdata_for(const GivenRdata& rdata, NameView origin) const {
  const auto there = rdata_from_text(type_, rdata.text, origin);
  const bool plain = rdata.text.find_first_of("();\n\r") == std::string::npos;
  return plain && there && *there == rdata.wire ? rdata.text : rdata_to_text(type_, rdata.wire);
}

// The record that a new one is put behind.
const StandingRecord* ZoneEdit::neighbour() const {
  const StandingRecord* best = nullptr;
  for (const StandingRecord& r : scan_.standing)
    if (r.layout && (!best || r.type == type_ || best->type != type_)) best = &r;
  return best;
}

void ZoneEdit::add(const GivenRdata& rdata, std::optional<uint32_t> ttl) {
  const StandingRecord* near = neighbour();
  const RecordLayout* model = near ? &*near->layout : scan_.last_layout ? &*scan_.last_layout : nullptr;
  const Name origin = near ? near->origin : scan_.last_origin;
  const uint32_t inherited = near ? near->inherited_ttl : scan_.last_ttl;
  const uint32_t wanted = ttl.value_or(inherited);
  LineFields fields{"", "", type_text(type_), rdata_for(rdata, origin)};
  if (!near) {
    fields.owner = relative_text(owner_, origin);
  } else if (!near->layout->blank_owner) {
    fields.owner = slice(file_.text, near->layout->owner);
  }
  if (near && near->type == type_ && near->layout->ttl.end > 0 && near->ttl == wanted) {
    fields.ttl = slice(file_.text, near->layout->ttl);
  } else if (wanted != inherited) {
    fields.ttl = std::to_string(wanted);
  }
  const size_t at = near ? near->layout->line.end : file_.text.size();
  std::string line = line_like(file_.text, model, fields);
  if (at > 0 && file_.text[at - 1] != '\n' && !last_line_ended_) {
    line.insert(0, "\n");
    last_line_ended_ = true;
  }
  replacements_.push_back({{at, at}, std::move(line)});
  want_.added.push_back(record_key(owner_, type_, wanted, rdata.wire));
}

void ZoneEdit::change(const StandingRecord& record, const GivenRdata* rdata, uint32_t ttl) {
  const RecordLayout& layout = *record.layout;
  if (!rdata && ttl == record.ttl) return;
  want_.removed.push_back(record_key(owner_, type_, record.ttl, record.rdata));
  want_.added.push_back(record_key(owner_, type_, ttl, rdata ? rdata->wire : record.rdata));
  if (rdata && layout.has_parentheses) {
    // What is inside the parentheses, and where they are, the new RDATA cannot follow: the record gets one line.
    LineFields fields{std::string(slice(file_.text, layout.owner)), std::string(slice(file_.text, layout.ttl)),
                      type_text(type_), rdata_for(*rdata, record.origin)};
    if (ttl != record.ttl) fields.ttl = std::to_string(ttl);
    replacements_.push_back({layout.line, line_like(file_.text, &layout, fields)});
    return;
  }
  if (ttl != record.ttl) change_ttl(record, ttl);
  if (!rdata) return;
  const std::string text = rdata_for(*rdata, record.origin);
  replacements_.push_back({layout.rdata, layout.rdata_tokens.empty() ? " " + text : text});
}

void ZoneEdit::change_ttl(const StandingRecord& record, uint32_t ttl) {
  const RecordLayout& layout = *record.layout;
  if (layout.ttl.end > 0) {
    replacements_.push_back({layout.ttl, std::to_string(ttl)});
  } else {
    const size_t at = layout.rr_class.end > 0 ? layout.rr_class.begin : layout.type.begin;
    replacements_.push_back({{at, at}, std::to_string(ttl) + " "});
  }
}

void ZoneEdit::remove(const StandingRecord& record) {
  removed_lines_.push_back(record.layout->line.begin);
  replacements_.push_back({record.layout->line, ""});
  want_.removed.push_back(record_key(owner_, type_, record.ttl, record.rdata));
}

// After remove() of all that go: the first line left that inherited its owner from a removed one gets the name.
void ZoneEdit::hand_on_owner(const StandingRecord& record) {
  if (record.layout->blank_owner) return;
  auto line =
      std::ranges::find(outline_, record.layout->line.begin, [](const LineOutline& l) { return l.range.begin; });
  bool directives_between = false;
  for (++line; line != outline_.end(); ++line) {
    directives_between |= line->is_directive;
    if (line->is_directive) continue;
    if (!line->blank_owner) return;
    if (std::ranges::find(removed_lines_, line->range.begin) == removed_lines_.end()) break;
  }
  if (line == outline_.end()) return;
  const std::string name =
      directives_between ? to_text(owner_) : std::string(slice(file_.text, record.layout->owner));
  const size_t begin = line->range.begin;
  size_t blanks = 0;
  while (blanks < name.size() && file_.text[begin + blanks] == ' ') ++blanks;
  const bool fits =
      blanks == name.size() && (file_.text[begin + blanks] == ' ' || file_.text[begin + blanks] == '\t');
  replacements_.push_back({{begin, begin + (fits ? blanks : 0)}, name});
}

void ZoneEdit::change_serial(const StandingRecord& soa, uint32_t serial) {
  replacements_.push_back({soa.layout->rdata_tokens[2], std::to_string(serial)});
  std::vector<uint8_t> rdata = soa.rdata;
  want_.removed.push_back(record_key(owner_, type_, soa.ttl, rdata));
  store32(&rdata[rdata.size() - 20], serial);
  want_.added.push_back(record_key(owner_, type_, soa.ttl, rdata));
}

std::string ZoneEdit::apply() const {
  std::vector<Replacement> ordered = replacements_;
  std::ranges::stable_sort(ordered, {}, [](const Replacement& r) { return r.range.begin; });
  std::string text;
  size_t at = 0;
  for (const Replacement& r : ordered) {
    if (r.range.begin < at) continue;  // never so; verify() would find it
    text += file_.text.substr(at, r.range.begin - at);
    text += r.text;
    at = r.range.end;
  }
  return text.append(file_.text.substr(at));
}

Status ZoneEdit::verify(const std::string& text) const {
  const Result<ZoneScan> after = scan_zone(text, file_.options, file_.open, owner_);
  if (!after) return Failure{"the edit would leave a defect: " + after.failure().message};
  ZoneDiff want = want_;
  std::ranges::sort(want.removed);
  std::ranges::sort(want.added);
  if (diff_zones(*scan_.zone, *after->zone) == want) return Done{};
  return Failure{
      "the edit would change other records too, such as those that inherit a TTL from it; write $TTL at the "
      "head of the master file, or edit it by hand"};
}

Result<std::string> ZoneEdit::finish() {
  if (!removed_lines_.empty()) {
    outline_ = outline_of(file_.text);
    for (const StandingRecord& r : scan_.standing)
      if (r.layout && std::ranges::find(removed_lines_, r.layout->line.begin) != removed_lines_.end())
        hand_on_owner(r);
  }
  std::string text = apply();
  if (Status done = verify(text); !done) return done.failure();
  return text;
}

}  // namespace dnsd
