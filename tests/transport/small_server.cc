#include "small_server.h"

#include <netinet/tcp.h>
#include <poll.h>

#include <chrono>
#include <thread>

#include "zones/rr_types.h"

namespace dnsd::transport_test {

namespace {

using Clock = std::chrono::steady_clock;

Name name(const std::string& text) { return Name::parse(text).value(); }

bool readable_before(int fd, Clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(std::max<long>(left, 0))) == 1;
}

Zone small_zone(uint8_t last_octet) {
  ZoneBuilder builder(name("example."));
  builder.add_file("example.zone");
  uint32_t line = 0;
  const auto add = [&](const std::string& owner, uint16_t type, const Message& rdata) {
    builder.add(name(owner), type, 300, rdata, {0, 1, ++line});
  };
  Message soa = {2, 'n', 's', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0};
  soa.resize(soa.size() + 20, 1);
  add("example.", rr_type::SOA, soa);
  add("example.", rr_type::NS, {2, 'n', 's', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0});
  add("ns.example.", rr_type::A, {192, 0, 2, 53});
  add("www.example.", rr_type::A, {192, 0, 2, last_octet});
  const auto add_text = [&](const std::string& owner, int i, uint8_t octets) {
    Message text(1 + octets, static_cast<uint8_t>('a' + i % 26));
    text[0] = octets;
    text[1] = static_cast<uint8_t>('0' + i / 26);
    add(owner, rr_type::TXT, text);
  };
  for (int i = 0; i < 200; ++i) add_text("big.example.", i, 200);
  // Header and question take 30 octets, a record 12 and its text: 30 + 307 * 213 + 114 = 65535.
  for (int i = 0; i < 307; ++i) add_text("most.example.", i, 200);
  add_text("most.example.", 0, 101);
  return std::move(builder).build();
}

}  // namespace

