#include "dnsd/control/control_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <thread>

#include "temporary_folder.h"

namespace dnsd {
namespace {

// What a client gets that sends `parts` one after the other.
std::string ask(const std::string& path, const std::vector<std::string>& parts) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  std::string answer;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    for (const std::string& part : parts) {
      (void)!::send(fd, part.data(), part.size(), MSG_NOSIGNAL);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    char buffer[4096];
    for (ssize_t n; (n = ::read(fd, buffer, sizeof buffer)) > 0;) answer.append(buffer, static_cast<size_t>(n));
  }
  ::close(fd);
  return answer;
}

class Socket : public ::testing::Test {
 protected:
  Socket() { uv_loop_init(&loop); }
  ~Socket() override {
    uv_run(&loop, UV_RUN_DEFAULT);
    EXPECT_EQ(uv_loop_close(&loop), 0);
  }

  // Runs the client on a thread of its own until it is done, the socket on this one.
  std::string run(const std::vector<std::string>& parts) {
    std::string answer;
    std::atomic<bool> done = false;
    std::thread client([&] {
      answer = ask(folder / "c.sock", parts);
      done = true;
    });
    while (!done) uv_run(&loop, UV_RUN_NOWAIT);
    client.join();
    return answer;
  }

  testing::TemporaryFolder folder;
  uv_loop_t loop{};
};

TEST_F(Socket, OneLineInOneLineOut) {
  ControlSocket socket(&loop, [](std::string_view line) { return "<" + std::string(line) + ">"; }, 200);
  ASSERT_TRUE(socket.listen(folder / "c.sock"));
  struct stat info {};
  ASSERT_EQ(::stat((folder / "c.sock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(run({"hello\n"}), "<hello>\n");
  EXPECT_EQ(run({"hel", "lo", "\nmore"}), "<hello>\n");
  EXPECT_EQ(run({"no newline"}).size(), 0u) << "cut off after its time";
  EXPECT_EQ(run({std::string(5000, 'x')}), "") << "a line that is too long";
  socket.close();
  uv_run(&loop, UV_RUN_DEFAULT);
  EXPECT_NE(::access((folder / "c.sock").c_str(), F_OK), 0);
}

TEST_F(Socket, LongAnswerArrivesWhole) {
  const std::string big(1 << 20, 'a');
  ControlSocket socket(&loop, [&](std::string_view) { return big; });
  ASSERT_TRUE(socket.listen(folder / "c.sock"));
  EXPECT_EQ(run({"x\n"}), big + "\n");
  socket.close();
  uv_run(&loop, UV_RUN_DEFAULT);
}

TEST_F(Socket, PathTooLong) {
  ControlSocket socket(&loop, [](std::string_view) { return std::string(); });
  const Status status = socket.listen(folder / std::string(200, 'p'));
  ASSERT_FALSE(status);
  EXPECT_NE(status.failure().message.find("too long"), std::string::npos);
  socket.close();
}

}  // namespace
}  // namespace dnsd
