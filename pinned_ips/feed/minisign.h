// Signatures as minisign makes and checks them: Ed25519 (RFC 8032) over the BLAKE2b-512 (RFC 7693) of the document,
// with a trusted comment that is signed as well. By libcrypto.
//
//   public key     untrusted comment: minisign public key 4FB198D4C3213B54
//                  base64 of "Ed", key id (8 octets), public key (32)
//   secret key     untrusted comment: …
//                  base64 of "Ed", no key derivation (2 zeros), "B2", 32 + 8 + 8 zeros, key id, seed (32), public
//                  key, checksum (32 zeros: only a key with a password has one)
//   signature      untrusted comment: …
//                  base64 of "ED", key id, signature of the digest (64)
//                  trusted comment: …
//                  base64 of the signature of the signature and the trusted comment (64)
//
// Equal input gives equal bytes. Thread safety: pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace dnsd {

struct MinisignPublicKey {
  std::array<uint8_t, 8> id{};
  std::array<uint8_t, 32> point{};
  bool operator==(const MinisignPublicKey&) const = default;
};

struct MinisignKey {
  MinisignPublicKey public_key;
  std::array<uint8_t, 32> seed{};
};

// What a key is made of: a seed and an id, both from a good source of random octets.
using MinisignRandom = std::span<const uint8_t, 40>;
Result<MinisignKey> make_minisign_key(MinisignRandom random);

std::string key_id_text(const MinisignPublicKey& key);  // "4FB198D4C3213B54", as minisign shows it
std::string key_text(const MinisignPublicKey& key);     // "RWQ…", for minisign -P

// The content of files. The secret one has no password: it is for a daemon that has nobody to ask.
std::string public_key_file(const MinisignPublicKey& key);
std::string secret_key_file(const MinisignKey& key);
// The failure says what is wrong with the content, not in which file.
Result<MinisignPublicKey> parse_public_key_file(std::string_view content);
Result<MinisignKey> parse_secret_key_file(std::string_view content);

// The content of DOCUMENT.minisig. Precondition: the comment is one line.
Result<std::string> minisign_signature(std::string_view document, const MinisignKey& key,
                                       std::string_view trusted_comment);
// The trusted comment, where the signature is that of the document by this key.
Result<std::string> verify_minisign(std::string_view document, std::string_view signature,
                                    const MinisignPublicKey& key);

}  // namespace dnsd
