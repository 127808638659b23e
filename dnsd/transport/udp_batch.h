// Room for a batch of datagrams and for the answers to them, with the system calls that fill and send it.
//
// Queries have a slot each; answers stand close together, one after the other, in the order of the queries. The
// message headers are built once: before a batch only those that the last one used are set back. Answers to one peer
// leave together where they are equally long; reply_runs.h says by which rule.
// Thread safety: belongs to one thread. No allocation after construction.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "dnsd/answer/batch.h"
#include "dnsd/answer/respond.h"
#include "dnsd/transport/counters.h"
#include "dnsd/transport/peer_address.h"
#include "dnsd/transport/reply_runs.h"

namespace dnsd {

class UdpBatch {
 public:
  static constexpr unsigned width = ReplyRuns::most_replies;
  static_assert(width <= QueryBatch::width);
  static constexpr size_t query_room = 2048;  // a query of more octets is cut, and dropped

  UdpBatch();
  UdpBatch(const UdpBatch&) = delete;
  UdpBatch& operator=(const UdpBatch&) = delete;

  // Takes up to `width` datagrams that wait; how many. 0: none wait, or an error. `segmenting`: whether the answers to
  // them may leave together (see send()).
  unsigned receive(int fd, bool segmenting = false);

  // Of the datagrams received, index < the number of the last receive().
  Bytes query(unsigned index) const { return {slot(index), received_[index].msg_len}; }
  bool is_cut(unsigned index) const { return received_[index].msg_hdr.msg_flags & MSG_TRUNC; }
  const PeerAddress& peer(unsigned index) const { return peers_[index]; }

  // Room for the next answer, at least max_udp_response octets.
  MutableBytes room() { return MutableBytes(answers_).subspan(answers_end_); }
  // The answer to query `index` has been put to the start of room(); it leaves from the address that was asked.
  // Once at most for each query.
  void reply(unsigned index, size_t octets);
  // Sends the answers, skipping those whose destination the kernel refuses. Of one larger than the way out allows only
  // what cut_answer() leaves is sent, so that the client asks again over TCP. A send of several that the kernel refuses
  // is repeated one by one. False: the kernel cannot segment on this way at all (EIO: the device or IPsec); then the
  // socket should not be asked again.
  bool send(int fd, Counters& counters);

 private:
  // Slots are a cache line more than 2 KiB apart: at exactly 2 KiB they would all compete for the same few lines.
  static constexpr size_t stride = query_room + 64;
  static constexpr size_t packet_info_room = CMSG_SPACE(sizeof(in6_pktinfo));
  // One IP_PKTINFO or IPV6_PKTINFO.
  union Control {
    cmsghdr header;
    std::array<uint8_t, packet_info_room> octets;
  };
  // The same, or nothing, and a UDP_SEGMENT.
  union RunControl {
    cmsghdr header;
    std::array<uint8_t, packet_info_room + CMSG_SPACE(sizeof(uint16_t))> octets;
  };

  const uint8_t* slot(unsigned index) const { return &queries_[index * stride]; }
  void note_peer(unsigned reply);
  bool goes_together(unsigned one, unsigned other) const;
  void join_replies();
  void segment(msghdr& out, RunControl& control, uint16_t octets);
  void transmit(int fd, std::span<mmsghdr> messages, Counters& counters);
  void transmit_one_by_one(int fd, const msghdr& run, Counters& counters);
  static bool cut(iovec& place, Counters& counters);
  static void keep_source_only(cmsghdr& header, const PeerAddress& peer);

  std::vector<uint8_t> queries_;
  std::vector<uint8_t> answers_;
  size_t answers_end_ = 0;
  unsigned used_ = 0;        // headers the last receive() changed
  unsigned messages_ = 0;    // headers of sent_ in use: one for each reply, then one for each run
  bool segmenting_ = false;  // in this batch
  unsigned joined_ = 0;      // answers that leave with others
  PeersSeen peers_seen_;
  ReplyRuns runs_;
  std::array<mmsghdr, width> received_{};
  std::array<mmsghdr, width> sent_{};
  std::array<uint8_t, width> asked_{};   // by reply: the query
  std::array<mmsghdr, width> single_{};  // the answers of a run that is repeated
  std::array<iovec, width> query_places_{};
  std::array<iovec, width> answer_places_{};  // by reply
  std::array<iovec, width> run_places_{};     // the same, in the order of the runs
  std::array<PeerAddress, width> peers_;
  std::array<Control, width> controls_{};
  std::array<RunControl, width> run_controls_{};
};

}  // namespace dnsd
