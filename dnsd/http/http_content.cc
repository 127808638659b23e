#include "dnsd/http/http_content.h"

#include <zlib.h>

#include "pinned_ips/feed/digest.h"

namespace dnsd {
namespace {

constexpr size_t least_worth_gzip = 256;
constexpr size_t most_worth_gzip = size_t{64} << 20;

// None where it gains nothing. The header has no time in it, so equal bodies give equal bytes.
std::optional<std::string> gzipped(const std::string& body) {
  if (body.size() < least_worth_gzip || body.size() > most_worth_gzip) return std::nullopt;
  z_stream stream{};
  constexpr int gzip_format = 15 + 16;  // largest window, gzip header (zlib.h, deflateInit2)
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_format, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return std::nullopt;
  std::string packed(deflateBound(&stream, static_cast<uLong>(body.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int outcome = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (outcome != Z_STREAM_END || packed.size() >= body.size()) return std::nullopt;
  return packed;
}

Result<Representation> represent(std::string body) {
  const Result<Sha256> digest = sha256(body);
  if (!digest) return digest.failure();
  // Half of the digest is tag enough, and keeps If-None-Match short.
  return Representation{std::move(body), "\"" + hex(Bytes(*digest).first(16)) + "\"",
                        "sha-256=:" + base64(*digest) + ":"};
}

}  // namespace

Result<HttpDocument> make_document(const DocumentTraits& traits, std::string body) {
  HttpDocument document;
  document.path = traits.path;
  document.content_type = traits.content_type;
  document.last_modified = traits.last_modified;
  document.max_age = traits.max_age;
  document.next_change = traits.next_change;
  document.immutable = traits.immutable;
  std::optional<std::string> packed = gzipped(body);
  Result<Representation> plain = represent(std::move(body));
  if (!plain) return plain.failure();
  document.plain = std::move(*plain);
  if (!packed) return document;
  Result<Representation> gzip = represent(std::move(*packed));
  if (!gzip) return gzip.failure();
  document.gzip = std::move(*gzip);
  return document;
}

const HttpDocument* HttpContent::find(std::string_view path) const {
  for (const HttpDocument& document : documents)
    if (document.path == path) return &document;
  return nullptr;
}

const DocumentMaker* HttpContent::find_maker(std::string_view path) const {
  for (const DocumentMaker& maker : on_demand)
    if (path.starts_with(maker.prefix)) return &maker;
  return nullptr;
}

}  // namespace dnsd
