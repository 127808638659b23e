#include "dnsd/http/feed_content.h"

#include <algorithm>
#include <charconv>
#include <variant>

#include "pinned_ips/feed/changes_json.h"
#include "pinned_ips/feed/feed_document.h"
#include "pinned_ips/feed/formats.h"
#include "pinned_ips/feed/page.h"
#include "pinned_ips/policy.h"

namespace dnsd {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view signature_type = "text/plain; charset=utf-8", signature_end = ".minisig";
constexpr std::string_view snapshots = "/ip-ranges/snapshots/", instants = "/ip-ranges/at/",
                           changes = "/ip-ranges/changes.json";

Result<HttpDocument> document_of(const DocumentTraits& traits, std::optional<std::string> body) {
  return make_document(traits, body ? std::move(*body) : std::string());
}

MadeDocument made(Result<HttpDocument> document) {
  if (document) return std::move(*document);
  return NoDocument{404, document.failure().message};
}

// What stands between the prefix and ".json"; none where the path is another.
std::optional<std::string_view> name_in(std::string_view path, std::string_view prefix) {
  constexpr std::string_view end = ".json";
  if (!path.starts_with(prefix) || !path.ends_with(end) || path.size() <= prefix.size() + end.size()) return std::nullopt;
  return path.substr(prefix.size(), path.size() - prefix.size() - end.size());
}

std::optional<uint64_t> serial_of(std::string_view text) {
  uint64_t serial = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), serial);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && !text.starts_with('0');
  return is_number ? std::optional(serial) : std::nullopt;
}

// A document made on request, before it is known whether it or its signature is asked for.
struct Rendered {
  std::string body;
  FeedStamp stamp;
  bool immutable = false;
};
using MadeBody = std::variant<NoDocument, Rendered>;

MadeBody snapshot(const FeedSource& source, std::string_view path) {
  const std::optional<std::string_view> name = name_in(path, snapshots);
  const std::optional<uint64_t> serial = name ? serial_of(*name) : std::nullopt;
  if (!serial) return NoDocument{400, "a snapshot is asked for by its serial: snapshots/42.json"};
  const Chronicle& chronicle = *source.chronicle;
  if (*serial > 0 && *serial < chronicle.first_serial())
    return NoDocument{410, "the record of this server begins with serial " + std::to_string(chronicle.first_serial())};
  const std::optional<IssuedFeed> feed = issued(chronicle, chronicle.issue(*serial));
  if (!feed) return NoDocument{404, "there is no such serial yet"};
  return Rendered{feed_document(feed->view(source.public_url)).value_or(""), feed->stamp, true};
}

// What the feed said then. Of the future it is what would be said if nothing is changed until then.
MadeBody at_instant(const FeedSource& source, std::string_view path, Instant now) {
  const std::optional<std::string_view> name = name_in(path, instants);
  const Result<DateOrInstant> instant = parse_date_or_instant(name.value_or(""));
  if (!instant)
    return NoDocument{400, "an instant is asked for like at/2026-12-24T12:00:00Z.json, or a day for its midnight"};
  const bool is_past = instant->instant < now;
  Chronicle future;
  if (!is_past) {
    future = *source.chronicle;
    if (!future.extend({}, instant->instant)) return NoDocument{404, "there is no such document"};
  }
  const Chronicle& chronicle = is_past ? *source.chronicle : future;
  const std::optional<IssuedFeed> feed = issued(chronicle, chronicle.issue_at(instant->instant));
  if (!feed) return NoDocument{404, "nothing had been published by then"};
  return Rendered{feed_document(feed->view(source.public_url)).value_or(""), feed->stamp, is_past};
}

MadeBody changes_since(const FeedSource& source, std::optional<std::string_view> since) {
  const std::optional<uint64_t> serial = since && *since == "0" ? std::optional<uint64_t>(0) : serial_of(since.value_or(""));
  if (!serial) return NoDocument{400, "say since which serial: changes.json?since=41"};
  const FeedIssue* last = source.chronicle->issue_at_end();
  if (last && *serial > last->stamp.serial) return NoDocument{404, "there is no such serial yet"};
  if (!last) return Rendered{};
  return Rendered{render_changes(*source.chronicle, *serial).value_or(""), last->stamp, false};
}

