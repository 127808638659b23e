#include "lenient.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "zones/rdata_text.h"
#include "zones/rr_types.h"

namespace dnsd::testing {
namespace {

struct Record {
  std::string owner, ttl, klass, type, rdata;
  std::string line() const { return owner + ' ' + ttl + ' ' + klass + ' ' + type + ' ' + rdata; }
};

std::vector<std::string> words_of(const std::string& text, size_t most) {
  std::vector<std::string> words;
  size_t at = 0;
  while (words.size() + 1 < most) {
    const size_t space = text.find(' ', at);
    if (space == std::string::npos) break;
    words.push_back(text.substr(at, space - at));
    at = space + 1;
  }
  words.push_back(text.substr(at));
  return words;
}

bool holds_names(const std::string& type) {
  static constexpr std::array types{"NS",    "CNAME", "DNAME", "SOA", "PTR", "MX", "SRV", "RP", "AFSDB", "NAPTR",
                                    "KX",    "SVCB",  "HTTPS", "RT",  "PX",  "MB", "MG",  "MR", "MINFO", "NXT",
                                    "LP",    "HIP",   "IPSECKEY"};
  return std::ranges::find(types, type) != types.end();
}

// RDATA as this project writes it, names in lower case; of an RRSIG the type, the labels and the signer, which is also
// how the cases have it.
std::string canonical_rdata(const std::string& type, const std::string& text) {
  const std::vector<std::string> fields = words_of(text, 10);
  if (type == "RRSIG") {
    if (fields.size() == 3) return fields[0] + ' ' + fields[1] + ' ' + ascii_lower(fields[2]);
    return fields.size() < 8 ? text : fields[0] + ' ' + fields[2] + ' ' + ascii_lower(fields[7]);
  }
  const std::optional<uint16_t> number = parse_type(type);
  const Result<std::vector<uint8_t>> rdata =
      number ? rdata_from_text(*number, text, NameView()) : Result<std::vector<uint8_t>>(Failure{"no such type"});
  const std::string plain = rdata ? rdata_to_text(*number, *rdata) : "unreadable: " + text;
  if (type != "NSEC") return holds_names(type) ? ascii_lower(plain) : plain;
  const std::vector<std::string> next = words_of(plain, 2);
  return next.size() == 2 ? ascii_lower(next[0]) + ' ' + next[1] : ascii_lower(plain);
}

std::vector<Record> canonical(const Records& lines) {
  std::vector<Record> records;
  for (const std::string& line : lines) {
    std::vector<std::string> words = words_of(line, 5);
    words.resize(5);
    records.push_back({ascii_lower(words[0]), words[1], words[2], words[3], canonical_rdata(words[3], words[4])});
  }
  return records;
}

std::set<std::string> lines_of(const std::vector<Record>& records) {
  std::set<std::string> lines;
  for (const Record& record : records) lines.insert(record.line());
  return lines;
}

bool has_type(const std::vector<Record>& records, const std::string& type) {
  return std::ranges::any_of(records, [&](const Record& r) { return r.type == type; });
}

// The type of a record, or of what it signs.
std::string covered(const Record& record) {
  return record.type == "RRSIG" ? words_of(record.rdata, 2).front() : record.type;
}

bool at_or_below(const std::string& name, const std::string& ancestor) {
  return name == ancestor || ancestor == "." || name.ends_with("." + ancestor);
}

// An answer as far as it is compared.
struct Answer {
  std::string rcode;
  bool aa = false, tc = false;
  std::vector<Record> answer, authority, additional;
};

struct Lenient {
  std::string rcode;
  bool aa = false, tc = false;
  std::set<std::string> answer, authority, additional;
};

std::set<std::string> glue_of(const Answer& referral) {
  std::set<std::string> glue;
  for (const Record& address : referral.additional) {
    if (address.type != "A" && address.type != "AAAA") continue;
    if (std::ranges::any_of(referral.authority, [&](const Record& ns) {
          return ns.type == "NS" && at_or_below(address.owner, ns.owner);
        }))
      glue.insert(address.line());
  }
  return glue;
}

Lenient lenient(const Answer& a, const std::set<std::string>& origins) {
  Lenient out{a.rcode, a.aa, a.tc, {}, {}, {}};
  if (a.tc) return out;
  out.answer = lines_of(a.answer);
  const bool referral = !a.aa && a.answer.empty() && has_type(a.authority, "NS");
  std::vector<Record> authority = a.authority;
  if (!a.answer.empty() && a.rcode == "NOERROR" && a.aa && !has_type(authority, "SOA")) {
    std::erase_if(authority, [&](const Record& r) {
      return covered(r) == "NS" && (origins.empty() || origins.contains(r.owner));
    });
  }
  out.authority = lines_of(authority);
  if (referral) out.additional = glue_of(a);
  return out;
}

}  // namespace

std::vector<std::string> unmet(const Expectation& expected, const Message& got, const std::set<std::string>& origins) {
  if (!got.well_formed) return {"form"};
  if (expected.no_answer) return got.answer.empty() ? std::vector<std::string>{} : std::vector<std::string>{"answer"};
  const Answer actual{rcode_text(got.rcode), got.aa, got.tc, canonical(got.answer), canonical(got.authority),
                      canonical(got.additional)};
  Answer wanted = actual;
  wanted.rcode = expected.rcode.value_or(wanted.rcode);
  wanted.aa = expected.aa.value_or(wanted.aa);
  wanted.tc = expected.tc.value_or(wanted.tc);
  if (expected.answer) wanted.answer = canonical(*expected.answer);
  if (expected.authority) wanted.authority = canonical(*expected.authority);
  if (expected.additional) wanted.additional = canonical(*expected.additional);

  const Lenient a = lenient(actual, origins), b = lenient(wanted, origins);
  std::vector<std::string> parts;
  if (a.rcode != b.rcode) parts.push_back("rcode");
  if (a.aa != b.aa || a.tc != b.tc) parts.push_back("flags");
  if (a.answer != b.answer) parts.push_back("answer");
  if (a.authority != b.authority) parts.push_back("authority");
  if (a.additional != b.additional) parts.push_back("additional");
  return parts;
}

}  // namespace dnsd::testing
