// The command line of udpload and tcpload.
#pragma once

#include <netinet/in.h>

#include <optional>
#include <string>

namespace dnsd::bench {

struct LoadOptions {
  sockaddr_in to{};
  std::string query_file;
  double seconds = 0;
  unsigned sockets = 4, window = 32, batch = 32, edns_size = 0;
  unsigned rate = 0;        // queries a second, whether or not answers come; 0: as fast as they come
  unsigned first_query = 0; // of the file
  bool any_answer = false;
};

// HOST PORT QUERYFILE SECONDS, then options; none where they are not understood.
std::optional<LoadOptions> parse_load_options(int argc, char** argv);

// So many sockets may be open.
void raise_descriptors(unsigned sockets);

}  // namespace dnsd::bench
