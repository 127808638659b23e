#include "pinned_ips/feed/changes_atom.h"

#include <algorithm>
#include <tuple>

#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/moments.h"

namespace dnsd {
namespace {

struct News {
  Instant updated;
  std::string id, title, text, category;
};

std::string about(const FeedRow& row) { return to_text(row.promise->cidr) + " (" + row.set->name + ")"; }

std::string said_title(const FeedRow& row, const PromiseChange& change) {
  const std::string then = to_text(change.effective_at);
  if (change.change == "announced" && row.promise->genesis) return about(row) + " is listed";
  if (change.change == "announced") return about(row) + " is announced: may be answered from " + then;
  if (change.change == "retiring") return about(row) + " will no longer be answered from " + then;
  if (change.change == "rescheduled") return about(row) + " is rescheduled";
  if (change.change == "waived") return about(row) + " is enabled without the whole notice, from " + then;
  return about(row) + " is " + change.change;
}

std::string said_text(const FeedRow& row, const PromiseChange& change) {
  const Promise& promise = *row.promise;
  std::string text = "Entry " + promise.id + ", " + change.change + " at " + to_text(change.at) + ". ";
  if (promise.cancelled_at || promise.revoked_at) return text + "It is now " + std::string(to_text(row.state)) + ".";
  text += "It may be answered from " + to_text(promise.enabled_at);
  if (promise.last_answer_at) text += " until " + to_text(*promise.last_answer_at);
  if (promise.retired_at) text += " and may be removed from firewalls at " + to_text(*promise.retired_at);
  return text + ".";
}

// One record may say two things of a kind: they differ in when they take effect.
std::string said_id(const FeedRow& row, const PromiseChange& change) {
  return entry_uuid(*row.promise,
                    change.change + " said " + to_text(change.at) + " for " + to_text(change.effective_at));
}

std::vector<News> news(const FeedView& view) {
  std::vector<News> news;
  for (const FeedRow& row : feed_rows(view.sets, view.now))
    for (const PromiseChange& change : row.promise->changes)
      news.push_back(
          {change.at, said_id(row, change), said_title(row, change), said_text(row, change), change.change});
  for (const Moment& moment : moments(view.sets, view.now)) {
    // A revocation is said the moment it happens.
    if (moment.is_off || moment.at > view.now || moment.kind == Moment::Kind::revoked) continue;
    const std::string kind(to_text(moment.kind));
    news.push_back({moment.at, entry_uuid(*moment.row.promise, kind + " happened " + to_text(moment.at)),
                    headline(moment) + " from now on", advice(moment), kind});
  }
  std::ranges::sort(
      news, [](const News& a, const News& b) { return std::tie(b.updated, a.id) < std::tie(a.updated, b.id); });
  return news;
}

std::string element(std::string_view name, std::string_view text) {
  std::string xml = "<" + std::string(name) + ">";
  return xml + html_escaped(text) + "</" + std::string(name) + ">\n";
}

std::string entry(const News& one) {
  return "<entry>\n" + element("id", "urn:uuid:" + one.id) + element("title", one.title) +
         element("updated", to_text(one.updated)) + "<category term=\"" + html_escaped(one.category) + "\"/>\n" +
         "<link rel=\"alternate\" type=\"text/html\" href=\"../\"/>\n" + element("summary", one.text) + "</entry>\n";
}

}  // namespace

std::optional<std::string> changes_atom(const FeedView& view) {
  const std::vector<News> entries = news(view);
  if (entries.empty()) return std::nullopt;
  const std::string url(view.public_url);
  std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";
  xml += element("id", "urn:uuid:" + name_uuid("urn:ip-ranges:changes " + url));
  xml += element("title", "Changes of pinned addresses");
  xml += element("updated", to_text(view.stamp.generated_at));
  xml +=
      "<author><name>" + html_escaped(url.empty() ? "dnsd" : url.substr(url.find("//") + 2)) + "</name></author>\n";
  if (!url.empty())
    xml += "<link rel=\"self\" type=\"application/atom+xml\" href=\"" + html_escaped(url) +
           "/ip-ranges/changes.atom\"/>\n";
  for (const News& one : entries) xml += entry(one);
  return xml + "</feed>\n";
}

}  // namespace dnsd
