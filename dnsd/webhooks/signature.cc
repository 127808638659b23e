#include "dnsd/webhooks/signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "dnsd/subscribers/webhook_target.h"
#include "pinned_ips/feed/digest.h"

namespace dnsd {

Result<std::string> webhook_signature(std::span<const std::string> secrets, std::string_view id, int64_t timestamp,
                                      std::string_view body) {
  std::string content(id);
  content += "." + std::to_string(timestamp) + ".";
  content += body;
  std::string signatures;
  for (const std::string& secret : secrets) {
    const Result<std::string> key = webhook_key(secret);
    if (!key) return key.failure();
    std::array<uint8_t, EVP_MAX_MD_SIZE> code;
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), key->data(), static_cast<int>(key->size()),
              reinterpret_cast<const uint8_t*>(content.data()), content.size(), code.data(), &size)) {
      return Failure{"libcrypto cannot compute HMAC-SHA256; check its configuration (openssl.cnf, FIPS mode)"};
    }
    signatures += (signatures.empty() ? "v1," : " v1,") + base64(Bytes(code.data(), size));
  }
  return signatures;
}

}  // namespace dnsd
