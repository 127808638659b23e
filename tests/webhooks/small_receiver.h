// An HTTP server of a few lines that takes webhooks and answers as a test says. A thread for each connection, one
// request a connection. Thread safety: all functions may be called from any thread.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/file_descriptor.h"

namespace dnsd::testing {

struct ReceivedHook {
  std::string line;                            // "POST /hook HTTP/1.1"
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

class SmallReceiver {
 public:
  // Gives the whole response; may take its time. Of the connections, many are answered at once.
  using Answer = std::function<std::string(const ReceivedHook&)>;
  explicit SmallReceiver(Answer answer);
  ~SmallReceiver();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  std::vector<ReceivedHook> received() const;
  std::vector<std::string> ids() const;
  // Most requests that were being answered at one time.
  size_t most_at_once() const;

 private:
  void accept_all();
  void serve(int socket);

  const Answer answer_;
  FileDescriptor listener_;
  uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<ReceivedHook> received_;
  size_t at_once_ = 0, most_at_once_ = 0;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

std::string response(const std::string& status, const std::string& headers = "", const std::string& body = "");

}  // namespace dnsd::testing
