#include "pinned_ips/feed/minisign.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "pinned_ips/feed/digest.h"

namespace dnsd {
namespace {

using Signature = std::array<uint8_t, 64>;
using Octets = std::vector<uint8_t>;

constexpr std::string_view untrusted = "untrusted comment: ";
constexpr std::string_view trusted = "trusted comment: ";
constexpr size_t public_key_size = 2 + 8 + 32;
constexpr size_t secret_key_size = 2 + 2 + 2 + 32 + 8 + 8 + 8 + 64 + 32;
constexpr size_t signature_size = 2 + 8 + 64;
constexpr size_t seed_at = 2 + 2 + 2 + 32 + 8 + 8 + 8;  // in the secret key; the key id stands before it

struct FreePkey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Pkey = std::unique_ptr<EVP_PKEY, FreePkey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

Failure no_libcrypto(const char* what) {
  return Failure{std::string("libcrypto cannot do ") + what + "; check its configuration (openssl.cnf, FIPS mode)"};
}

void append(Octets& to, std::string_view text) { to.insert(to.end(), text.begin(), text.end()); }
void append(Octets& to, Bytes octets) { to.insert(to.end(), octets.begin(), octets.end()); }

Result<Octets> prehash(std::string_view document) {
  Octets digest(64);
  unsigned size = 0;
  if (EVP_Digest(document.data(), document.size(), digest.data(), &size, EVP_blake2b512(), nullptr) != 1 ||
      size != 64)
    return no_libcrypto("BLAKE2b-512");
  return digest;
}

Result<Signature> sign(Bytes message, const MinisignKey& key) {
  const Pkey secret(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, key.seed.data(), key.seed.size()));
  const Context context(EVP_MD_CTX_new());
  Signature signature;
  size_t size = signature.size();
  if (!secret || !context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, secret.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
    return no_libcrypto("Ed25519");
  return signature;
}

bool is_signed(Bytes message, Bytes signature, const MinisignPublicKey& key) {
  const Pkey point(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.point.data(), key.point.size()));
  const Context context(EVP_MD_CTX_new());
  return point && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, point.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

Octets public_key_octets(const MinisignPublicKey& key) {
  Octets octets;
  append(octets, "Ed");
  append(octets, key.id);
  append(octets, key.point);
  return octets;
}

// The lines of a file; a missing final newline and CR LF are taken too, as minisign does.
std::vector<std::string_view> lines(std::string_view content) {
  std::vector<std::string_view> lines;
  while (!content.empty()) {
    const size_t end = std::min(content.find('\n'), content.size());
    std::string_view line = content.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    content.remove_prefix(std::min(end + 1, content.size()));
  }
  return lines;
}

// Two lines: the comment, and the octets as base64.
std::string commented(std::string_view kind, std::string_view comment, Bytes octets) {
  std::string text;
  return text.append(kind).append(comment).append("\n").append(base64(octets)).append("\n");
}

// The octets of a file of two lines: a comment and base64.
Result<Octets> octets_of_file(std::string_view content, size_t size, const char* what) {
  const std::vector<std::string_view> all = lines(content);
  if (all.size() != 2 || !all[0].starts_with(untrusted))
    return Failure{"this is no " + std::string(what) + " of minisign: two lines, the first an untrusted comment"};
  const auto octets = base64_octets(all[1]);
  if (!octets || octets->size() != size)
    return Failure{"the second line is not base64 of the " + std::to_string(size) + " octets of a " + what};
  return *octets;
}

}  // namespace

Result<MinisignKey> make_minisign_key(MinisignRandom random) {
  MinisignKey key;
  std::ranges::copy(random.first<32>(), key.seed.begin());
  std::ranges::copy(random.last<8>(), key.public_key.id.begin());
  const Pkey secret(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, key.seed.data(), key.seed.size()));
  size_t size = key.public_key.point.size();
  if (!secret || EVP_PKEY_get_raw_public_key(secret.get(), key.public_key.point.data(), &size) != 1)
    return no_libcrypto("Ed25519");
  return key;
}

