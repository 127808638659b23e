// Reads master files record by record: logical lines, directives and defaults become complete records, each handed to
// a sink. The ground of zone_file (which collects them) and zone_edit (which wants to know where each stands).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "zones/defect_list.h"
#include "zones/logical_lines.h"
#include "zones/name.h"
#include "zones/zone.h"
#include "zones/zone_file.h"

namespace dnsd {

// A record as read; valid during the call of the sink.
struct ReadRecord {
  NameView owner;
  uint16_t type = 0;
  uint32_t ttl = 0;
  Bytes rdata;
  RecordPlace place;
  bool generated = false;               // by $GENERATE: one of many at this place
  const LogicalLine* line = nullptr;    // as in its file
  std::span<const Token> rdata_tokens;  // the last of line->tokens
  NameView origin;                      // in force at this line
  std::optional<uint32_t> default_ttl;  // of $TTL, in force at this line
};
using RecordSink = std::function<void(const ReadRecord&)>;

class ZoneReader {
 public:
  ZoneReader(const ZoneFileOptions& options, const OpenFile& open, DefectList& defects, RecordSink sink);
  // The master file and all it includes. `text` and this must live until the defects are finished.
  void read(std::string_view text);

  // The same in parts: begin() once, then read_to() until position() is the end. A line that begins before `offset` is
  // read to its end.
  void begin(std::string_view text);
  void read_to(size_t offset);
  size_t position() const { return lines_.position(); }
  uint32_t line_number() const { return lines_.line_number(); }
  // What the next line would inherit, but for an owner and a TTL of the record before it.
  struct Inherited {
    Name origin;
    std::optional<uint32_t> default_ttl;  // of $TTL
    bool operator==(const Inherited& other) const {
      return origin.view() == other.origin.view() && default_ttl == other.default_ttl;
    }
  };
  Inherited inherited() const { return {master_.origin, default_ttl_}; }

  // Reads the rest of a master file alone, from a line on that is said to inherit this. `rest` counts as a file of its own
  // in defects and places. False where it turns out to need what stands before it, or $INCLUDE or $GENERATE, whose limits
  // are of the file as a whole: then what was read is to be thrown away.
  bool read_rest(std::string_view rest, const Inherited& inherited);
  bool gave_up() const { return lines_.gave_up(); }

  // Behind the last line of the master file: what a record added there would inherit.
  const Name& last_origin() const { return master_.origin; }
  std::optional<uint32_t> last_ttl() const { return default_ttl_ ? default_ttl_ : previous_ttl_; }

 private:
  struct File {
    std::string path;
    std::string shown_path;
    uint16_t index = 0;
    std::string_view text;
    Name origin;
    Name owner;  // of the last record
    bool has_owner = false;
    bool owner_is_bad = false;  // that record's owner was refused: those that inherit it are checked, not kept
    LogicalLine* line = nullptr;  // in hand
  };
  // What stands before the RDATA, and where that begins.
  struct Fields {
    NameView owner;
    std::optional<uint32_t> ttl;
    bool has_class = false;
    uint16_t type = 0;
    std::span<const Token> rdata;
    size_t end = 0;  // behind the last token
  };

  bool open_file(File& file);
  void read_lines(File& file, LogicalLines& lines);
  void directive(File& file, const LogicalLine& line);
  void origin_directive(File& file, const LogicalLine& line);
  void ttl_directive(File& file, const LogicalLine& line);
  void include_directive(File& file, const LogicalLine& line);
  void generate_directive(File& file, const LogicalLine& line);
  void include(File& file, const Token& path_token, const Name& origin);
  std::optional<std::string_view> open_included(File& file, const Token& path_token, const std::string& path);
  void record(File& file, const LogicalLine& line);
  bool read_owner(File& file, const LogicalLine& line, Fields& fields);
  bool read_fields(const File& file, std::span<const Token> tokens, Fields& fields);
  bool read_class(const File& file, const Token& token, uint16_t number, Fields& fields);
  bool read_ttl(const File& file, const Token& token, Fields& fields);
  bool read_type(const File& file, const Token& token, Fields& fields);
  bool generate_one(const File& file, const Token& lhs, std::string_view rhs, Fields& fields, uint32_t number);
  bool decide_ttl(const File& file, const Fields& fields, uint32_t& ttl);
  void tell_progress(const File& file, size_t position);
  bool read_rdata(const File& file, const Fields& fields);
  bool emit(const File& file, const Fields& fields);
  void error(const File& file, size_t offset, std::string message);
  RecordPlace place_of(const File& file, size_t offset) const;

  const ZoneFileOptions& options_;
  const OpenFile& open_;
  DefectList& defects_;
  RecordSink sink_;
  std::vector<std::string> chain_;            // paths of the files that are open, for loops
  std::map<std::string, std::string> texts_;  // of included files by path
  std::optional<uint32_t> default_ttl_;       // $TTL
  std::optional<uint32_t> previous_ttl_;
  File master_;
  LogicalLines lines_{std::string_view()};
  LogicalLine line_;
  bool alone_ = false;     // in read_rest()
  bool in_vain_ = false;   // that cannot be done
  uint64_t records_ = 0;
  uint64_t told_records_ = 0;
  size_t told_position_ = 0;
  std::vector<uint8_t> encoded_;
  std::string last_type_text_;  // most records repeat the type of the one before
  uint16_t last_type_ = 0;
  uint32_t includes_ = 0;
  uint64_t octets_ = 0;
  std::optional<size_t> generating_at_;  // the offset that stands for all places while $GENERATE makes records
  std::string generated_text_;
  LogicalLine generated_line_;
  uint64_t generated_ = 0;
  uint64_t generated_octets_ = 0;
};

}  // namespace dnsd
