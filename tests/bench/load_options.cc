#include "load_options.h"

#include <arpa/inet.h>
#include <sys/resource.h>

#include <charconv>
#include <cstring>
#include <map>

#include "load_queries.h"

namespace dnsd::bench {
namespace {

constexpr unsigned most_open = 16384;  // of a socket; more IDs would soon come again

template <typename Number>
Number number(const char* text) {
  Number value{};
  const auto [rest, error] = std::from_chars(text, text + std::strlen(text), value);
  if (error != std::errc() || *rest != 0) fail(std::string("no number: ") + text);
  return value;
}

}  // namespace

std::optional<LoadOptions> parse_load_options(int argc, char** argv) {
  if (argc < 5) return std::nullopt;
  LoadOptions options;
  options.to.sin_family = AF_INET;
  options.to.sin_port = htons(number<uint16_t>(argv[2]));
  if (inet_pton(AF_INET, argv[1], &options.to.sin_addr) != 1) fail(std::string("no IPv4 address: ") + argv[1]);
  options.query_file = argv[3];
  options.seconds = number<double>(argv[4]);
  const std::map<std::string, unsigned*> table = {{"-s", &options.sockets}, {"-w", &options.window},
                                                  {"-b", &options.batch},   {"-e", &options.edns_size},
                                                  {"-r", &options.rate},    {"-f", &options.first_query}};
  for (int i = 5; i < argc; ++i) {
    if (std::string(argv[i]) == "-x") {
      options.any_answer = true;
      continue;
    }
    const auto option = table.find(argv[i]);
    if (option == table.end() || ++i == argc) return std::nullopt;
    *option->second = number<unsigned>(argv[i]);
  }
  if (options.sockets == 0 || options.window == 0 || options.window > most_open || options.batch == 0)
    return std::nullopt;
  return options;
}

void raise_descriptors(unsigned sockets) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t wanted = sockets + 64;
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  limit.rlim_max = std::max(limit.rlim_max, wanted);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail("so many sockets may not be open: ulimit -Hn, or run it as root");
}

}  // namespace dnsd::bench