// The documents of `render` and their signatures; render(path, argument, now) gives what the path without .minisig is.
template <typename Render>
DocumentMaker maker(const FeedSource& source, std::string_view prefix, std::string parameter, std::optional<Instant> next,
                    Render render) {
  return {std::string(prefix), std::move(parameter),
          [=](std::string_view path, std::optional<std::string_view> argument, Instant now) -> MadeDocument {
            const bool is_signature = path.ends_with(signature_end);
            const std::string_view document = is_signature ? path.substr(0, path.size() - signature_end.size()) : path;
            MadeBody body = render(document, argument, now);
            if (const NoDocument* none = std::get_if<NoDocument>(&body)) return *none;
            Rendered& rendered = std::get<Rendered>(body);
            DocumentTraits traits{path,         json_type, std::min(rendered.stamp.generated_at, now),
                                  feed_max_age, next,      rendered.immutable};
            if (!is_signature) return made(make_document(traits, std::move(rendered.body)));
            const auto signature = sign_feed(*source.keys, rendered.body, document.substr(1), rendered.stamp, now);
            if (!signature) return NoDocument{404, signature.failure().message};
            traits = {path, signature_type, now, feed_max_age, next_signing(*source.keys, now), false};
            return made(document_of(traits, *signature));
          }};
}

class ContentBuilder {
 public:
  ContentBuilder(const FeedSource& source, Instant now)
      : source_(source), now_(now), feed_(issued(*source.chronicle, source.chronicle->issue_at_end())),
        next_(source.chronicle->next_change()) {}

  Result<std::shared_ptr<HttpContent>> build() {
    const std::vector<PromisedSet> none;
    add({"/", "text/html; charset=utf-8", now_, Duration{60}, next_},
        feed_page(feed_ ? FeedView{feed_->sets, feed_->stamp, now_, source_.public_url}
                        : FeedView{none, {}, now_, source_.public_url}, *source_.keys));
    for (const FeedFormat& format : feed_formats())
      add_signed(format.path, format.content_type, feed_ ? format.render(feed_->view(source_.public_url)) : std::nullopt);
    const Instant signs_anew = next_signing(*source_.keys, now_);
    add({"/ip-ranges/keys.json", json_type, now_, feed_max_age, signs_anew}, feed_keys_json(*source_.keys, now_));
    add({"/ip-ranges/minisign.pub", signature_type, now_, feed_max_age, signs_anew}, signing_key_file(*source_.keys, now_));
    if (failure_) return *failure_;
    add_makers();
    content_->ready = true;
    return content_;
  }

 private:
  void add(const DocumentTraits& traits, std::optional<std::string> body) {
    Result<HttpDocument> document = document_of(traits, std::move(body));
    if (!document) failure_ = document.failure();
    else content_->documents.push_back(std::move(*document));
  }

  void add_signed(std::string_view path, std::string_view type, std::optional<std::string> body) {
    const std::string signature_path = std::string(path) + std::string(signature_end);
    std::optional<std::string> signature;
    if (body && feed_) {
      auto made_now = sign_feed(*source_.keys, *body, path.substr(1), feed_->stamp, now_);
      if (!made_now) failure_ = made_now.failure();
      else signature = std::move(*made_now);
    }
    add({path, type, feed_ ? feed_->stamp.generated_at : now_, feed_max_age, next_}, std::move(body));
    if (source_.keys->empty()) return;
    add({signature_path, signature_type, now_, feed_max_age, next_signing(*source_.keys, now_)}, std::move(signature));
  }

  void add_makers() {
    const FeedSource source = source_;
    content_->on_demand = {
        maker(source, snapshots, "", next_,
              [source](std::string_view path, auto, Instant) { return snapshot(source, path); }),
        maker(source, instants, "", next_,
              [source](std::string_view path, auto, Instant at) { return at_instant(source, path, at); }),
        maker(source, changes, "since", next_,
              [source](std::string_view, auto since, Instant) { return changes_since(source, since); })};
  }

  const FeedSource& source_;
  const Instant now_;
  const std::optional<IssuedFeed> feed_;
  const std::optional<Instant> next_;
  std::shared_ptr<HttpContent> content_ = std::make_shared<HttpContent>();
  std::optional<Failure> failure_;
};

}  // namespace

Result<std::shared_ptr<HttpContent>> feed_content(const FeedSource& source, Instant now) {
  return ContentBuilder(source, now).build();
}

}  // namespace dnsd
