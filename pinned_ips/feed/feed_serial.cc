#include "pinned_ips/feed/feed_serial.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "pinned_ips/feed/digest.h"

namespace dnsd {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t max_serial = (uint64_t{1} << 53) - 1;  // what every JSON reader keeps exactly (RFC 8259 6)

Failure broken(const std::string& what) {
  return Failure{what +
                 "; restore the file from a backup, or write {\"serial\": N, \"generated_at\": "
                 "\"2026-01-01T00:00:00Z\", \"digest\": \"" +
                 std::string(64, '0') + "\"} with N the last serial that was published: the next one follows it"};
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string string_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

FeedStamp next_stamp(const std::optional<FeedStamp>& previous, const std::string& digest, Instant now) {
  if (!previous) return {1, now, digest};
  if (previous->digest == digest) return *previous;
  return {previous->serial + 1, std::max(now, previous->generated_at + Duration{1}), digest};
}

Result<std::string> meaning_digest(std::string_view meaning) {
  const Result<Sha256> digest = sha256(meaning);
  if (!digest) return digest.failure();
  return hex(*digest);
}

std::string to_text(const FeedStamp& stamp) {
  Json object;
  object["serial"] = stamp.serial;
  object["generated_at"] = to_text(stamp.generated_at);
  object["digest"] = stamp.digest;
  return object.dump() + "\n";
}

Result<FeedStamp> parse_feed_stamp(std::string_view text) {
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object()) return broken("this is no JSON object: '" + printable(text) + "'");
  FeedStamp stamp;
  const auto serial = object.find("serial");
  if (serial == object.end() || !serial->is_number_unsigned() || *serial < 1 || *serial > max_serial)
    return broken("\"serial\" is not a number from 1 to " + std::to_string(max_serial));
  stamp.serial = serial->get<uint64_t>();
  const Result<Instant> generated_at = parse_instant(string_of(object, "generated_at"));
  if (!generated_at) return broken("\"generated_at\": " + generated_at.failure().message);
  stamp.generated_at = *generated_at;
  stamp.digest = string_of(object, "digest");
  if (!is_digest(stamp.digest)) return broken("\"digest\" is not 64 lower-case hexadecimal digits");
  if (object.size() != 3) return broken("there are keys besides serial, generated_at and digest");
  return stamp;
}

}  // namespace dnsd
