#include "pinned_ips/feed/digest.h"

#include <openssl/evp.h>

namespace dnsd {

Result<Sha256> sha256(std::string_view text) {
  Sha256 digest;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1 || size != digest.size())
    return Failure{"libcrypto cannot compute SHA-256; check its configuration (openssl.cnf, FIPS mode)"};
  return digest;
}

std::string hex(Bytes octets) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t octet : octets) {
    text += digits[octet >> 4];
    text += digits[octet & 15];
  }
  return text;
}

std::string base64(Bytes octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');  // one more for the NUL that EVP_EncodeBlock adds
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(), static_cast<int>(octets.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

std::optional<std::vector<uint8_t>> base64_octets(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::vector<uint8_t> octets(text.size() / 4 * 3);
  const int size = EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // EVP_DecodeBlock counts the padding as octets, and takes spaces around the text.
  octets.resize(octets.size() - (text.ends_with("==") ? 2u : text.ends_with('=') ? 1u : 0u));
  if (base64(octets) != text) return std::nullopt;
  return octets;
}

}  // namespace dnsd