std::string key_id_text(const MinisignPublicKey& key) {
  std::array<uint8_t, 8> id = key.id;  // a number, the lowest octet first
  std::ranges::reverse(id);
  std::string text = hex(id);
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string key_text(const MinisignPublicKey& key) { return base64(public_key_octets(key)); }

std::string public_key_file(const MinisignPublicKey& key) {
  return commented(untrusted, "minisign public key " + key_id_text(key), public_key_octets(key));
}

std::string secret_key_file(const MinisignKey& key) {
  Octets octets;
  append(octets, "Ed");
  octets.resize(4);  // no key derivation
  append(octets, "B2");
  octets.resize(seed_at - 8);
  append(octets, key.public_key.id);
  append(octets, key.seed);
  append(octets, key.public_key.point);
  octets.resize(secret_key_size);
  return commented(untrusted, "minisign secret key " + key_id_text(key.public_key) + ", without a password", octets);
}

Result<MinisignPublicKey> parse_public_key_file(std::string_view content) {
  const Result<Octets> octets = octets_of_file(content, public_key_size, "public key");
  if (!octets) return octets.failure();
  if ((*octets)[0] != 'E' || (*octets)[1] != 'd') return Failure{"this key is not of Ed25519"};
  MinisignPublicKey key;
  std::copy_n(octets->begin() + 2, 8, key.id.begin());
  std::copy_n(octets->begin() + 10, 32, key.point.begin());
  return key;
}

Result<MinisignKey> parse_secret_key_file(std::string_view content) {
  const Result<Octets> octets = octets_of_file(content, secret_key_size, "secret key");
  if (!octets) return octets.failure();
  if ((*octets)[0] != 'E' || (*octets)[1] != 'd') return Failure{"this key is not of Ed25519"};
  if ((*octets)[2] != 0 || (*octets)[3] != 0)
    return Failure{
        "this key has a password, which nobody is there to give; make one without, by minisign -G -W or "
        "zone-edit feed key new"};
  std::array<uint8_t, 40> random;
  std::copy_n(octets->begin() + static_cast<ptrdiff_t>(seed_at), 32, random.begin());
  std::copy_n(octets->begin() + static_cast<ptrdiff_t>(seed_at) - 8, 8, random.begin() + 32);
  Result<MinisignKey> key = make_minisign_key(random);
  if (!key) return key;
  const Octets point(key->public_key.point.begin(), key->public_key.point.end());
  if (!std::equal(point.begin(), point.end(), octets->begin() + static_cast<ptrdiff_t>(seed_at) + 32))
    return Failure{"its public half does not belong to its secret half: the file is damaged"};
  return key;
}

Result<std::string> minisign_signature(std::string_view document, const MinisignKey& key,
                                       std::string_view trusted_comment) {
  const Result<Octets> digest = prehash(document);
  if (!digest) return digest.failure();
  const Result<Signature> signature = sign(*digest, key);
  if (!signature) return signature.failure();
  Octets whole(signature->begin(), signature->end());
  append(whole, trusted_comment);
  const Result<Signature> of_both = sign(whole, key);
  if (!of_both) return of_both.failure();
  Octets first;
  append(first, "ED");
  append(first, key.public_key.id);
  append(first, *signature);
  return commented(untrusted, "signature by key " + key_id_text(key.public_key), first) +
         commented(trusted, trusted_comment, *of_both);
}

Result<std::string> verify_minisign(std::string_view document, std::string_view signature,
                                    const MinisignPublicKey& key) {
  const std::vector<std::string_view> all = lines(signature);
  if (all.size() != 4 || !all[0].starts_with(untrusted) || !all[2].starts_with(trusted))
    return Failure{"this is no signature of minisign"};
  const auto first = base64_octets(all[1]), of_both = base64_octets(all[3]);
  if (!first || first->size() != signature_size || (*first)[0] != 'E' || (*first)[1] != 'D' || !of_both ||
      of_both->size() != 64)
    return Failure{"this is no prehashed signature of minisign"};
  if (!std::equal(key.id.begin(), key.id.end(), first->begin() + 2)) return Failure{"another key signed this"};
  const Result<Octets> digest = prehash(document);
  if (!digest) return digest.failure();
  const Bytes of_document = Bytes(*first).subspan(10);
  if (!is_signed(*digest, of_document, key)) return Failure{"the signature is not that of the document"};
  const std::string_view comment = all[2].substr(trusted.size());
  Octets whole(of_document.begin(), of_document.end());
  append(whole, comment);
  if (!is_signed(whole, *of_both, key)) return Failure{"the trusted comment is not the one that was signed"};
  return std::string(comment);
}

}  // namespace dnsd
