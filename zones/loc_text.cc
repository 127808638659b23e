#include "zones/loc_text.h"

#include <array>
#include <optional>

#include "base/text.h"
#include "zones/rdata_forms.h"

namespace dnsd {
namespace {

constexpr int64_t equator = int64_t{1} << 31;     // both angles count from here, in thousandths of a second
constexpr int64_t reference_altitude = 10000000;  // in centimetres below the spheroid

// "12.5" with `decimals` 3 is 12500.
std::optional<int64_t> fixed(std::string_view text, unsigned decimals, int64_t most) {
  const size_t dot = text.find('.');
  std::string digits(text.substr(0, dot));
  if (dot != std::string_view::npos) {
    const std::string_view fraction = text.substr(dot + 1);
    if (digits.empty() || fraction.empty() || fraction.size() > decimals) return std::nullopt;
    digits += fraction;
    decimals -= static_cast<unsigned>(fraction.size());
  }
  digits.append(digits.empty() ? 0 : decimals, '0');
  const auto value = parse_number(digits, static_cast<uint64_t>(most));
  return value ? std::optional(static_cast<int64_t>(*value)) : std::nullopt;
}

// "10m": in centimetres.
std::optional<int64_t> metres(std::string_view text, int64_t most) {
  if (text.ends_with('m') || text.ends_with('M')) text.remove_suffix(1);
  return fixed(text, 2, most);
}

class LocationReader {
 public:
  LocationReader(std::span<const Token> tokens, size_t end) : tokens_(tokens), end_(end) {}

  Status read(std::vector<uint8_t>& rdata) {
    uint32_t latitude = 0, longitude = 0, altitude = 0;
    std::array<uint8_t, 3> sizes = {0x12, 0x16, 0x13};  // 1 m, 10,000 m, 10 m
    if (Status done = angle("latitude", 90, "NS", latitude); !done) return done;
    if (Status done = angle("longitude", 180, "EW", longitude); !done) return done;
    if (Status done = read_altitude(altitude); !done) return done;
    for (uint8_t& octet : sizes)
      if (Status done = size(octet); !done) return done;
    if (at_ < tokens_.size()) return wrong("too much; there is no such field");
    std::array<uint8_t, 16> octets = {0, sizes[0], sizes[1], sizes[2]};
    store32(&octets[4], latitude);
    store32(&octets[8], longitude);
    store32(&octets[12], altitude);
    rdata.insert(rdata.end(), octets.begin(), octets.end());
    return Done{};
  }

 private:
  // degrees [minutes [seconds]] and one of two letters, of which the second is negative.
  Status angle(const std::string& what, int64_t most_degrees, std::string_view letters, uint32_t& out) {
    constexpr std::array<const char*, 3> parts = {"degrees", "minutes", "seconds"};
    constexpr std::array<int64_t, 3> thousandths = {3600 * 1000, 60 * 1000, 1};
    int64_t sum = 0;
    for (size_t part = 0;; ++part) {
      if (at_ == tokens_.size()) return Failure{"the " + what + " is not complete", end_};
      const std::string_view text = tokens_[at_].text;
      const size_t letter = text.size() == 1 ? letters.find(ascii_upper(text)[0]) : std::string_view::npos;
      if (part > 0 && letter != std::string_view::npos) {
        ++at_;
        out = static_cast<uint32_t>(equator + (letter == 0 ? sum : -sum));
        return Done{};
      }
      if (part == parts.size()) return wrong("neither " + std::string(1, letters[0]) + " nor " + letters[1]);
      const auto value = part == 2 ? fixed(text, 3, 59999) : fixed(text, 0, part == 0 ? most_degrees : 59);
      if (!value) return wrong("no " + std::string(parts[part]) + " of a " + what);
      sum += *value * thousandths[part];
      ++at_;
    }
  }

  Status read_altitude(uint32_t& out) {
    if (at_ == tokens_.size()) return Failure{"the altitude is missing", end_};
    const std::string_view text = tokens_[at_].text;
    const bool below = text.starts_with('-');
    const auto value =
        metres(text.substr(below ? 1 : 0), below ? reference_altitude : UINT32_MAX - reference_altitude);
    if (!value) return wrong("no altitude from -100000.00m to 42849672.95m");
    out = static_cast<uint32_t>(reference_altitude + (below ? -*value : *value));
    ++at_;
    return Done{};
  }

  // A digit and a power of ten, in centimetres.
  Status size(uint8_t& out) {
    if (at_ == tokens_.size()) return Done{};
    const auto value = metres(tokens_[at_].text, 9000000000);
    if (!value) return wrong("no size or precision up to 90000000m");
    int64_t digit = *value;
    uint8_t power = 0;
    for (; digit > 9; digit /= 10) ++power;
    out = static_cast<uint8_t>(digit << 4 | power);
    ++at_;
    return Done{};
  }

  Failure wrong(const std::string& what) const {
    return {"'" + printable(tokens_[at_].text) + "' is " + what, tokens_[at_].offset};
  }

  std::span<const Token> tokens_;
  size_t end_;
  size_t at_ = 0;
};

std::string padded(int64_t number, size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(text.size() < digits ? digits - text.size() : 0, '0') + text;
}

std::string angle_text(uint32_t octets, const char* letters) {
  const int64_t angle = int64_t{octets} - equator;
  const int64_t size = angle < 0 ? -angle : angle;
  return std::to_string(size / 3600000) + " " + std::to_string(size / 60000 % 60) + " " +
         std::to_string(size / 1000 % 60) + "." + padded(size % 1000, 3) + " " + letters[angle < 0 ? 1 : 0];
}

std::string size_text(uint8_t octet) {
  int64_t centimetres = octet >> 4;
  for (int i = 0; i < (octet & 15); ++i) centimetres *= 10;
  const std::string fraction = centimetres % 100 == 0 ? "" : "." + padded(centimetres % 100, 2);
  return std::to_string(centimetres / 100) + fraction + "m";
}

}  // namespace

Status append_location(std::span<const Token> tokens, size_t end, std::vector<uint8_t>& rdata) {
  return LocationReader(tokens, end).read(rdata);
}

std::string location_text(Bytes rdata) {
  const int64_t altitude = int64_t{load32(&rdata[12])} - reference_altitude;
  const int64_t size = altitude < 0 ? -altitude : altitude;
  return angle_text(load32(&rdata[4]), "NS") + " " + angle_text(load32(&rdata[8]), "EW") + " " +
         (altitude < 0 ? "-" : "") + std::to_string(size / 100) + "." + padded(size % 100, 2) + "m " +
         size_text(rdata[1]) + " " + size_text(rdata[2]) + " " + size_text(rdata[3]);
}

}  // namespace dnsd
