#include "zones/zone_halves.h"

#include <algorithm>
#include <thread>

#include "base/text.h"
#include "zones/defect_list.h"
#include "zones/ttl_text.h"
#include "zones/zone_reader.h"

namespace dnsd {
namespace {

constexpr size_t longest_head = size_t{64} << 10;

// The first line at or behind `from` that begins with an owner; the end where there is none.
size_t line_with_owner(std::string_view text, size_t from) {
  constexpr auto none = std::string_view::npos;
  for (size_t at = text.find('\n', from); at != none && ++at < text.size(); at = text.find('\n', at)) {
    if (std::string_view(" \t\r\n;()\"$").find(text[at]) == none) return at;
  }
  return text.size();
}

// What stands at `to` if all lines from `from` on that look like directives are such.
ZoneReader::Inherited guessed(std::string_view text, size_t from, size_t to, ZoneReader::Inherited inherited) {
  for (size_t at = text.find('$', from); at < to; at = text.find('$', at + 1)) {
    if (at == 0 || text[at - 1] != '\n') continue;
    LogicalLines lines(text.substr(at, text.find('\n', at) - at));
    LogicalLine line;
    LineDefect defect;
    if (!lines.next(line, defect) || line.tokens.size() != 2) continue;
    if (equal_ignoring_case(line.tokens[0].text, "$ORIGIN")) {
      if (const Result<Name> origin = Name::parse(line.tokens[1].text, inherited.origin)) inherited.origin = *origin;
    } else if (equal_ignoring_case(line.tokens[0].text, "$TTL")) {
      if (const Result<uint32_t> ttl = parse_ttl(line.tokens[1].text)) inherited.default_ttl = *ttl;
    }
  }
  return inherited;
}

// Most lines are a record, and a relative name grows by its origin.
void reserve(ZoneBuilder& builder, std::string_view text, NameView origin) {
  const auto lines = static_cast<size_t>(std::ranges::count(text, '\n')) + 1;
  builder.reserve(lines, text.size() + lines * origin.size());
}

// By a thread of its own, with everything of its own.
class SecondHalf {
 public:
  SecondHalf(std::string_view rest, const ZoneFileOptions& options, ZoneReader::Inherited inherited)
      : rest_(rest), options_(options), inherited_(std::move(inherited)), builder_(options.origin) {}

  void run() {
    reserve(builder_, rest_, inherited_.origin);
    const OpenFile none = [](const std::string&) { return Failure{"is not asked for"}; };
    bool fits = true;
    ZoneReader reader(options_, none, defects_, [&](const ReadRecord& r) {
      fits = fits && builder_.add(r.owner, r.type, r.ttl, r.rdata, r.place);
    });
    good_ = reader.read_rest(rest_, inherited_) && fits;
  }

  // Whether it is behind what `first` has read, which knows what that leads to.
  bool follows(const ZoneReader& first, size_t cut) const {
    return good_ && first.position() == cut && !first.gave_up() && first.inherited() == inherited_;
  }

  bool append_to(ZoneBuilder& builder, DefectList& defects, uint32_t lines_before) {
    if (!builder.append(std::move(builder_), lines_before)) return false;
    defects.append(std::move(defects_), lines_before);
    return true;
  }

 private:
  std::string_view rest_;
  const ZoneFileOptions& options_;
  ZoneReader::Inherited inherited_;
  ZoneBuilder builder_;
  DefectList defects_;
  bool good_ = false;
};

// True where the whole text is read: else `reader` has to go on.
bool read_halves(std::string_view text, const ZoneFileOptions& options, ZoneReader& reader, ZoneBuilder& builder,
                 DefectList& defects) {
  reader.read_to(std::min(longest_head, text.size() / 4));
  const size_t cut = line_with_owner(text, reader.position() + (text.size() - reader.position()) / 2);
  if (cut <= reader.position() || cut >= text.size()) return false;
  SecondHalf second(text.substr(cut), options, guessed(text, reader.position(), cut, reader.inherited()));
  std::thread thread([&second] { second.run(); });
  reader.read_to(cut);
  thread.join();
  return second.follows(reader, cut) && second.append_to(builder, defects, reader.line_number() - 1);
}

}  // namespace

void read_by_threads(std::string_view text, const ZoneFileOptions& options, ZoneReader& reader, ZoneBuilder& builder,
                     DefectList& defects) {
  reserve(builder, text, options.origin);
  reader.begin(text);
  if (text.size() >= options.two_threads_from && read_halves(text, options, reader, builder, defects)) return;
  reader.read_to(text.size());
}

}  // namespace dnsd
