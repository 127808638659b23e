// Loaded into a program before its libraries (LD_PRELOAD): its clocks are those of the file $PRETENDED_CLOCK, which a test
// moves while the program runs (tests/system/pretended_clock.py).
//
//   the wall clock      stands still at the instant of the file: what is asked of it is the same on a slow machine
//   monotonic clocks    go on by themselves, so that timers fire, ahead of the real ones by what the file says
//
// Thread safety: any thread; the two numbers are read one by one, so a reader may see half of a move.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

constexpr int64_t second = 1'000'000'000;

struct Clock {
  std::atomic<int64_t> wall;   // nanoseconds since 1970
  std::atomic<int64_t> ahead;  // nanoseconds
};

const Clock* mapped() {
  const char* path = ::getenv("PRETENDED_CLOCK");
  const int fd = path ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
  void* at = fd < 0 ? MAP_FAILED : ::mmap(nullptr, sizeof(Clock), PROT_READ, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) ::_exit(99);  // nobody may take the real time for the pretended one
  ::close(fd);
  return static_cast<const Clock*>(at);
}

const Clock& pretended() {
  static const Clock* const clock = mapped();
  return *clock;
}

bool is_wall(clockid_t id) { return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE || id == CLOCK_TAI; }

bool is_monotonic(clockid_t id) {
  return id == CLOCK_MONOTONIC || id == CLOCK_MONOTONIC_COARSE || id == CLOCK_MONOTONIC_RAW || id == CLOCK_BOOTTIME;
}

int real_gettime(clockid_t id, timespec* out) {
  using Gettime = int (*)(clockid_t, timespec*);
  static const Gettime real = reinterpret_cast<Gettime>(::dlsym(RTLD_NEXT, "clock_gettime"));
  return real(id, out);
}

timespec in_seconds(int64_t nanoseconds) { return {nanoseconds / second, static_cast<long>(nanoseconds % second)}; }

}  // namespace

extern "C" {

int clock_gettime(clockid_t id, timespec* out) noexcept {
  if (is_wall(id)) {
    *out = in_seconds(pretended().wall.load());
    return 0;
  }
  const int done = real_gettime(id, out);
  if (done == 0 && is_monotonic(id)) *out = in_seconds(out->tv_sec * second + out->tv_nsec + pretended().ahead.load());
  return done;
}

time_t time(time_t* out) noexcept {
  const time_t now = pretended().wall.load() / second;
  if (out) *out = now;
  return now;
}

int gettimeofday(timeval* out, void*) noexcept {
  const timespec now = in_seconds(pretended().wall.load());
  *out = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

}