std::unique_ptr<Snapshot> small_snapshot(uint64_t generation, uint8_t last_octet) {
  ZoneInput zone;
  zone.zone = std::make_shared<const Zone>(small_zone(last_octet));
  PoolDefinition pool;
  pool.name = "four";
  pool.cap = 2;
  for (int i = 1; i <= 4; ++i) pool.members.push_back({ip("198.51.100." + std::to_string(i)), 1, "", {}, {}});
  zone.pools.push_back(pool);
  NameRule rule;
  rule.owner = name("pool.example.");
  rule.pool = "four";
  zone.names.push_back(std::move(rule));
  SnapshotInput input;
  input.zones.push_back(std::move(zone));
  CompiledZoneCache cache;
  Result<std::unique_ptr<Snapshot>> snapshot =
      compile_snapshot(input, NameHash{1, 2}, Instant{1'800'000'000}, generation, nullptr, cache);
  EXPECT_TRUE(snapshot) << snapshot.failure().message;
  return std::move(*snapshot);
}

Message query(const std::string& asked, uint16_t type, uint16_t id) {
  Message message(12);
  store16(&message[0], id);
  message[5] = 1;
  const Name owner = name(asked);
  const Bytes wire = owner.view().wire();
  message.insert(message.end(), wire.begin(), wire.end());
  message.resize(message.size() + 4);
  store16(&message[message.size() - 4], type);
  store16(&message[message.size() - 2], rr_class::IN);
  return message;
}

uint16_t id_of(const Message& message) { return message.size() < 12 ? uint16_t{0} : load16(&message[0]); }
unsigned rcode_of(const Message& message) { return message.size() < 12 ? 99 : message[3] & 15u; }
unsigned answer_count(const Message& message) { return message.size() < 12 ? 0 : load16(&message[6]); }

Message framed(const Message& message) {
  Message frame(2 + message.size());
  store16(frame.data(), static_cast<uint16_t>(message.size()));
  std::copy(message.begin(), message.end(), frame.begin() + 2);
  return frame;
}

SmallServer::SmallServer(const std::vector<std::string>& addresses, const ServerOptions& options, unsigned workers) {
  std::vector<SocketAddress> wanted;
  for (const std::string& address : addresses) wanted.push_back({ip(address), 0});
  ListenOptions listen;
  if (options.tls) listen.tls.push_back({ip("127.0.0.1"), 0});
  listen.steer_to = options.cores;
  Result<Listeners> listeners = open_listeners(wanted, workers, listen);
  EXPECT_TRUE(listeners) << listeners.failure().message;
  publisher.publish(small_snapshot());
  Result<std::unique_ptr<Server>> started = Server::start(std::move(*listeners), publisher, options);
  EXPECT_TRUE(started) << started.failure().message;
  server = std::move(*started);
}

SmallServer::~SmallServer() { server.reset(); }

bool SmallServer::reaches(Counter counter, uint64_t value) const {
  const auto until = Clock::now() + std::chrono::seconds(5);
  while (count(counter) != value && Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return count(counter) == value;
}

bool SmallServer::settles(Counter counter) const {
  const auto until = Clock::now() + std::chrono::seconds(10);
  while (Clock::now() < until) {
    const uint64_t before = count(counter);
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    if (before > 0 && count(counter) == before) return true;
  }
  return false;
}

UdpClient::UdpClient(Family family)
    : socket_(::socket(family == Family::ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  const int octets = 1 << 20;
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
}

void UdpClient::send(const SocketAddress& to, const Message& message) {
  const PeerAddress peer(to.address, to.port);
  const ssize_t sent = ::sendto(socket_.get(), message.data(), message.size(), 0, peer.any(), peer.size());
  EXPECT_EQ(sent, static_cast<ssize_t>(message.size()));
}

Message UdpClient::receive(std::chrono::milliseconds wait) {
  if (!readable_before(socket_.get(), Clock::now() + wait)) return {};
  Message message(65536);
  PeerAddress peer;
  socklen_t size = PeerAddress::room;
  const ssize_t received = ::recvfrom(socket_.get(), message.data(), message.size(), 0, peer.any(), &size);
  message.resize(received > 0 ? static_cast<size_t>(received) : 0);
  answered_from = {peer.address(), peer.port()};
  return message;
}

TcpClient::TcpClient(const SocketAddress& to, const std::string& from)
    : socket_(::socket(to.address.family() == Family::ipv4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (!from.empty()) {
    const PeerAddress own(ip(from), 0);
    EXPECT_EQ(::bind(socket_.get(), own.any(), own.size()), 0);
  }
  const int on = 1;  // else pieces wait in the client until earlier ones are acknowledged
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const PeerAddress peer(to.address, to.port);
  EXPECT_EQ(::connect(socket_.get(), peer.any(), peer.size()), 0);
}

void TcpClient::send(const Message& octets) {
  EXPECT_EQ(::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL), static_cast<ssize_t>(octets.size()));
}

bool TcpClient::receive_exactly(uint8_t* octets, size_t n, Clock::time_point until) {
  for (size_t have = 0; have < n;) {
    if (!readable_before(socket_.get(), until)) return false;
    const ssize_t received = ::recv(socket_.get(), octets + have, n - have, 0);
    if (received <= 0) return false;
    have += static_cast<size_t>(received);
  }
  return true;
}

Message TcpClient::receive(std::chrono::milliseconds wait) {
  const auto until = Clock::now() + wait;
  uint8_t prefix[2];
  if (!receive_exactly(prefix, 2, until)) return {};
  Message message(load16(prefix));
  if (!receive_exactly(message.data(), message.size(), until)) return {};
  return message;
}

bool TcpClient::ends(std::chrono::milliseconds wait) {
  uint8_t octet;
  return readable_before(socket_.get(), Clock::now() + wait) && ::recv(socket_.get(), &octet, 1, 0) <= 0;
}

}  // namespace dnsd::transport_test
