#include "pinned_ips/feed/page_howto.h"

#include <algorithm>

#include "pinned_ips/feed/feed_text.h"
#include "pinned_ips/feed/formats.h"
#include "pinned_ips/feed/ipset.h"
#include "pinned_ips/feed/page_html.h"
#include "pinned_ips/feed/prefix_sets.h"

namespace dnsd {
namespace {

// What each view is for, by the name of its row in the table of formats; what is not here is found beside its kin.
struct Purpose {
  std::string_view name, words;
};
constexpr Purpose purposes[] = {
    {"json", "everything, for programs"},
    {"schema", "its JSON Schema"},
    {"allow", "a prefix a line: what to allow now (also allow-v4.txt and allow-v6.txt, as all lists)"},
    {"current", "what may be answered now"},
    {"next", "what may be answered after the next change"},
    {"removable", "what may be removed"},
    {"aws", "in the form of AWS, for Terraform and Ansible"},
    {"checkpoint", "for a Check Point Generic Data Center"},
    {"nftables", "for nft -f"},
    {"ipset", "for ipset restore"},
    {"geofeed", "prefixes without a location (RFC 8805)"},
    {"schedule", "changes to come, for a calendar"},
    {"atom", "changes as they are announced, for a feed reader, mail or chat"},
};

// The set that examples name: the one with the most to be allowed.
std::string example_set(const FeedView& view) {
  std::string_view set = "proxy";
  size_t most = 0;
  for (const PromisedSet& one : view.sets) {
    const size_t size = allowed_rows({&one, 1}, view.now).size();
    if (size > most) set = one.name;
    most = std::max(most, size);
  }
  return std::string(set);
}

std::string base_url(const FeedView& view) {
  return view.public_url.empty() ? "https://THIS-HOST" : std::string(view.public_url);
}

// "@" in the text stands for the place of the feed, "%" for the set that is shown as an example.
std::string filled(std::string_view text, const FeedView& view, std::string_view set) {
  std::string result;
  for (const char c : text) {
    if (c == '@')
      result += base_url(view);
    else if (c == '%')
      result += set;
    else
      result += c;
  }
  return result;
}

struct Recipe {
  std::string_view name, before, text;
};

constexpr Recipe recipes[] = {
    {"Any list reader (Palo Alto, Fortinet, OPNsense, pfSense …)",
     "A URL with a prefix a line. Where families have to be apart, take allow-v4.txt and allow-v6.txt.",
     "@/ip-ranges/allow.txt"},
    {"Palo Alto Networks: external dynamic list", "PAN-OS, from the command line:",
     "set external-list pinned type ip url @/ip-ranges/allow.txt\n"
     "set external-list pinned type ip recurring five-minute"},
    {"Fortinet: threat feed", "FortiOS, from the command line:",
     "config system external-resource\n    edit \"pinned\"\n        set type address\n"
     "        set resource \"@/ip-ranges/allow.txt\"\n        set refresh-rate 5\n    next\nend"},
    {"Check Point: Generic Data Center", "R81 and later, on the management server:",
     "mgmt_cli add data-center-server name pinned type generic \\\n    url @/ip-ranges/checkpoint.json interval 300"},
    {"Cisco Secure Firewall: security intelligence feed",
     "Objects › Security Intelligence › Network Lists and Feeds › Add, with type Feed and this URL; then put it on a "
     "Do-Not-Block list:",
     "@/ip-ranges/allow.txt"},
    {"AWS security group by Terraform", "The provider reads this feed as it reads that of AWS:",
     "data \"aws_ip_ranges\" \"pinned\" {\n  url      = \"@/ip-ranges/aws.json\"\n  services = [\"%\"]\n}\n\n"
     "resource \"aws_security_group_rule\" \"pinned\" {\n  type              = \"egress\"\n"
     "  security_group_id = aws_security_group.client.id\n  protocol          = \"tcp\"\n  from_port         = 443\n"
     "  to_port           = 443\n  cidr_blocks       = data.aws_ip_ranges.pinned.cidr_blocks\n"
     "  ipv6_cidr_blocks  = data.aws_ip_ranges.pinned.ipv6_cidr_blocks\n}"},
};

std::string recipe_html(std::string_view name, std::string_view before, const std::string& commands) {
  return "<details><summary>" + html_escaped(name) + "</summary>\n<p>" + html_escaped(before) +
         "</p>\n<pre tabindex=\"0\"><code>" + html_escaped(commands) + "</code></pre>\n</details>\n";
}

// A rule can name sets of its own table alone, and what one table accepts another may still drop.
std::string nftables_recipe(std::string_view set) {
  return "curl --fail --silent --show-error --output /etc/pinned.nft @/ip-ranges/nftables.nft &&\n"
         "    sed 's/inet ip_ranges/inet filter/' /etc/pinned.nft | nft -f -\n\n"
         "# once, in that table of yours (here inet filter, chain output)\n"
         "nft add rule inet filter output ip daddr @" +
         filter_name(set) +
         "_v4 tcp dport 443 accept\n"
         "nft add rule inet filter output ip6 daddr @" +
         filter_name(set) + "_v6 tcp dport 443 accept";
}

std::string ipset_recipe(std::string_view set) {
  return "curl --fail --silent --show-error --output /etc/pinned.ipset @/ip-ranges/ipset.txt &&\n"
         "    ipset restore -file /etc/pinned.ipset\n\n# once\n"
         "iptables -A OUTPUT -p tcp --dport 443 -m set --match-set " +
         ipset_name(set, Family::ipv4) +
         " dst -j ACCEPT\n"
         "ip6tables -A OUTPUT -p tcp --dport 443 -m set --match-set " +
         ipset_name(set, Family::ipv6) + " dst -j ACCEPT";
}

}  // namespace

std::string subscribe_html(const FeedView& view, const FeedKeys& keys) {
  HtmlTable table(keys.empty()
                      ? "All documents."
                      : "All documents. Each has a signature beside it, with .minisig at the end of its name.",
                  {"Address", "What it is for"});
  for (const Purpose& purpose : purposes) {
    const FeedFormat* format = find_feed_format(purpose.name);
    const std::string path(format->path);
    table.add({"<a href=\"" + path.substr(1) + "\"><code>" + path + "</code></a>", html_escaped(purpose.words)});
  }
  const std::string url = html_escaped(base_url(view));
  return "<ul>\n<li>For people: <a href=\"ip-ranges/changes.atom\">Atom</a> for what is announced, "
         "<a href=\"ip-ranges/schedule.ics\">iCalendar</a> for what is to come.</li>\n"
         "<li>For programs: ask for a document every " +
         std::to_string(feed_max_age.seconds / 60) +
         " minutes and send its ETag back: an unchanged one is then an empty 304. When it cannot be fetched, keep "
         "the "
         "last good copy; an answer is never an empty list.</li>\n"
         "<li>To be told: webhooks by the Standard Webhooks specification, and what happened since a serial at "
         "<code>" +
         url + "/ip-ranges/changes.json?since=" + std::to_string(view.stamp.serial) + "</code>.</li>\n</ul>\n" +
         table.html();
}

std::string firewalls_html(const FeedView& view) {
  const std::string set = example_set(view);
  // Their own "@" is nftables' way to name a set: only the first of these is a place.
  std::string nftables = nftables_recipe(set), ipset = ipset_recipe(set);
  nftables.replace(nftables.find("@/"), 1, base_url(view));
  ipset.replace(ipset.find("@/"), 1, base_url(view));
  std::string html = recipe_html("Linux: nftables", "In a timer, every five minutes or so:", nftables) +
                     recipe_html("Linux: iptables with ipset", "In a timer, every five minutes or so:", ipset);
  for (const Recipe& recipe : recipes)
    html += recipe_html(recipe.name, recipe.before, filled(recipe.text, view, set));
  return html;
}

std::string verify_html(const FeedView& view, const FeedKeys& keys) {
  const FeedKey* signing = keys.signing_at(view.now);
  if (!signing) return "<p>This feed is not signed.</p>\n";
  const std::string url = base_url(view);
  std::string html =
      "<p>Every document is signed; minisign, a small program, checks it. The trusted comment of a signature says "
      "the "
      "serial, the name of the document and until when the signature counts: refuse what is older than "
      "what you have, and what has expired.</p>\n<pre tabindex=\"0\"><code>" +
      html_escaped("curl --fail --remote-name-all " + url + "/ip-ranges.json " + url + "/ip-ranges.json.minisig\n" +
                   "minisign -Vm ip-ranges.json -P " + key_text(signing->key.public_key)) +
      "</code></pre>\n";
  HtmlTable table("Keys, also in ip-ranges/keys.json. A new one is listed 14 days before it signs.",
                  {"Key", "Signs from", "Listed until", "Public key"});
  for (const FeedKey* key : keys.published_at(view.now)) {
    const std::optional<Instant> until = keys.published_until(*key);
    table.add({code_html(key_id_text(key->key.public_key)) + (key == signing ? " (signs now)" : ""),
               time_html(keys.signs_from(*key)), until ? time_html(*until) : std::string(),
               code_html(key_text(key->key.public_key))});
  }
  return html + table.html();
}

}  // namespace dnsd
